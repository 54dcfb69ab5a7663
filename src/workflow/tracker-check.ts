// Whether the tracker can do what the settings ask of it. Asked by feature: an adapter that lacks one is refused
// here, at start, at a reload and by `sortie validate`, and not at the first issue in the middle of the night.

import { dirname } from 'node:path';
import type { Workflow, WorkflowProblem } from '../contract/settings.ts';
import type { TrackerAdapter, TrackerContext, TrackerRegistration } from '../contract/tracker.ts';
import { canComment, canCount, canEditComments, canLabel } from '../contract/tracker-capabilities.ts';
import { toolWarnings } from './tool-abilities.ts';

/** What an adapter is built from. */
export function trackerContext({ settings, path }: Workflow, warn: TrackerContext['warn']): TrackerContext {
  const { tracker } = settings;
  return {
    kind: tracker.kind,
    endpoint: tracker.endpoint,
    apiKey: tracker.apiKey,
    project: tracker.project,
    queryFilter: tracker.queryFilter,
    activeStates: tracker.activeStates,
    terminalStates: tracker.terminalStates,
    richText: tracker.richText,
    settings: tracker.block,
    workflowDirectory: dirname(path),
    warn,
  };
}

/** Errors for what cannot work, warnings for what will disappoint. */
export function checkTracker(
  workflow: Workflow,
  registration: TrackerRegistration,
  adapter: TrackerAdapter,
): WorkflowProblem[] {
  const { comments, handoffState, maxInHandoff, parkLabel, kind } = workflow.settings.tracker;
  const commentsAsked = comments.onDispatch || comments.onCompletion || comments.onFailure;
  const lacks: readonly (readonly [asked: boolean, able: boolean, field: string, what: string])[] = [
    [commentsAsked, canComment(adapter), 'comments', 'cannot comment; switch the comments off'],
    [
      comments.style === 'living',
      canComment(adapter) && canEditComments(adapter),
      'comments.style',
      'cannot edit comments; use style: plain',
    ],
    [maxInHandoff > 0, canCount(adapter), 'max_in_handoff', 'cannot count issues; take the key out'],
    [parkLabel !== '', canLabel(adapter), 'park_label', 'cannot label issues; take the key out'],
  ];
  const errors = lacks
    .filter(([asked, able]) => asked && !able)
    .map(([, , field, what]): WorkflowProblem => ({
      severity: 'error',
      check: `config.tracker.${field}`,
      message: `${workflow.path}: tracker.${field}: the tracker adapter "${kind}" ${what}`,
    }));
  const context = trackerContext(workflow, () => undefined);
  const warnings = (registration.warnings?.(context) ?? []).map((text): WorkflowProblem => ({
    severity: 'warning',
    check: 'tracker_adapter',
    message: `${workflow.path}: ${text}`,
  }));
  if (handoffState === '' && workflow.settings.agent.maxSessions === 0) warnings.unshift(noEnd(workflow));
  return [...errors, ...warnings, ...toolWarnings(workflow, adapter)];
}

function noEnd({ path }: Workflow): WorkflowProblem {
  const what = 'an issue that stays active after its run is worked on again and again, without a limit';
  const message = `${path}: tracker.handoff_state is not set: ${what}; set it, or agent.max_sessions`;
  return { severity: 'warning', check: 'config.tracker.handoff_state', message };
}
