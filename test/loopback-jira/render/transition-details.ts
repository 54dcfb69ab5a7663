// The transitions that an issue offers to a caller, as answers show them. Without the permission there are none,
// which looks exactly like a workflow with no way out.
import { may, type Caller } from '../accounts.ts';
import type { IssueRecord, TransitionRecord } from '../model.ts';
import type { Site } from '../site.ts';
import { fieldMetadata } from './field-metadata.ts';
import { statusDetails } from './site-things.ts';

export function offered(site: Site, caller: Caller, issue: IssueRecord): TransitionRecord[] {
  if (!may(caller, 'transition')) return [];
  return site.state
    .workflowOf(issue)
    .transitions.filter(
      ({ from, permitted }) => permitted && (from === 'any' || from.includes(issue.statusId)),
    );
}

export function transitionDetails(
  site: Site,
  caller: Caller,
  issue: IssueRecord,
  withFields: boolean,
  transitions: readonly TransitionRecord[] = offered(site, caller, issue),
): Record<string, unknown>[] {
  return transitions.map(({ id, name, from, to, screen, permitted }) => ({
    id,
    name,
    to: statusDetails(site, site.state.need(site.state.statuses, to)),
    hasScreen: screen.length > 0,
    isGlobal: from === 'any',
    isInitial: false,
    isAvailable: permitted && (from === 'any' || from.includes(issue.statusId)),
    isConditional: false,
    looped: from !== 'any' && from.includes(to),
    ...(withFields
      ? {
          fields: Object.fromEntries(
            screen.map((field) => [field.fieldId, fieldMetadata(site, field, issue.projectId)]),
          ),
        }
      : {}),
  }));
}
