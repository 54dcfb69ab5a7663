// Bugs planted around the writes that agents ask for. Each wraps the core's step, as in planted-bugs.ts.

import type { Effect, Event } from '../../src/contract/index.ts';
import type { Claim, CoreState } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import type { Faults } from './faults.ts';
import type { PlantedBug } from './planted-bugs.ts';

type Step = typeof step;

/** Agents write all the time, and nobody else changes much. */
const BUSY: Partial<Faults> = {
  ...{ agentWrites: 1, approval: 0.7, slowCall: 0.4, lostAnswer: 0.2, trackerError: 0, rateLimit: 0 },
  ...{ runHangs: 0, storeError: 0, storeFull: 0, personEveryMs: 60_000, wordEveryMs: 36_000_000 },
};

/** Turns take long, and people move what is being worked on. */
const HANGING: Partial<Faults> = {
  ...{ runHangs: 0.4, runFails: 0, approval: 0, slowCall: 0, lie: 0, quota: 0, personEveryMs: 5_000 },
};

/** Runs end well, and the tracker does not take the handoff. */
const OWING: Partial<Faults> = {
  ...{ handoffRefused: 0.8, runFails: 0, runEmpty: 0, quota: 0, busy: 0, approval: 0.9, lie: 0 },
};

export const PLANTED_WRITE_BUGS: readonly PlantedBug[] = [
  {
    name: "an agent's write that ends a park: its baseline is from before",
    plant: { step: keepBaseline('parked'), faults: BUSY },
    caughtAs: /nobody but us has changed/,
    firstSeed: 5,
  },
  {
    name: "an agent's write that starts the agent again: the owed handoff's baseline is from before",
    plant: { step: keepBaseline('retry_queued'), faults: { ...BUSY, ...OWING } },
    caughtAs: /goes back to the agent though/,
    firstSeed: 91,
  },
  {
    name: 'a baseline that is read while the write is under way',
    plant: { step: blind((event) => !event.kind.startsWith('issue_writ')), faults: BUSY },
    caughtAs: /before a write that is under way|before an agent's write/,
  },
  {
    name: 'a restart that forgets what was on its way',
    plant: { step: blind(({ kind }) => kind === 'recovered'), faults: { ...BUSY, operatorEveryMs: 60_000 } },
    caughtAs: /before a write that is under way|nobody but us has changed/,
  },
  {
    name: 'a move by the run itself that stops it when its state is told before its answer',
    plant: { step: blind(({ kind }) => kind === 'states_fetched'), faults: BUSY },
    caughtAs: /in the turn in which it moved its own issue/,
  },
  {
    name: 'a move by the run itself that is not noticed',
    plant: { step: forgetMoves, faults: BUSY },
    caughtAs: /in the turn in which it moved its own issue/,
  },
  {
    name: 'a move by the run itself that counts for all its turns',
    plant: { step: neverForgetMoves, faults: { ...BUSY, ...HANGING } },
    caughtAs: /has not moved its issue in this turn/,
    firstSeed: 15,
  },
  {
    name: "looks from before an agent's write that count",
    plant: { step: keepLooks, faults: BUSY },
    caughtAs: /was looked at before an agent's write/,
  },
  {
    name: "states from before an agent's write that count",
    plant: { step: keepStates, faults: BUSY },
    caughtAs: /from before our own write/,
    firstSeed: 3,
  },
  {
    name: 'writes that are remembered for ever',
    plant: { step: rememberWrites, faults: BUSY },
    caughtAs: /are remembered where/,
  },
];

/** As if what the issue looked like were not forgotten, or not read again. */
function keepBaseline(kind: 'parked' | 'retry_queued'): Step {
  const kept = new WeakMap<CoreState, Map<string, string>>();
  return (state, event) => {
    const ours = kept.get(state) ?? new Map<string, string>();
    kept.set(state, ours);
    const before = event.kind === 'issue_writing' ? baselineOf(state.claims.get(event.issueId), kind) : null;
    const effects = step(state, event);
    if (event.kind === 'issue_writing' && before !== null) ours.set(event.issueId, before);
    if (event.kind !== 'issue_written') return effects;
    const baseline = ours.get(event.issueId);
    ours.delete(event.issueId);
    const claim = state.claims.get(event.issueId);
    if (claim === undefined || baseline === undefined || claim.stage.kind !== kind) return effects;
    for (const { id, kind: asked } of effects) if (asked === 'fetch_issue') state.pending.delete(id);
    return [...effects.filter((effect) => effect.kind !== 'fetch_issue'), restore(state, claim, baseline)];
  };
}

function baselineOf(claim: Claim | undefined, kind: 'parked' | 'retry_queued'): string | null {
  if (claim?.stage.kind !== kind) return null;
  return claim.stage.kind === 'parked' ? claim.stage.park.baseline : baselineOfRetry(claim);
}

function baselineOfRetry({ stage }: Claim): string | null {
  return stage.kind === 'retry_queued' ? stage.retry.baseline : null;
}

function restore(state: CoreState, claim: Claim, baseline: string): Effect {
  const id = state.nextEffectId++;
  if (claim.stage.kind === 'parked') {
    const park = { ...claim.stage.park, baseline };
    claim.stage = { ...claim.stage, park, look: null };
    return { id, kind: 'save', writes: [{ kind: 'put_park', park }] };
  }
  if (claim.stage.kind !== 'retry_queued') return { id, kind: 'save', writes: [] };
  const retry = { ...claim.stage.retry, baseline };
  claim.stage = { ...claim.stage, retry };
  return { id, kind: 'save', writes: [{ kind: 'put_retry', retry }] };
}

/** As if nobody knew of the writes that are under way when this happens. */
function blind(to: (event: Event) => boolean): Step {
  return (state, event) => {
    if (!to(event)) return step(state, event);
    const writes = [...state.agentWrites];
    state.agentWrites.clear();
    const effects = step(state, event);
    for (const [writeId, issueId] of writes) state.agentWrites.set(writeId, issueId);
    return effects;
  };
}

function forgetMoves(state: CoreState, event: Event): Effect[] {
  return step(state, event.kind === 'issue_written' ? { ...event, runId: null } : event);
}

function neverForgetMoves(state: CoreState, event: Event): Effect[] {
  const moved = [...state.claims.values()].flatMap(({ stage }) =>
    stage.kind === 'running' && stage.run.movedByAgent ? [stage.run] : [],
  );
  const effects = step(state, event);
  for (const run of moved) run.movedByAgent = true;
  return effects;
}

function keepLooks(state: CoreState, event: Event): Effect[] {
  if (event.kind !== 'issue_written') return step(state, event);
  const stage = state.claims.get(event.issueId)?.stage.kind;
  if (stage !== 'checking' && stage !== 'handing_off') return step(state, event);
  state.agentWrites.delete(event.writeId);
  return [];
}

function keepStates(state: CoreState, event: Event): Effect[] {
  const effects = step(state, event);
  const stage = event.kind === 'issue_written' ? state.claims.get(event.issueId)?.stage : undefined;
  if (stage?.kind === 'running') stage.run.writes -= 1;
  return effects;
}

function rememberWrites(state: CoreState, event: Event): Effect[] {
  const effects = step(state, event);
  if (event.kind === 'issue_written') state.agentWrites.set(event.writeId, event.issueId);
  return effects;
}
