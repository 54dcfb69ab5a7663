// Bugs planted around operators' words: a pause, a hold or an answer that is forgotten. Each wraps the core's step or
// the store, as in planted-bugs.ts.

import type { Effect, Event } from '../../src/contract/index.ts';
import type { CoreState } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import type { PlantedBug } from './planted-bugs.ts';

const MANY_WORDS = { wordEveryMs: 10_000 };

export const PLANTED_WORD_BUGS: readonly PlantedBug[] = [
  {
    name: 'a pause that is forgotten at recovery',
    plant: { step: forgetPause, faults: { ...MANY_WORDS, operatorEveryMs: 60_000 } },
    caughtAs: /was started while dispatch is|people think that dispatch|a drain has ended/,
  },
  {
    name: 'a pause that is never written',
    plant: { losesWrite: (kind) => kind === 'put_dispatch', faults: MANY_WORDS },
    caughtAs: /was accepted, but running is stored/,
  },
  {
    name: 'a pause that only people know of',
    plant: { step: pauseNobody, faults: MANY_WORDS },
    caughtAs: /was started while dispatch is|nobody was told that dispatch/,
  },
  {
    name: 'an order that a crash forgets',
    plant: { step: forgetOrder, faults: { ...MANY_WORDS, operatorEveryMs: 60_000 } },
    caughtAs: /forgot in a crash/,
  },
  {
    name: 'a cancelled run that is tried again',
    plant: { step: retryCancelled, faults: MANY_WORDS },
    caughtAs: /is held, but is|but in the store|is not in the store/,
  },
  {
    name: 'a hold that a reload ends',
    plant: { step: reloadEndsHolds, faults: { ...MANY_WORDS, operatorEveryMs: 60_000 } },
    caughtAs: /is held, but is|was ended by/,
  },
  {
    name: 'a word that is answered before it is written',
    plant: { step: answerFirst, faults: { ...MANY_WORDS, crashAtApply: 0.02 } },
    caughtAs: /was accepted, but|was told that/,
  },
  {
    name: 'a word that is never answered when its write fails',
    plant: { step: forgetOwed, faults: { ...MANY_WORDS, storeError: 0.2, operatorEveryMs: 60_000 } },
    caughtAs: /was answered 0 times/,
  },
];

function forgetPause(state: CoreState, event: Event): Effect[] {
  if (event.kind !== 'recovered') return step(state, event);
  return step(state, { ...event, stored: { ...event.stored, dispatch: null } });
}

function forgetOrder(state: CoreState, event: Event): Effect[] {
  if (event.kind !== 'recovered') return step(state, event);
  const openRuns = event.stored.openRuns.map((run) => ({ ...run, ordered: false }));
  return step(state, { ...event, stored: { ...event.stored, openRuns } });
}

function pauseNobody(state: CoreState, event: Event): Effect[] {
  const { dispatch } = state;
  if (event.kind === 'control_requested') return step(state, event);
  state.dispatch = { ...dispatch, mode: 'running' };
  const effects = step(state, event);
  if (state.dispatch.mode === 'running') state.dispatch = dispatch;
  return effects;
}

function retryCancelled(state: CoreState, event: Event): Effect[] {
  const issueId = event.kind === 'run_ended' ? state.runs.get(event.runId)?.issueId : undefined;
  const stage = issueId === undefined ? undefined : state.claims.get(issueId)?.stage;
  if (stage?.kind === 'running' && stage.run.held !== null) stage.run.stopping = 'stalled';
  return step(state, event);
}

function reloadEndsHolds(state: CoreState, event: Event): Effect[] {
  if (event.kind !== 'settings_reloaded' || !event.endsParks) return step(state, event);
  for (const { stage } of state.claims.values()) {
    if (stage.kind === 'parked' && stage.park.reason === 'held') {
      stage.park = { ...stage.park, reason: 'blocked' };
    }
  }
  return step(state, event);
}

function answerFirst(state: CoreState, event: Event): Effect[] {
  const effects = step(state, event);
  const isAnswer = ({ kind }: Effect): boolean => kind === 'answer_control';
  return [...effects.filter(isAnswer), ...effects.filter((effect) => !isAnswer(effect))];
}

function forgetOwed(state: CoreState, event: Event): Effect[] {
  const effects = step(state, event);
  if (event.kind === 'store_failed') state.owedAnswers = [];
  return effects;
}
