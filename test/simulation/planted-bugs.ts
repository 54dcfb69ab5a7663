// Bugs planted on purpose, each of a kind that a daemon like this has shipped. Each wraps the core's step or the
// store; a simulation that stays green over one of them proves nothing. Deterministic, but for the one whose
// fault is not to be.

import type { Effect, Event } from '../../src/contract/index.ts';
import type { CoreState, Pending } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import type { Plant } from './world.ts';

export interface PlantedBug {
  readonly name: string;
  readonly plant: Plant;
  /** What the simulation must say of it. */
  readonly caughtAs: RegExp;
  /** Where it shows early. */
  readonly firstSeed?: number;
}

type Step = typeof step;
type StartRun = Extract<Effect, { kind: 'start_run' }>;

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'a lost retry: its timer is never armed',
    plant: { step: without((effect) => effect.kind === 'arm_timer' && effect.timer.startsWith('retry:')) },
    caughtAs: /was lost: no timer is armed/,
  },
  {
    name: 'a lost retry: its row is never written',
    plant: { losesWrite: (kind) => kind === 'put_retry' },
    caughtAs: /is not in the store|goes on as attempt/,
  },
  { name: 'a double start: one order is carried out twice', plant: { step: startTwice }, caughtAs: /twice/ },
  {
    name: 'a double start: a second run for an issue that runs',
    plant: { step: startAnother },
    caughtAs: /twice|before its row/,
  },
  { name: 'a claim forgotten at the end of a run', plant: { step: forgetAtEnd }, caughtAs: /was forgotten/ },
  {
    name: 'a start after shutdown began',
    plant: {
      step: startWhileDraining,
      faults: {
        slowCall: 0.7,
        operatorEveryMs: 30_000,
        runIgnoresCancel: 0.9,
        trackerError: 0,
        rateLimit: 0,
      },
    },
    caughtAs: /after shutdown began|while draining/,
    firstSeed: 2,
  },
  {
    name: 'our own comment ends a park',
    plant: {
      step: ownCommentEndsPark,
      faults: { slowCall: 0.6, runFails: 0.9, lie: 0, personEveryMs: 300_000 },
    },
    caughtAs: /nobody but us has changed/,
    firstSeed: 2,
  },
  {
    name: 'the limit of agents is ignored',
    plant: { step: withoutLimit },
    caughtAs: /contract's order is|of the limit/,
  },
  {
    name: 'a retry before its time',
    plant: { step: retryEarly },
    caughtAs: /before its time|but in the store/,
  },
  {
    name: 'a state from before our own write stops a run',
    plant: {
      step: trustStaleStates,
      faults: {
        ...{ lie: 0.9, slowCall: 0.7, indexLagMs: 120_000, lostAnswer: 0, trackerError: 0, rateLimit: 0 },
        ...{ wordEveryMs: 36_000_000, operatorEveryMs: 1_200_000 },
      },
    },
    caughtAs: /from before our own write/,
    firstSeed: 134,
  },
  {
    name: 'a run starts before its row is durable',
    plant: { losesWrite: (kind) => kind === 'run_started' },
    caughtAs: /before its row was durable/,
  },
  { name: 'the least urgent first', plant: { step: leastUrgentFirst }, caughtAs: /contract's order is/ },
  {
    name: 'a question asked twice',
    plant: { step: twice((effect) => effect.kind === 'fetch_issue') },
    caughtAs: /id is used twice/,
  },
  { name: 'a hot loop of ticks', plant: { step: tickAtOnce }, caughtAs: /hot loop/ },
  {
    name: 'a run that must stop is not told so',
    plant: { step: without((effect) => effect.kind === 'stop_run') },
    caughtAs: /was not told to stop/,
  },
  { name: 'a forgotten park', plant: { step: forgetParks }, caughtAs: /forgotten/ },
  {
    name: 'failures that are not counted',
    plant: { step: forgiveFailures },
    caughtAs: /forgot its failures|is right|not counted/,
  },
  { name: 'a step that looks at a clock', plant: { step: lookAtClock }, caughtAs: /^replayed/ },
];

function without(isLost: (effect: Effect) => boolean): Step {
  return (state, event) => step(state, event).filter((effect) => !isLost(effect));
}

function twice(isDoubled: (effect: Effect) => boolean): Step {
  return (state, event) =>
    step(state, event).flatMap((effect) => (isDoubled(effect) ? [effect, effect] : [effect]));
}

function startTwice(state: CoreState, event: Event): Effect[] {
  const effects = step(state, event);
  const again = effects.filter(isStart).map((effect) => ({ ...effect, id: state.nextEffectId++ }));
  return [...effects, ...again];
}

function startAnother(state: CoreState, event: Event): Effect[] {
  const effects = step(state, event);
  const others = effects.filter(isStart).map((effect) => ({
    ...effect,
    id: state.nextEffectId++,
    spec: { ...effect.spec, runId: `${effect.spec.runId}-again` },
  }));
  return [...effects, ...others];
}

