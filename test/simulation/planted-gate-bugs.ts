// Bugs planted around what holds new work back and who is told of it: the review limit, the breaker, messages to people
// outside. Each wraps the core's step, as in planted-bugs.ts.

import type { Effect, Event, StoreWrite } from '../../src/contract/index.ts';
import type { CoreState } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import type { PlantedBug } from './planted-bugs.ts';

/** Many runs fail, in ways that others share. */
const BREAKS = { runFails: 0.7, sharedFailure: 0.8, quota: 0 };

export const PLANTED_GATE_BUGS: readonly PlantedBug[] = [
  {
    name: 'a review limit that is asked about and ignored',
    plant: { step: ignoreCount },
    caughtAs: /contract's order is|nobody was told/,
  },
  {
    name: 'a review limit that does not see what is being handed off',
    plant: { step: overlookHandoffs, faults: { slowCall: 0.7, runFails: 0 } },
    caughtAs: /contract's order is|is paused/,
  },
  {
    name: 'a breaker that counts runs and not issues',
    plant: { step: countRuns, faults: BREAKS },
    caughtAs: /is paused|are told/,
  },
  {
    name: 'a breaker behind which all try at once',
    plant: { step: letAllThrough, faults: BREAKS },
    caughtAs: /beside|contract's order is/,
  },
  {
    name: 'a breaker that waits for nobody',
    plant: { step: waitForNobody, faults: BREAKS },
    caughtAs: /while the breaker is open|contract's order is/,
  },
  {
    name: 'a breaker that is closed by a run from before',
    plant: { step: believeAnyTurn, faults: BREAKS },
    caughtAs: /while the breaker is open|nobody was told that dispatch is paused/,
    firstSeed: 2,
  },
  {
    name: 'a message that is never sent',
    plant: { step: withoutMessages((event) => event === 'issue_parked') },
    caughtAs: /are told \[/,
  },
  {
    name: 'a preflight that is told each time it fails',
    plant: { step: forgetPreflight, faults: { preflightFails: 0.6 } },
    caughtAs: /are told \[preflight_failed/,
  },
  {
    name: 'a usage limit that is told by everybody who meets it',
    plant: { step: forgetHold, faults: { quota: 0.8 } },
    caughtAs: /are told \[agent_paused|usage limit/,
  },
];

function ignoreCount(state: CoreState, event: Event): Effect[] {
  if (event.kind === 'handoff_counted') return step(state, { ...event, count: 0 });
  return step(state, event);
}

function overlookHandoffs(state: CoreState, event: Event): Effect[] {
  if (event.kind !== 'candidates_fetched' || state.handoff === null) return step(state, event);
  let handingOff = 0;
  for (const { stage } of state.claims.values()) if (stage.kind === 'handing_off') handingOff += 1;
  const { handoff } = state;
  state.handoff = { ...handoff, count: handoff.count - handingOff };
  const effects = step(state, event);
  state.handoff = handoff;
  return effects;
}

function countRuns(state: CoreState, event: Event): Effect[] {
  if (event.kind === 'run_ended' && state.breaker.kind === 'closed' && state.breaker.issueIds.size > 0) {
    state.breaker.issueIds.add(event.runId);
  }
  return step(state, event);
}

function letAllThrough(state: CoreState, event: Event): Effect[] {
  const isLook = ['candidates_fetched', 'issue_fetched', 'timer_fired'].includes(event.kind);
  if (isLook && state.breaker.kind === 'open') state.breaker.canary = null;
  return step(state, event);
}

function waitForNobody(state: CoreState, event: Event): Effect[] {
  const effects = step(state, event);
  if (state.breaker.kind === 'open') state.breaker = { ...state.breaker, untilMs: 0 };
  return effects;
}

function believeAnyTurn(state: CoreState, event: Event): Effect[] {
  if (
    event.kind === 'run_progressed' &&
    event.event.kind === 'turn_finished' &&
    state.breaker.kind === 'open'
  ) {
    state.breaker.canary = state.runs.get(event.runId)?.issueId ?? null;
  }
  return step(state, event);
}

function withoutMessages(isLost: (event: string) => boolean): typeof step {
  const keeps = (write: StoreWrite): boolean =>
    write.kind !== 'queue_notification' || !isLost(write.notification.event);
  return (state, event) =>
    step(state, event).map((effect) =>
      effect.kind === 'save' ? { ...effect, writes: effect.writes.filter(keeps) } : effect,
    );
}

function forgetPreflight(state: CoreState, event: Event): Effect[] {
  if (event.kind === 'preflight_done') state.preflightProblems = [];
  return step(state, event);
}

function forgetHold(state: CoreState, event: Event): Effect[] {
  if (event.kind === 'run_ended') {
    for (const [kind, quota] of state.quotas) state.quotas.set(kind, { ...quota, untilMs: 0 });
  }
  return step(state, event);
}
