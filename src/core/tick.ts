// One tick: reconcile → preflight → candidates → sort → dispatch. Ticks never overlap; one that is asked for
// meanwhile is remembered once. A tick ends when its reads are done, not when the runs it began are.

import type { EventBody, Issue, TickResult } from '../contract/index.ts';
import { inDispatchOrder } from './dispatch-order.ts';
import { judge } from './eligibility.ts';
import { order, tell, type Orders } from './orders.ts';
import { compareWithCandidate, tendParks } from './parking.ts';
import { refreshStates, stopStalled } from './reconcile.ts';
import { startWaitingRetries } from './retries.ts';
import { pauseOf, verdictOf } from './pauses.ts';
import { saveProgress } from './progress-saves.ts';
import { checkCandidate } from './run-start.ts';
import { countSlots, refusalOf, take } from './slots.ts';
import type { CoreState, Tick } from './state.ts';
import { record } from './verdicts.ts';
import { sweep, SWEEP_EVERY_TICKS } from './sweep.ts';

export function beginTick(orders: Orders): void {
  const { state, now } = orders;
  if (state.mode !== 'running') return;
  if (state.tick !== null) {
    state.tickAgain = true;
    return;
  }
  state.tickAgain = false;
  state.tick = {
    startedAtMs: now.atMs,
    startedMonotonicMs: now.monotonicMs,
    candidates: 0,
    dispatched: 0,
    eligible: 0,
    seen: new Set(),
  };
  const sweeps = state.tickNumber % SWEEP_EVERY_TICKS === 0;
  state.tickNumber += 1;
  stopStalled(orders);
  saveProgress(orders);
  if (endedByHold(orders)) return;
  tendParks(orders);
  if (sweeps) sweep(orders);
  if (!refreshStates(orders)) preflight(orders);
}

/** The states of what runs are known, or could not be had: both go on. */
export function preflight(orders: Orders): void {
  if (orders.state.tick === null) return;
  order(orders, { kind: 'run_preflight' }, { kind: 'preflight' });
}

export function onPreflight(orders: Orders, problems: readonly string[]): void {
  const { state } = orders;
  if (state.tick === null) return;
  const failedBefore = state.preflightProblems.length > 0;
  const changed = problems.join('\n') !== state.preflightProblems.join('\n');
  state.preflightProblems = problems;
  if (problems.length > 0) {
    if (changed) tell(orders, { kind: 'preflight_failed', problems });
    endTick(orders, 'skipped', problems.join('; '));
    return;
  }
  if (failedBefore) tell(orders, { kind: 'preflight_recovered' });
  if (state.storeFailing) {
    endTick(orders, 'error', 'the store cannot be written');
    return;
  }
  if (endedByHold(orders)) return;
  startWaitingRetries(orders);
  const slots = countSlots(state);
  if (slots.used >= slots.limit) endTick(orders, 'success', '');
  else order(orders, { kind: 'fetch_candidates', cursor: null }, { kind: 'candidates' });
}

type CandidatePage = Pick<
  Extract<EventBody, { kind: 'candidates_fetched' }>,
  'issues' | 'nextCursor' | 'ordered'
>;

export function onCandidates(orders: Orders, { issues, nextCursor, ordered }: CandidatePage): void {
  const { state, now } = orders;
  const { tick } = state;
  if (tick === null) return;
  const dispatchable: Issue[] = [];
  for (const issue of issues) {
    if (tick.seen.has(issue.id)) continue;
    tick.seen.add(issue.id);
    tick.candidates += 1;
    const claim = state.claims.get(issue.id);
    if (claim?.stage.kind === 'parked') compareWithCandidate(orders, claim, issue);
    const { verdict, detail } = judge(issue, state.settings);
    if (claim !== undefined || verdict !== 'eligible') record(orders, issue, verdict, detail);
    else dispatchable.push(issue);
  }
  // What waits for a slot comes before anything new.
  startWaitingRetries(orders);
  const pause = pauseOf(state, now.atMs);
  if (pause === null) {
    tick.eligible += dispatchable.length;
    dispatch(orders, tick, ordered ? dispatchable : inDispatchOrder(dispatchable));
  } else {
    const { verdict, detail } = verdictOf(pause);
    for (const issue of dispatchable) record(orders, issue, verdict, detail);
  }
  const slots = countSlots(state);
  // While nothing may start, one page shows people why: a backlog is not read to its end for that.
  if (nextCursor !== null && slots.used < slots.limit && pause === null) {
    if (endedByHold(orders)) return;
    order(orders, { kind: 'fetch_candidates', cursor: nextCursor }, { kind: 'candidates' });
    return;
  }
  if (nextCursor === null) forgetUnseen(state, tick);
  // A usage limit passes by itself; anything else that pauses dispatch is for a person, or for another day.
  const waits = pause?.reason === 'quota' && dispatchable.length > 0;
  const isOver = (nextCursor === null || pause !== null) && !waits;
  endTick(orders, 'success', '', { nothingEligible: isOver && tick.eligible === 0 });
}

export function endTick(
  orders: Orders,
  result: TickResult,
  error: string,
  { nothingEligible = false, throttled = false } = {},
): void {
  const { state, now } = orders;
  const { tick } = state;
  if (tick === null) return;
  state.tick = null;
  state.lastTick = { atMs: now.atMs, result, error };
  tell(orders, {
    kind: 'tick_completed',
    result,
    durationMs: now.monotonicMs - tick.startedMonotonicMs,
    candidates: tick.candidates,
    dispatched: tick.dispatched,
    nothingEligible,
    throttled,
    error,
  });
  if (state.mode !== 'running') return;
  const dueAtMs = state.tickAgain
    ? now.atMs
    : Math.max(now.atMs, tick.startedAtMs + state.settings.pollIntervalMs);
  order(orders, { kind: 'arm_timer', timer: 'tick', dueAtMs }, null);
}

/** A request now would wait in the door for as long as the tracker asked, and the tick with it. */
function endedByHold(orders: Orders): boolean {
  const { state, now } = orders;
  if (now.atMs >= state.trackerNotBeforeMs) return false;
  const until = new Date(state.trackerNotBeforeMs).toISOString();
  endTick(orders, 'error', `the tracker asked for no requests before ${until}`, { throttled: true });
  return true;
}

function dispatch(orders: Orders, tick: Tick, issues: readonly Issue[]): void {
  const slots = countSlots(orders.state);
  for (const issue of issues) {
    const refusal = refusalOf(slots, issue.state);
    if (refusal === null && orders.state.mode === 'running') {
      checkCandidate(orders, issue);
      if (orders.state.claims.get(issue.id)?.stage.kind === 'checking') {
        take(slots, issue.state);
        tick.dispatched += 1;
      } else {
        // Set aside at once (max_sessions): not something that could run.
        tick.eligible -= 1;
      }
      record(orders, issue, 'eligible', '');
    } else record(orders, issue, refusal ?? 'eligible', '');
  }
}

function forgetUnseen(state: CoreState, tick: Tick): void {
  for (const issueId of state.verdicts.keys()) if (!tick.seen.has(issueId)) state.verdicts.delete(issueId);
}
