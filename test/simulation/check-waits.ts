// What waits: retries keep their time and their delay, parks end only for a reason of theirs, a handoff that is
// owed never costs a second run, claims never vanish, and nobody is stopped on a stale answer.

import type { Effect, Event, StoredPark } from '../../src/contract/index.ts';
import type { Claim } from '../../src/core/state.ts';
import { contractBackoffMs, parkEndedBy, stateIsActive, stateIsTerminal } from './contract-rules.ts';
import type { Ledger } from './ledger.ts';
import type { MemoryStore } from './memory-store.ts';
import { NO_BUDGET } from './random-workflow.ts';
import { told, type ClaimBefore, type Fail, type Observation, type Truth } from './observation.ts';

export interface WaitsCheck {
  take(observation: Observation): void;
  submitted(issueId: string, handoffState: string): void;
  begin(store: MemoryStore): void;
}

export function createWaitsCheck(fail: Fail, truth: Truth, ledger: Ledger): WaitsCheck {
  /** Others' changes when the issue was parked, by park: one that never became durable gives way to the last. */
  const parkedAt = new Map<string, number>();
  /** Others' changes when the handoff became due. */
  const owed = new Map<string, number>();

  let latestMs = 0;

  function claimLeft(issueId: string, was: ClaimBefore, { event, effects, before }: Observation): void {
    owed.delete(issueId);
    const dropped = was.stage === 'checking' && (was.retry === null || event.kind === 'shutdown_requested');
    if (!dropped && !told(effects, 'released', issueId)) fail(`${issueId} (${was.stage}) was forgotten`);
    if (was.stage === 'running' && event.kind !== 'run_ended') fail(`${issueId} was let go while it runs`);
    if (before.mode === 'finished') fail(`${issueId} was let go after the end`);
  }

  function claimMoved(claim: Claim, was: ClaimBefore, observation: Observation): void {
    const { event, state } = observation;
    const { stage } = claim;
    if (claim.attempt < was.attempt || claim.attempt > was.attempt + 1) {
      fail(`${claim.identifier} went from attempt ${was.attempt} to ${claim.attempt}`);
    }
    if (claim.failures < was.failures) fail(`${claim.identifier} forgot its failures`);
    const began = stage.kind === 'checking' || stage.kind === 'handing_off';
    // Once due it stays due, even when somebody sets the clock back while it waits for a slot.
    const nowMs = was.waitsForSlot ? latestMs : event.atMs;
    if (was.stage === 'retry_queued' && began && was.retry !== null && nowMs < was.retry.dueAtMs) {
      fail(`${claim.identifier} was tried ${was.retry.dueAtMs - nowMs} ms before its time`);
    }
    if (stage.kind === 'retry_queued' && stage.retry !== was.retry) retryQueued(claim, was, observation);
    if (stage.kind === 'cleaning' && was.stage !== 'cleaning') {
      const told = event.kind === 'states_fetched' ? event.states[claim.identifier] : undefined;
      const reason =
        was.stopping === 'terminal' || stateIsTerminal(told ?? claim.issue?.state ?? '', state.settings);
      if (!reason) fail(`the workspace of ${claim.identifier} goes though the issue is not terminal`);
    }
  }

  function retryQueued(claim: Claim, was: ClaimBefore, { event, state }: Observation): void {
    if (claim.stage.kind !== 'retry_queued') return;
    const { retry } = claim.stage;
    const { maxRetryBackoffMs } = state.settings.agent;
    const delayMs = retry.dueAtMs - event.atMs;
    if (was.stage === 'handing_off' && !owesHandoff(retry.step)) {
      const unchanged = owed.get(claim.issueId) === truth.changesByOthers(claim.issueId);
      if (unchanged && state.settings.tracker.handoffState !== '') {
        fail(`${claim.identifier} goes back to the agent though nobody has changed it`);
      }
      owed.delete(claim.issueId);
    }
    // What only says anew why it waits keeps its time.
    if (event.kind === 'fetch_failed' && was.stage !== 'retry_queued') {
      const asked = event.failure.retryAfterMs ?? 0;
      const expected = Math.max(asked, contractBackoffMs(retry.lookFailures, maxRetryBackoffMs));
      if (delayMs !== expected) fail(`${claim.identifier} looks again after ${delayMs}, not ${expected} ms`);
    }
    if (event.kind !== 'run_ended' || was.stage !== 'running') return;
    if (retry.trigger === 'error' || retry.trigger === 'stall') {
      const asked = event.exit.kind === 'failed' ? (event.exit.failure.retryAfterMs ?? 0) : 0;
      const expected = Math.max(asked, contractBackoffMs(was.failures + 1, maxRetryBackoffMs));
      if (claim.failures !== was.failures + 1) fail(`${claim.identifier}: a failure was not counted`);
      if (delayMs !== expected) fail(`${claim.identifier} waits ${delayMs} ms where ${expected} is right`);
    } else if (retry.trigger === 'continuation' && event.exit.kind === 'normal' && !owesHandoff(retry.step)) {
      if (delayMs !== 1_000) fail(`${claim.identifier} goes on after ${delayMs} ms instead of 1 s`);
    }
  }

  function parkLeft(issueId: string, was: ClaimBefore, observation: Observation): void {
    const { event, effects } = observation;
    if (was.park === null) return;
    const version = parkedAt.get(parkKey(was.park));
    const by = parkEndTold(effects, issueId);
    if (by === null) {
      if (event.kind === 'control_requested' && isAbout(event, issueId)) return;
      if (was.park.reason === 'held') fail(`${issueId} was let go though nobody said so`);
      if (!saysInactive(issueId, observation)) fail(`the park of ${issueId} was dropped for no reason`);
      return;
    }
    const allowed = parkEndedBy(was.park);
    if (!allowed.includes(by)) fail(`the park of ${issueId} (${was.park.reason}) was ended by ${by}`);
    if (by === 'operator' && !(event.kind === 'control_requested' && isAbout(event, issueId))) {
      fail(`the park of ${issueId} was ended by a word that was never said`);
    }
    if (by === 'issue_change' && version === truth.changesByOthers(issueId)) {
      fail(`the park of ${issueId} ended though nobody but us has changed the issue`);
    }
    if (by === 'workflow_change' && !(event.kind === 'settings_reloaded' && event.endsParks)) {
      fail(`the park of ${issueId} was ended by a reload that never was`);
    }
    if (by === 'until' && (was.park.untilMs === null || event.atMs < was.park.untilMs)) {
      fail(`the park of ${issueId} ended before its time`);
    }
    if (by === 'raised_limit') checkRaised(issueId, was.park, observation);
  }

  function checkRaised(
    issueId: string,
    { reason, crossed }: StoredPark,
    { event, state }: Observation,
  ): void {
    const { maxSessions, budget } = state.settings.agent;
    if (reason === 'max_sessions') {
      const used = state.memory.get(issueId)?.sessionsUsed ?? 0;
      if (maxSessions > 0 && used >= maxSessions) fail(`${issueId} has no session left`);
      return;
    }
    const allowed = crossed === null ? 1 : budget[crossed.limit];
    if (allowed <= 0 || crossed === null) return;
    const scope = crossed.limit.endsWith('PerDay')
      ? 'day'
      : crossed.limit.endsWith('PerIssue')
        ? 'issue'
        : 'run';
    const only = { ...NO_BUDGET, [crossed.limit]: allowed };
    const isLow =
      scope === 'run' ? allowed <= crossed.allowed : ledger.usedUp(scope, issueId, only, event.atMs);
    if (isLow) fail(`${issueId} goes on though ${crossed.limit} was not raised`);
  }

  return {
    take(observation) {
      const { before, state, event } = observation;
      latestMs = Math.max(latestMs, event.atMs);
      for (const [issueId, was] of before.claims) {
        const claim = state.claims.get(issueId);
        const stage = claim?.stage;
        if (claim === undefined) claimLeft(issueId, was, observation);
        else claimMoved(claim, was, observation);
        if (was.stage === 'parked' && stage?.kind !== 'parked') parkLeft(issueId, was, observation);
      }
      for (const [issueId, { stage }] of state.claims) {
        const was = before.claims.get(issueId);
        if (stage.kind === 'parked' && was?.stage !== 'parked' && event.kind !== 'recovered') {
          parkedAt.set(parkKey(stage.park), truth.changesByOthers(issueId));
          owed.delete(issueId);
        }
        const handsOff =
          stage.kind === 'handing_off' || (stage.kind === 'retry_queued' && owesHandoff(stage.retry.step));
        if (handsOff && was?.stage === 'running') owed.set(issueId, truth.changesByOthers(issueId));
      }
      checkStops(observation, fail);
    },
    submitted(issueId, handoffState) {
      if (handoffState !== '' && owed.get(issueId) === truth.changesByOthers(issueId)) {
        fail(`${issueId} runs again though only its handoff was owed`);
      }
      owed.delete(issueId);
    },
    begin(store) {
      // Where the pending handoff never became durable, the run counts as interrupted and is done again.
      for (const issueId of [...owed.keys()]) {
        if (!owesHandoff(store.retries.get(issueId)?.step)) owed.delete(issueId);
      }
    },
  };
}

