// Carries out what the core orders. A `save` is awaited; everything else is started and comes back as exactly
// one event. Nothing here decides anything.

import {
  canCount,
  canStreamCandidates,
  type ControlAnswer,
  type Effect,
  type EffectId,
  type EventBody,
  type Issue,
  type TrackerAdapter,
} from '../contract/index.ts';
import { messageOf, trackerFailure } from './failures.ts';
import { createLimit } from '../contract/limit.ts';
import type { DaemonParts } from './ports.ts';
import type { Saves } from './saves.ts';
import type { Timers } from './timers.ts';

/** By-id looks that may be under way at once: parks and retries may come in hundreds. */
const CONCURRENT_LOOKS = 16;

export interface EffectsParts extends DaemonParts {
  readonly saves: Saves;
  readonly timers: Timers;
  readonly post: (body: EventBody) => void;
  readonly tell: (effect: Extract<Effect, { kind: 'tell' }>) => void;
  readonly answer: (controlId: string, answer: ControlAnswer) => void;
  readonly finish: () => void;
  /** Aborted when the daemon has finished. */
  readonly signal: AbortSignal;
}

export type PerformEffects = (effects: readonly Effect[]) => Promise<void> | null;

export function createEffects(parts: EffectsParts): PerformEffects {
  const { post, signal, tracker, timers } = parts;
  const looks = createLimit(CONCURRENT_LOOKS);
  const pages = createCandidatePages(parts);

  /** Answers with what the call gives, or with its failure. */
  function ask<T>(effectId: EffectId, call: () => Promise<T>, answered: (value: T) => EventBody): void {
    call().then(
      (value) => {
        post(answered(value));
      },
      (error: unknown) => {
        post({ kind: 'fetch_failed', effectId, failure: trackerFailure(error, tracker) });
      },
    );
  }

  function tryWrite(effectId: EffectId, call: () => Promise<void>): void {
    call().then(
      () => {
        post({ kind: 'write_done', effectId });
      },
      (error: unknown) => {
        post({ kind: 'write_failed', effectId, failure: trackerFailure(error, tracker) });
      },
    );
  }

  function start(effect: Exclude<Effect, { kind: 'save' }>): void {
    const effectId = effect.id;
    switch (effect.kind) {
      case 'tell':
        return parts.tell(effect);
      case 'arm_timer':
        return timers.arm(effect.timer, effect.dueAtMs);
      case 'disarm_timer':
        return timers.disarm(effect.timer);
      case 'fetch_states':
        return ask(
          effectId,
          () => tracker.fetchIssueStatesByIds(effect.issueIds, signal),
          (states) => ({ kind: 'states_fetched', effectId, states: toRecord(states) }),
        );
      case 'fetch_states_by_identifier':
        return ask(
          effectId,
          () => tracker.fetchIssueStatesByIdentifiers(effect.identifiers, signal),
          (states) => ({ kind: 'states_fetched', effectId, states: toRecord(states) }),
        );
      case 'fetch_candidates':
        return ask(
          effectId,
          () => pages.next(effect.cursor),
          (page) => ({ kind: 'candidates_fetched', effectId, ...page }),
        );
      case 'count_handoff':
        return ask(
          effectId,
          () => countIssues(tracker, effect.state, signal),
          (count) => ({ kind: 'handoff_counted', effectId, count }),
        );
      case 'answer_control':
        parts.answer(effect.controlId, effect.answer);
        return post({ kind: 'effect_done', effectId });
      case 'fetch_issue':
        return ask(
          effectId,
          () => looks(() => findIssue(parts, effect.issueId)),
          (issue) => ({ kind: 'issue_fetched', effectId, issue }),
        );
      case 'run_preflight':
        void parts.preflight().then((problems) => {
          post({ kind: 'preflight_done', effectId, problems });
        });
        return;
      case 'start_run':
        return startRun(parts, effect);
      case 'stop_run':
        void parts.executor
          .cancel({ runId: effect.runId, issueId: effect.issueId }, effect.reason)
          .catch((error: unknown) => {
            parts.log.error('cancelling a run failed', { run_id: effect.runId, error: messageOf(error) });
          })
          .then(() => {
            post({ kind: 'effect_done', effectId });
          });
        return;
      case 'transition_issue':
        return tryWrite(effectId, () => parts.writer.transition(effect, signal));
      case 'comment_issue':
        return tryWrite(effectId, () => parts.writer.comment(effect, signal));
      case 'label_issue':
        return tryWrite(effectId, () => parts.writer.label(effect, signal));
      case 'remove_workspace':
        void parts.removeWorkspace(effect).then(
          () => {
            post({ kind: 'workspace_removed', effectId });
          },
          (error: unknown) => {
            post({ kind: 'workspace_not_removed', effectId, message: messageOf(error) });
          },
        );
        return;
      case 'finish':
        return parts.finish();
    }
  }

  /** `save` splits the step: what comes after it happens only when it is durable. */
  async function performFrom(effects: readonly Effect[], from: number): Promise<void> {
    for (let index = from; index < effects.length; index += 1) {
      const effect = effects[index];
      if (effect === undefined) break;
      if (effect.kind !== 'save') {
        start(effect);
        continue;
      }
      const message = await parts.saves.save(effect.writes);
      if (message === null) continue;
      const cancelled = effects.slice(index + 1).map(({ id }) => id);
      post({ kind: 'store_failed', effectId: effect.id, cancelled, message });
      return;
    }
  }

  return (effects) => {
    const firstSave = effects.findIndex(({ kind }) => kind === 'save');
    if (firstSave !== -1) return performFrom(effects, 0);
    for (const effect of effects) if (effect.kind !== 'save') start(effect);
    return null;
  };
}

