// The core's own books: claims, runs, pending answers and timers must agree with each other after every step, and
// with the rows in the store once all writes are durable. Every map stays bounded.

import type { Effect, Event, TimerKey } from '../../src/contract/index.ts';
import type { Claim, CoreState, Pending } from '../../src/core/state.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Fail, Observation } from './observation.ts';

export interface ConsistencyCheck {
  take(observation: Observation): void;
  forget(): void;
}

export function createConsistencyCheck(fail: Fail): ConsistencyCheck {
  const armed = new Set<TimerKey>();

  function keepTimers(event: Event, effects: readonly Effect[]): void {
    if (event.kind === 'timer_fired') armed.delete(event.timer);
    for (const effect of effects) {
      if (effect.kind === 'arm_timer') armed.add(effect.timer);
      else if (effect.kind === 'disarm_timer') armed.delete(effect.timer);
    }
  }

  function checkClaim(state: CoreState, claim: Claim, waiting: ReadonlyMap<string, Set<string>>): void {
    const { stage, issueId } = claim;
    const waitsFor = (...kinds: Pending['kind'][]): boolean =>
      kinds.some((kind) => waiting.get(issueId)?.has(kind) === true);
    const who = `${claim.identifier} (${stage.kind})`;
    switch (stage.kind) {
      case 'checking':
        if (!waitsFor('check')) fail(`${who} waits for a check that nobody makes`);
        return;
      case 'running':
        if (state.runs.get(stage.run.runId)?.issueId !== issueId) fail(`${who} has a run that is not known`);
        if (!waitsFor('start')) fail(`${who} waits for an end that nobody will report`);
        return;
      case 'handing_off':
        if (!waitsFor('handoff', 'handoff_look')) fail(`${who} waits for a transition that nobody makes`);
        return;
      case 'cleaning':
        if (!waitsFor('clean')) fail(`${who} waits for a removal that nobody makes`);
        return;
      case 'retry_queued':
        if (!stage.waitsForSlot && !armed.has(`retry:${issueId}`)) fail(`${who} was lost: no timer is armed`);
        return;
      case 'parked':
        if (stage.look !== null && !state.pending.has(stage.look)) fail(`${who} looks, but nobody does`);
        return;
    }
  }

  function checkTick({ tick, pending }: CoreState): void {
    const kinds = [...pending.values()].map(({ kind }) => kind);
    const reads = kinds.some(
      (kind) =>
        kind === 'refresh_states' ||
        kind === 'preflight' ||
        kind === 'handoff_count' ||
        kind === 'candidates',
    );
    if (tick !== null && !reads) fail('a tick is under way, but nothing is asked');
    if (tick === null && reads) fail('something is asked for a tick that is over');
    if (tick === null && !armed.has('tick')) fail('no tick will ever come');
  }

  function checkSizes(state: CoreState): void {
    const { claims, pending, runs, recent, verdicts } = state;
    if (runs.size > claims.size) fail(`${runs.size} runs for ${claims.size} claims`);
    // A claim's own question, its stop and its comments; the tick's and the sweep's.
    const most = 8 * claims.size + 60;
    if (pending.size > most) fail(`${pending.size} answers are waited for with ${claims.size} claims`);
    if (recent.size > 1_000) fail(`recent events of ${recent.size} issues are kept`);
    if (verdicts.size > 20_000) fail(`${verdicts.size} verdicts are kept`);
    if (armed.size > claims.size + 3) fail(`${armed.size} timers are armed with ${claims.size} claims`);
  }

  return {
    forget: () => {
      armed.clear();
    },
    take({ event, effects, before, state }) {
      keepTimers(event, effects);
      for (const { identifier, issueId, stage } of state.claims.values()) {
        if (stage.kind !== 'running' || stage.run.stopping === null) continue;
        const { runId } = stage.run;
        const known = before.claims.get(issueId);
        if (known?.runId === runId && known.stopping !== null) continue;
        const told = effects.some((effect) => effect.kind === 'stop_run' && effect.runId === runId);
        if (!told) fail(`the run of ${identifier} was not told to stop`);
      }
      if (state.mode !== 'running') return;
      const waiting = waitingByIssue(state);
      for (const claim of state.claims.values()) checkClaim(state, claim, waiting);
      for (const [runId, { issueId }] of state.runs) {
        const stage = state.claims.get(issueId)?.stage;
        if (stage?.kind !== 'running' || stage.run.runId !== runId) fail(`run ${runId} belongs to no claim`);
      }
      checkTick(state);
      checkSizes(state);
    },
  };
}

/** Only while no write is under way or waits to be tried again. */
export function checkStore(state: CoreState, store: MemoryStore, fail: Fail): void {
  const claimOf = new Map<string, string>();
  for (const claim of state.claims.values()) {
    const row = rowOf(claim);
    if (row !== null) claimOf.set(claim.issueId, row);
  }
  const rows = new Map<string, string>();
  for (const retry of store.retries.values()) rows.set(retry.issueId, `retry ${JSON.stringify(retry)}`);
  for (const park of store.parks.values()) {
    if (rows.has(park.issueId)) fail(`${park.identifier} is both queued and parked in the store`);
    rows.set(park.issueId, `park ${JSON.stringify(park)}`);
  }
  for (const run of store.openRuns.values()) {
    // A run that an operator has cancelled is held in the store before it has ended.
    const isHeld = store.parks.get(run.issueId)?.reason === 'held' && isEnding(state, run.issueId);
    if (rows.has(run.issueId) && !isHeld)
      fail(`${run.identifier} is both running and set aside in the store`);
    rows.set(run.issueId, `run ${run.runId}`);
  }
  for (const [issueId, row] of claimOf) {
    const stored = rows.get(issueId);
    if (stored === undefined) fail(`${issueId} is not in the store: ${row}`);
    else if (row !== '' && stored !== row) fail(`${issueId} is ${row} but in the store ${stored}`);
  }
  if (state.mode !== 'running') return;
  for (const [issueId, row] of rows) if (!claimOf.has(issueId)) fail(`${issueId} was forgotten: ${row}`);
}

function isEnding(state: CoreState, issueId: string): boolean {
  const stage = state.claims.get(issueId)?.stage;
  return stage?.kind === 'running' && stage.run.held !== null;
}

/** "" = some row, whatever it says; null = none is owed. */
function rowOf({ stage }: Claim): string | null {
  switch (stage.kind) {
    case 'running':
      return `run ${stage.run.runId}`;
    case 'retry_queued':
      return `retry ${JSON.stringify(stage.retry)}`;
    case 'parked':
      return `park ${JSON.stringify(stage.park)}`;
    case 'handing_off':
      return '';
    case 'checking':
      return stage.queued === null ? null : `retry ${JSON.stringify(stage.queued)}`;
    case 'cleaning':
      return null;
  }
}

function waitingByIssue(state: CoreState): Map<string, Set<string>> {
  const waiting = new Map<string, Set<string>>();
  for (const pending of state.pending.values()) {
    if (!('issueId' in pending)) continue;
    const kinds = waiting.get(pending.issueId) ?? new Set<string>();
    kinds.add(pending.kind);
    waiting.set(pending.issueId, kinds);
  }
  return waiting;
}
