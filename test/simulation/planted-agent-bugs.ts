// Bugs planted around what agents cost and leave behind: usage, budgets, usage limits, refusals, tools, evidence. Each
// wraps the core's step or the store, as in planted-bugs.ts.

import type { Effect, Event, RunEvent } from '../../src/contract/index.ts';
import type { CoreState, Run } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import type { PlantedBug } from './planted-bugs.ts';
import { NO_BUDGET } from './random-workflow.ts';

export const PLANTED_AGENT_BUGS: readonly PlantedBug[] = [
  { name: 'usage that is counted twice', plant: { step: countTwice }, caughtAs: /tokens, but/ },
  {
    name: 'a reported cost on top of its estimate',
    plant: { step: forgetEstimates },
    caughtAs: /has cost|but in the store/,
  },
  {
    name: 'a session that goes on with the usage of another',
    plant: { step: keepUsage, faults: { sessionLost: 0.9 } },
    caughtAs: /resumes a session|has cost/,
  },
  {
    name: 'usage that is saved at ticks only',
    plant: { step: withoutProgressTimer },
    caughtAs: /but in the store|other figures/,
  },
  {
    name: 'what an issue has spent is lost',
    plant: { losesWrite: (kind) => kind === 'put_spending' },
    caughtAs: /in the store/,
  },
  {
    name: 'what a day has cost is lost',
    plant: { losesWrite: (kind) => kind === 'put_day' },
    caughtAs: /other figures/,
  },
  {
    name: 'a budget that stops nobody',
    plant: { step: during(['run_progressed'], withoutBudget) },
    caughtAs: /runs on/,
  },
  {
    name: 'a budget that is looked at while running only',
    plant: { step: during(['candidates_fetched', 'issue_fetched', 'timer_fired'], withoutBudget) },
    caughtAs: /without a budget|the day is used up|is paused|contract's order|not raised/,
  },
  {
    name: 'a usage limit that is a failure like any other',
    plant: { step: failOnQuota },
    caughtAs: /met a usage limit|burned an attempt|is not parked/,
  },
  {
    name: 'a usage limit that is forgotten at a restart',
    plant: { step: forgetQuotas, faults: { quota: 0.8 } },
    caughtAs: /over the limit|is paused|contract's order/,
  },
  {
    name: 'an agent that refuses is tried with every issue',
    plant: { step: trustEveryAgent, faults: { runFails: 0.9, quota: 0 } },
    caughtAs: /agent that refuses|is paused|contract's order/,
  },
  {
    name: 'a tool at work is taken for silence',
    plant: { step: forgetTools },
    caughtAs: /stalled too early/,
  },
  {
    name: 'a tool may take for ever',
    plant: { step: waitForTools, faults: { toolHangs: 0.5 } },
    caughtAs: /nobody minds/,
  },
  {
    name: 'done is believed',
    plant: { step: believe, faults: { runEmpty: 0.8 } },
    caughtAs: /though nothing was done|empty runs/,
  },
  {
    name: 'empty runs that are forgotten at a restart',
    plant: { losesWrite: (kind) => kind === 'put_empty_runs', faults: { runEmpty: 0.8 } },
    caughtAs: /in the store|empty runs/,
  },
];

type Step = typeof step;

/** Only these events are taken in a changed state; `change` gives what puts it right again. */
function during(kinds: readonly Event['kind'][], change: (state: CoreState) => () => void): Step {
  return (state, event) => {
    if (!kinds.includes(event.kind)) return step(state, event);
    const restore = change(state);
    const effects = step(state, event);
    restore();
    return effects;
  };
}

function withoutBudget(state: CoreState): () => void {
  const { settings } = state;
  state.settings = { ...settings, agent: { ...settings.agent, budget: NO_BUDGET } };
  return () => {
    state.settings = settings;
  };
}

function countTwice(state: CoreState, event: Event): Effect[] {
  if (event.kind !== 'run_progressed' || event.event.kind !== 'agent_event') return step(state, event);
  const said = event.event.event;
  if (said.kind !== 'token_usage') return step(state, event);
  const doubled: RunEvent = { kind: 'agent_event', event: { ...said, inputTokens: 2 * said.inputTokens } };
  return step(state, { ...event, event: doubled });
}

function forgetEstimates(state: CoreState, event: Event): Effect[] {
  const effects = step(state, event);
  for (const run of runsOf(state)) run.sessionUsage = { ...run.sessionUsage, pendingCostUsd: 0 };
  return effects;
}

function keepUsage(state: CoreState, event: Event): Effect[] {
  const before = new Map([...runsOf(state)].map((run) => [run.runId, run.sessionUsage]));
  const effects = step(state, event);
  if (event.kind !== 'run_progressed' || event.event.kind !== 'agent_event') return effects;
  if (event.event.event.kind !== 'session_started') return effects;
  for (const run of runsOf(state)) run.sessionUsage = before.get(run.runId) ?? run.sessionUsage;
  return effects;
}

function withoutProgressTimer(state: CoreState, event: Event): Effect[] {
  return step(state, event).filter((effect) => effect.kind !== 'arm_timer' || effect.timer !== 'progress');
}

function failOnQuota(state: CoreState, event: Event): Effect[] {
  if (event.kind !== 'run_ended' || event.exit.kind !== 'failed') return step(state, event);
  const failure = { ...event.exit.failure, reason: null };
  return step(state, { ...event, exit: { kind: 'failed', failure } });
}

function forgetQuotas(state: CoreState, event: Event): Effect[] {
  if (event.kind !== 'recovered') return step(state, event);
  return step(state, { ...event, stored: { ...event.stored, quotas: [] } });
}

function trustEveryAgent(state: CoreState, event: Event): Effect[] {
  state.refusals.clear();
  return step(state, event);
}

function forgetTools(state: CoreState, event: Event): Effect[] {
  if (event.kind === 'timer_fired') for (const run of runsOf(state)) run.tools.clear();
  return step(state, event);
}

function waitForTools(state: CoreState, event: Event): Effect[] {
  for (const run of runsOf(state)) Object.assign(run, { toolTimeoutMs: 0 });
  return step(state, event);
}

function believe(state: CoreState, event: Event): Effect[] {
  if (event.kind !== 'run_ended' || event.exit.kind !== 'normal') return step(state, event);
  return step(state, { ...event, exit: { ...event.exit, evidence: null } });
}

function* runsOf(state: CoreState): Generator<Run> {
  for (const { stage } of state.claims.values()) if (stage.kind === 'running') yield stage.run;
}
