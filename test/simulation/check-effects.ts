// Effects and answers: no id is ever used twice, every effect gets at most one answer and of its own kind, and once shutdown
// has begun nothing is started any more.

import type { EffectId, EffectKind, EventKind } from '../../src/contract/index.ts';
import type { Fail, Observation } from './observation.ts';

const ANSWERS: Readonly<Partial<Record<EffectKind, readonly EventKind[]>>> = {
  fetch_states: ['states_fetched', 'fetch_failed'],
  fetch_states_by_identifier: ['states_fetched', 'fetch_failed'],
  run_preflight: ['preflight_done'],
  count_handoff: ['handoff_counted', 'fetch_failed'],
  fetch_candidates: ['candidates_fetched', 'fetch_failed'],
  fetch_issue: ['issue_fetched', 'fetch_failed'],
  stop_run: ['effect_done'],
  answer_control: ['effect_done'],
  transition_issue: ['write_done', 'write_failed'],
  comment_issue: ['write_done', 'write_failed'],
  label_issue: ['write_done', 'write_failed'],
  remove_workspace: ['workspace_removed', 'workspace_not_removed'],
};

/** What begins something. Ending, saving, telling and timers are allowed until the end. */
const STARTS: ReadonlySet<EffectKind> = new Set<EffectKind>([
  'fetch_states',
  'fetch_states_by_identifier',
  'run_preflight',
  'count_handoff',
  'fetch_candidates',
  'fetch_issue',
  'start_run',
  'transition_issue',
  'comment_issue',
  'label_issue',
  'remove_workspace',
]);

export interface EffectsCheck {
  take(observation: Observation): void;
  /** Effects whose answer is still owed. */
  open(): number;
  /** The daemon died: nothing is owed any more. */
  forget(): void;
}

export function createEffectsCheck(fail: Fail): EffectsCheck {
  const open = new Map<EffectId, EffectKind>();
  let lastId = 0;
  /** The one that is to end the daemon. */
  let finishId: EffectId | null = null;

  return {
    open: () => open.size,
    forget() {
      open.clear();
      lastId = 0;
      finishId = null;
    },
    take({ event, effects, before }) {
      if (event.kind === 'store_failed') for (const id of event.cancelled) open.delete(id);
      else if ('effectId' in event) {
        const kind = open.get(event.effectId);
        if (kind === undefined) fail(`effect ${event.effectId} was answered twice, or never ordered`);
        else if (ANSWERS[kind]?.includes(event.kind) !== true) fail(`${kind} was answered by ${event.kind}`);
        open.delete(event.effectId);
      }
      const ids = effects.map(({ id }) => id);
      if (new Set(ids).size < ids.length || ids.some((id) => id <= lastId))
        fail('an effect id is used twice');
      lastId = Math.max(lastId, ...ids);
      for (const { id, kind } of effects) {
        if (ANSWERS[kind] !== undefined) open.set(id, kind);
        if (kind === 'finish') {
          const lost = event.kind === 'store_failed' && event.cancelled.some((one) => one === finishId);
          if (finishId !== null && !lost) fail('the end was ordered twice');
          finishId = id;
        }
        const over = before.mode === 'draining' || event.kind === 'shutdown_requested';
        if (over && STARTS.has(kind)) fail(`${kind} was ordered after shutdown began`);
        if (before.mode === 'finished' && kind !== 'finish' && kind !== 'answer_control')
          fail(`${kind} was ordered after the end`);
      }
    },
  };
}
