// Parks: issues set aside for a reason that polling alone cannot cure, and what ends each. A park ends only
// on a change that a person made, never on a write of ours: its baseline is read by id after our last write
// was confirmed, and until that is known the park holds.

import type { Issue } from '../contract/index.ts';
import { renewAllowance } from './allowance.ts';
import { clean, learn, queueRetry, release } from './claims.ts';
import { isActive, isTerminal } from './eligibility.ts';
import { fingerprintOf, sameIssue } from './fingerprint.ts';
import { forgetHandoffBaseline } from './handoff.ts';
import { labelAgain, wasTakenOff } from './park-label.ts';
import { putEmptyRuns } from './memory.ts';
import { order, tellOf, write, type Orders } from './orders.ts';
import { limitWasRaised, parkEnds, type ParkEnd } from './park-ends.ts';
import { liftQuota } from './quota.ts';
import type { Claim, CoreState } from './state.ts';

/** Baselines still missing are asked for a few at a time, so that a dead tracker is not hammered. */
const BASELINES_PER_TICK = 5;

export function endsOn(claim: Claim, by: ParkEnd): boolean {
  return claim.stage.kind === 'parked' && parkEnds(claim.stage.park).includes(by);
}

/** Reads what the issue looks like now, for later comparison. */
export function readBaseline(orders: Orders, claim: Claim): void {
  if (orders.state.mode !== 'running' || claim.stage.kind !== 'parked' || claim.stage.look !== null) return;
  if (claim.stage.park.baseline !== null || !endsOn(claim, 'issue_change')) return;
  // A write of ours is under way and would look like a change: its answer brings us back here.
  if (writesUnderWay(orders.state, claim.issueId)) return;
  claim.stage.look = order(
    orders,
    { kind: 'fetch_issue', issueId: claim.issueId },
    { kind: 'park_baseline', issueId: claim.issueId },
  );
}

/** A write of ours may have changed the issue: what was read before its answer, or is being read, is outdated. */
export function renewBaseline(orders: Orders, claim: Claim): void {
  forgetBaseline(orders, claim);
  readBaseline(orders, claim);
}

/** Durably: a crash just after a write of ours would otherwise leave a baseline from before it. */
export function forgetBaseline(orders: Orders, claim: Claim): void {
  if (claim.stage.kind !== 'parked') return;
  if (claim.stage.look !== null) orders.state.pending.delete(claim.stage.look);
  claim.stage.look = null;
  if (claim.stage.park.baseline === null) return;
  claim.stage.park = { ...claim.stage.park, baseline: null };
  write(orders, { kind: 'put_park', park: claim.stage.park });
}

/** Until a write of ours is answered, nobody knows whether a difference is ours. */
export function writesUnderWay(state: CoreState, issueId: string): boolean {
  if (isAgentWriting(state, issueId)) return true;
  for (const pending of state.pending.values()) {
    if ((pending.kind === 'comment' || pending.kind === 'handoff') && pending.issueId === issueId)
      return true;
  }
  return false;
}

/** A write that an agent asked for is on its way to it. */
export function isAgentWriting({ agentWrites }: CoreState, issueId: string): boolean {
  for (const writtenTo of agentWrites.values()) if (writtenTo === issueId) return true;
  return false;
}

export function onBaseline(orders: Orders, claim: Claim, issue: Issue | null): void {
  if (claim.stage.kind !== 'parked') return;
  claim.stage.look = null;
  if (endedByState(orders, claim, issue) || issue === null) return;
  if (wasTakenOff(orders, claim)) {
    endPark(orders, claim, 'issue_change');
    return;
  }
  claim.stage.park = { ...claim.stage.park, baseline: fingerprintOf(issue) };
  write(orders, { kind: 'put_park', park: claim.stage.park });
}

/** A candidate page holds a parked issue: search indexes lag, so a difference is confirmed by id. */
export function compareWithCandidate(orders: Orders, claim: Claim, issue: Issue): void {
  if (claim.stage.kind !== 'parked' || claim.stage.park.baseline === null) return;
  if (!sameIssue(claim.stage.park.baseline, fingerprintOf(issue))) lookAtParked(orders, claim);
}

/** Looks at a parked issue by id to see whether its park has ended. */
export function lookAtParked(orders: Orders, claim: Claim): void {
  if (claim.stage.kind !== 'parked' || claim.stage.look !== null) return;
  // Nothing that a look could find ends it.
  if (claim.stage.park.reason === 'held') return;
  claim.stage.look = order(
    orders,
    { kind: 'fetch_issue', issueId: claim.issueId },
    { kind: 'park_look', issueId: claim.issueId },
  );
}