function isAbout({ command }: Extract<Event, { kind: 'control_requested' }>, issueId: string): boolean {
  return 'issue' in command && command.issue.id === issueId;
}

/** A state answer may stop a run only if it says so now, under the settings in force. */
function checkStops({ event, effects, state, before }: Observation, fail: Fail): void {
  if (event.kind !== 'states_fetched') return;
  for (const effect of effects) {
    if (effect.kind !== 'stop_run') continue;
    const told = event.states[effect.issueId];
    const was = before.claims.get(effect.issueId);
    if (was?.runId !== effect.runId || was.stopping !== null) fail(`run ${effect.runId} was stopped twice`);
    if (told === undefined) fail(`${effect.issueId} was stopped though the tracker said nothing of it`);
    else if (stateIsActive(told, state.settings)) fail(`${effect.issueId} was stopped though it is active`);
  }
}

function owesHandoff(step: string | undefined): boolean {
  return step === 'handoff' || step === 'review';
}

function parkKey({ issueId, reason, parkedAtMs }: StoredPark): string {
  return `${issueId} ${reason} ${parkedAtMs}`;
}

function parkEndTold(effects: readonly Effect[], issueId: string): string | null {
  for (const effect of effects) {
    if (effect.kind === 'tell' && effect.notice.kind === 'park_ended' && effect.notice.issueId === issueId) {
      return effect.notice.by;
    }
  }
  return null;
}

function saysInactive(issueId: string, { event, state }: Observation): boolean {
  if (event.kind === 'issue_fetched') {
    if (event.issue === null) return true;
    return event.issue.id === issueId && !stateIsActive(event.issue.state, state.settings);
  }
  if (event.kind !== 'states_fetched') return false;
  return Object.values(event.states).some((one) => !stateIsActive(one, state.settings));
}