function forgetAtEnd(state: CoreState, event: Event): Effect[] {
  const issueId = event.kind === 'run_ended' ? state.runs.get(event.runId)?.issueId : undefined;
  const effects = step(state, event);
  if (issueId !== undefined && state.claims.get(issueId)?.stage.kind === 'retry_queued') {
    state.claims.delete(issueId);
  }
  return effects;
}

/** As if shutdown had not been noticed by what was already on its way. */
function startWhileDraining(state: CoreState, event: Event): Effect[] {
  if (event.kind === 'shutdown_requested') {
    const checking = [...state.claims.values()].filter(({ stage }) => stage.kind === 'checking');
    const pending = [...state.pending];
    const effects = step(state, event);
    for (const claim of checking) state.claims.set(claim.issueId, claim);
    for (const [id, one] of pending) if (one.kind === 'check') state.pending.set(id, one);
    return effects;
  }
  if (state.mode !== 'draining' || event.kind !== 'issue_fetched') return step(state, event);
  state.mode = 'running';
  const effects = step(state, event);
  state.mode = 'draining';
  return effects;
}

/** As if nobody knew which writes of ours are under way, nor looked again after them. */
function ownCommentEndsPark(state: CoreState, event: Event): Effect[] {
  if (event.kind === 'write_done' && state.pending.get(event.effectId)?.kind === 'comment') {
    state.pending.delete(event.effectId);
    return step(state, event);
  }
  const comments: [number, Pending][] = [...state.pending].filter(([, { kind }]) => kind === 'comment');
  if (event.kind === 'store_failed' || event.kind === 'write_failed') return step(state, event);
  for (const [id] of comments) state.pending.delete(id);
  const effects = step(state, event);
  for (const [id, one] of comments) state.pending.set(id, one);
  return effects;
}

function withoutLimit(state: CoreState, event: Event): Effect[] {
  const { settings } = state;
  if (event.kind === 'recovered' || event.kind === 'settings_reloaded') return step(state, event);
  state.settings = { ...settings, agent: { ...settings.agent, maxConcurrentAgents: 1_000 } };
  const effects = step(state, event);
  state.settings = settings;
  return effects;
}

function retryEarly(state: CoreState, event: Event): Effect[] {
  if (event.kind === 'timer_fired' && event.timer.startsWith('retry:')) {
    const claim = state.claims.get(event.timer.slice('retry:'.length));
    if (claim?.stage.kind === 'retry_queued') {
      claim.stage = { ...claim.stage, retry: { ...claim.stage.retry, dueAtMs: 0 } };
    }
  }
  return step(state, event).map((effect) =>
    effect.kind === 'arm_timer' && effect.timer.startsWith('retry:')
      ? { ...effect, dueAtMs: event.atMs + 1 }
      : effect,
  );
}

function trustStaleStates(state: CoreState, event: Event): Effect[] {
  const pending = event.kind === 'states_fetched' ? state.pending.get(event.effectId) : undefined;
  if (pending?.kind === 'refresh_states') {
    for (const [issueId, { writes }] of pending.asked) {
      const stage = state.claims.get(issueId)?.stage;
      if (stage?.kind === 'running') stage.run.writes = writes;
    }
  }
  return step(state, event);
}

function leastUrgentFirst(state: CoreState, event: Event): Effect[] {
  if (event.kind !== 'candidates_fetched') return step(state, event);
  const issues = event.issues.map((issue) => ({ ...issue, priority: -(issue.priority ?? 9) }));
  return step(state, { ...event, issues });
}

function tickAtOnce(state: CoreState, event: Event): Effect[] {
  return step(state, event).map((effect) =>
    effect.kind === 'arm_timer' && effect.timer === 'tick' ? { ...effect, dueAtMs: event.atMs } : effect,
  );
}

function forgetParks(state: CoreState, event: Event): Effect[] {
  const effects = step(state, event);
  if (event.kind !== 'candidates_fetched') return effects;
  for (const claim of [...state.claims.values()]) {
    if (claim.stage.kind === 'parked') state.claims.delete(claim.issueId);
  }
  return effects;
}

function forgiveFailures(state: CoreState, event: Event): Effect[] {
  if (event.kind === 'issue_fetched') {
    for (const claim of state.claims.values()) if (claim.stage.kind === 'checking') claim.failures = 0;
  }
  return step(state, event);
}

function lookAtClock(state: CoreState, event: Event): Effect[] {
  return step(state, event).map((effect) =>
    effect.kind === 'arm_timer' && effect.timer === 'tick'
      ? { ...effect, dueAtMs: effect.dueAtMs + (performance.now() % 1) }
      : effect,
  );
}

function isStart(effect: Effect): effect is StartRun {
  return effect.kind === 'start_run';
}