export function onParkedLooked(orders: Orders, claim: Claim, issue: Issue | null): void {
  if (claim.stage.kind !== 'parked') return;
  claim.stage.look = null;
  if (endedByState(orders, claim, issue) || issue === null) return;
  const { baseline } = claim.stage.park;
  if (baseline === null || !endsOn(claim, 'issue_change')) return;
  if (writesUnderWay(orders.state, claim.issueId)) return;
  if (!sameIssue(baseline, fingerprintOf(issue))) endPark(orders, claim, 'issue_change');
}

export function onParkLookFailed(claim: Claim): void {
  if (claim.stage.kind === 'parked') claim.stage.look = null;
}

/**
 * The claim goes on where it stood: its next attempt is due now.
 * @param step of that attempt, unless only its handoff is owed.
 */
export function endPark(
  orders: Orders,
  claim: Claim,
  by: ParkEnd,
  step: 'agent' | 'ordered' = 'agent',
): void {
  if (claim.stage.kind !== 'parked') return;
  tellOf(orders, claim, { kind: 'park_ended', reason: claim.stage.park.reason, by });
  if (claim.stage.park.untilMs !== null) {
    order(orders, { kind: 'disarm_timer', timer: `park:${claim.issueId}` }, null);
  }
  const { park } = claim.stage;
  const { reason, baseline } = park;
  if (by === 'operator') {
    renewAllowance(orders, claim, park);
    if (reason === 'quota') liftQuota(orders, orders.state.settings.agent.kind);
  }
  if (reason === 'no_evidence') putEmptyRuns(orders, claim, 0);
  if (reason === 'handoff_failed') {
    // The park kept the attempt whose work is done. When the settings stood in the way, only the transition is
    // owed; any other end asks for another attempt.
    if (by === 'workflow_change') {
      queueRetry(orders, claim, { trigger: 'timer', delayMs: 0, error: '', step: 'handoff', baseline });
      // Its label is taken off: that is no change of a person's.
      if (writesUnderWay(orders.state, claim.issueId)) forgetHandoffBaseline(orders, claim);
      return;
    }
    claim.attempt += 1;
  }
  queueRetry(orders, claim, { trigger: 'timer', delayMs: 0, error: '', step });
}

export function endParks(orders: Orders, by: ParkEnd): void {
  for (const claim of [...orders.state.claims.values()]) if (endsOn(claim, by)) endPark(orders, claim, by);
}

/** Its `until` has come. A timer that was armed for another park of the same issue says nothing. */
export function onParkDue(orders: Orders, claim: Claim): void {
  if (!endsOn(claim, 'until') || claim.stage.kind !== 'parked') return;
  const { untilMs } = claim.stage.park;
  if (untilMs !== null && orders.now.atMs >= untilMs) endPark(orders, claim, 'until');
}

/** Each tick: limits that were raised, and baselines that could not be read yet. */
export function tendParks(orders: Orders): void {
  const { state, now } = orders;
  let asked = 0;
  for (const claim of [...state.claims.values()]) {
    if (claim.stage.kind !== 'parked') continue;
    if (limitWasRaised(state, claim.stage.park, now.atMs)) {
      endPark(orders, claim, 'raised_limit');
    } else if (
      // Nobody would know of a label whose park was never written.
      !state.storeFailing &&
      claim.stage.label === 'owed' &&
      asked < BASELINES_PER_TICK &&
      !writesUnderWay(state, claim.issueId)
    ) {
      labelAgain(orders, claim);
      asked += 1;
    } else if (
      claim.stage.park.baseline === null &&
      claim.stage.look === null &&
      asked < BASELINES_PER_TICK
    ) {
      readBaseline(orders, claim);
      asked += claim.stage.look === null ? 0 : 1;
    }
  }
}

/** Leaving the active states drops any park, and so does being deleted. */
function endedByState(orders: Orders, claim: Claim, issue: Issue | null): boolean {
  if (issue === null) {
    release(orders, claim, 'not found');
    return true;
  }
  const { settings } = orders.state;
  learn(claim, issue);
  if (isActive(issue.state, settings)) return false;
  if (isTerminal(issue.state, settings)) clean(orders, claim, null);
  else release(orders, claim, 'not active');
  return true;
}
