// An answer about many issues may judge a run only if it is the run that was asked about and no write of ours to
// its issue was confirmed since the question.

import type { EffectId } from '../../src/contract/index.ts';
import type { Fail, Observation } from './observation.ts';

export interface StaleCheck {
  take(observation: Observation): void;
  forget(): void;
}

export function createStaleCheck(fail: Fail): StaleCheck {
  /** Confirmed writes a run. */
  const writes = new Map<string, number>();
  const asked = new Map<EffectId, ReadonlyMap<string, { runId: string | null; writes: number }>>();

  return {
    forget() {
      writes.clear();
      asked.clear();
    },
    take({ event, effects, before, state }) {
      if (event.kind === 'run_ended') writes.delete(event.runId);
      if (event.kind === 'run_progressed' && event.event.kind === 'tracker_write_confirmed') {
        if (state.runs.has(event.runId)) writes.set(event.runId, (writes.get(event.runId) ?? 0) + 1);
      }
      if (event.kind === 'issue_written') {
        const runId = before.claims.get(event.issueId)?.runId ?? '';
        if (state.runs.has(runId)) writes.set(runId, (writes.get(runId) ?? 0) + 1);
      }
      if (event.kind === 'states_fetched') {
        const then = asked.get(event.effectId);
        for (const effect of effects) {
          if (effect.kind !== 'stop_run') continue;
          const was = then?.get(effect.issueId);
          if (was?.runId !== effect.runId) fail(`run ${effect.runId} was judged by an answer about another`);
          else if (was.writes !== (writes.get(effect.runId) ?? 0)) {
            fail(`run ${effect.runId} was judged by a state from before our own write`);
          }
        }
      }
      if ('effectId' in event) asked.delete(event.effectId);
      for (const effect of effects) {
        if (effect.kind !== 'fetch_states') continue;
        const entries = effect.issueIds.map((issueId) => {
          const runId = before.claims.get(issueId)?.runId ?? null;
          return [issueId, { runId, writes: writes.get(runId ?? '') ?? 0 }] as const;
        });
        asked.set(effect.id, new Map(entries));
      }
    },
  };
}