function startRun(parts: EffectsParts, effect: Extract<Effect, { kind: 'start_run' }>): void {
  const { settings, prompt, secretEnvNames } = parts.workflow.current();
  const { runId } = effect.spec;
  const failed = (message: string): void => {
    parts.post({
      kind: 'run_ended',
      runId,
      exit: { kind: 'failed', failure: { kind: 'executor_busy', message } },
    });
  };
  if (settings.agent.kind !== effect.spec.agentKind) {
    // A reload came between the decision and its effect: the core decides again, by the settings in force.
    return failed(`agent.kind is ${settings.agent.kind} by now, not ${effect.spec.agentKind}`);
  }
  parts.executor.submit({ ...effect.spec, settings, prompt, secretEnvNames }).then(
    (answer) => {
      if (answer !== 'accepted') failed(`the run was not accepted: ${answer}`);
    },
    (error: unknown) => {
      failed(`the run was not accepted: ${messageOf(error)}`);
    },
  );
}

/** Whoever sets a limit without this capability is refused at the start; a reload may only add what exists. */
async function countIssues(tracker: TrackerAdapter, state: string, signal: AbortSignal): Promise<number> {
  if (!canCount(tracker)) throw new Error('this tracker cannot count: set tracker.max_in_handoff to 0');
  return tracker.countIssuesByStates([state], signal);
}

/** null = the tracker has no such issue. */
async function findIssue({ tracker, signal }: EffectsParts, issueId: string): Promise<Issue | null> {
  try {
    return await tracker.fetchIssueById(issueId, signal);
  } catch (error) {
    if (trackerFailure(error, tracker).kind === 'tracker_not_found') return null;
    throw error;
  }
}

interface CandidatePage {
  readonly issues: readonly Issue[];
  readonly nextCursor: string | null;
  readonly ordered: boolean;
}

/** Page by page where the adapter can; otherwise everything is one page. */
function createCandidatePages({ tracker, signal }: EffectsParts) {
  let pages: AsyncIterator<readonly Issue[]> | null = null;
  return {
    async next(cursor: string | null): Promise<CandidatePage> {
      if (!canStreamCandidates(tracker)) {
        return { issues: await tracker.fetchCandidateIssues(signal), nextCursor: null, ordered: false };
      }
      if (cursor === null) {
        // The last read stopped early when its slots were filled: let it close what it holds.
        void pages?.return?.().catch(() => undefined);
        pages = tracker.streamCandidateIssues(signal)[Symbol.asyncIterator]();
      }
      const page = await pages?.next();
      if (page === undefined || page.done === true) {
        pages = null;
        return { issues: [], nextCursor: null, ordered: true };
      }
      return { issues: page.value, nextCursor: 'next', ordered: true };
    },
  };
}

function toRecord(states: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(states);
}
