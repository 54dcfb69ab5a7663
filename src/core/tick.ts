// One tick: reconcile → preflight → candidates → sort → dispatch. Ticks never overlap; one that is asked for
// meanwhile is remembered once. A tick ends when its reads are done, not when the runs it began are.

import type { EventBody, Issue, PauseReason, TickResult, Verdict } from '../contract/index.ts';
import { breakerWakesAtMs } from './breaker.ts';
import { inDispatchOrder } from './dispatch-order.ts';
import { judge } from './eligibility.ts';
import { countInHandoff, keptVerdict, noteCount, roomForNew } from './handoff-limit.ts';
import { minuteAfter } from './minutes.ts';
import { order, tell, type Orders } from './orders.ts';
import { queuePreflightFailed } from './notify.ts';
import { compareWithCandidate, tendParks } from './parking.ts';
import { refreshStates, stopStalled } from './reconcile.ts';
import { startWaitingRetries } from './retries.ts';
import { pauseOf, pauseOfNew, verdictOf } from './pauses.ts';
import { saveProgress } from './progress-saves.ts';
import { checkCandidate } from './run-start.ts';
import { endSetback, setBackLast } from './setbacks.ts';
import { countSlots, refusalOf, take } from './slots.ts';
import type { CoreState, Tick } from './state.ts';
import { beginLook, forgetUnseen, record, recordSelected } from './verdicts.ts';
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
    if (!failedBefore) queuePreflightFailed(orders, problems);
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
  // Where nothing may be started anyway, nobody asks how much people have to review.
  const mayCount = pauseOf(state, orders.now.atMs) === null && hasFreeSlot(state);
  if (!mayCount || !countInHandoff(orders)) readCandidates(orders);
}

/** The answer, in the same tick. */
export function onHandoffCounted(orders: Orders, askedOf: string, count: number): void {
  if (orders.state.tick === null) return;
  const isKnown = noteCount(orders, askedOf, count);
  if (endedByHold(orders)) return;
  if (isKnown || !countInHandoff(orders)) readCandidates(orders);
}

function readCandidates(orders: Orders): void {
  if (!hasFreeSlot(orders.state)) endTick(orders, 'success', '');
  else order(orders, { kind: 'fetch_candidates', cursor: null }, { kind: 'candidates' });
}

function hasFreeSlot(state: CoreState): boolean {
  const { used, limit } = countSlots(state);
  return used < limit;
}

/** By themselves, or when who paused it resumes; anything else is for a person, or for another day. */
const PASSES: ReadonlySet<PauseReason> = new Set<PauseReason>(['quota', 'breaker', 'paused']);

type CandidatePage = Pick<
  Extract<EventBody, { kind: 'candidates_fetched' }>,
  'issues' | 'nextCursor' | 'ordered'
>;

export function onCandidates(orders: Orders, { issues, nextCursor, ordered }: CandidatePage): void {
  const { state, now } = orders;
  const { tick } = state;
  if (tick === null) return;
  if (tick.seen.size === 0) beginLook(state);
  const dispatchable: Issue[] = [];
  for (const issue of issues) {
    if (tick.seen.has(issue.id)) continue;
    tick.seen.add(issue.id);
    tick.candidates += 1;
    const claim = state.claims.get(issue.id);
    if (claim?.stage.kind === 'parked') compareWithCandidate(orders, claim, issue);
    const { verdict, detail } = judge(issue, state.settings);
    if (verdict !== 'eligible') endSetback(state, issue.id);
    if (claim !== undefined || verdict !== 'eligible') record(orders, issue, verdict, detail);
    else dispatchable.push(issue);
  }
  // What waits for a slot comes before anything new.
  startWaitingRetries(orders);
  const pause = pauseOfNew(state, now.atMs);
  if (pause === null) tick.eligible += dispatchable.length;
  dispatch(orders, tick, setBackLast(orders, ordered ? dispatchable : inDispatchOrder(dispatchable)));
  // While nothing may start, one page shows people why: a backlog is not read to its end for that.
  if (nextCursor !== null && hasFreeSlot(state) && closedDoor(orders, tick) === null) {
    if (endedByHold(orders)) return;
    order(orders, { kind: 'fetch_candidates', cursor: nextCursor }, { kind: 'candidates' });
    return;
  }
  if (nextCursor === null) forgetUnseen(state, tick.seen);
  const passes = pause !== null && PASSES.has(pause.reason);
  const waits = passes && dispatchable.length > 0;
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
  armTick(orders, tick.startedAtMs);
}

/**
 * The next one comes in time for whoever the breaker lets through: the poll interval may be longer than its wait.
 * @param lastAtMs when the last one began.
 */
export function armTick(orders: Orders, lastAtMs: number): void {
  const { state, now } = orders;
  const wakesAtMs = breakerWakesAtMs(state, now.atMs) ?? Infinity;
  const nextAtMs = state.tickAgain ? now.atMs : lastAtMs + state.settings.pollIntervalMs;
  const dueAtMs = Math.max(now.atMs, Math.min(nextAtMs, wakesAtMs));
  order(orders, { kind: 'arm_timer', timer: 'tick', dueAtMs }, null);
}

/** A request now would wait in the door for as long as the tracker asked, and the tick with it. */
function endedByHold(orders: Orders): boolean {
  const { state, now } = orders;
  if (now.atMs >= state.trackerNotBeforeMs) return false;
  const until = minuteAfter(state.trackerNotBeforeMs);
  endTick(orders, 'error', `the tracker asked for no requests before ${until}`, { throttled: true });
  return true;
}

function dispatch(orders: Orders, tick: Tick, issues: readonly Issue[]): void {
  const slots = countSlots(orders.state);
  let closed = closedDoor(orders, tick);
  for (const issue of issues) {
    if (closed !== null) {
      record(orders, issue, closed.verdict, closed.detail);
      continue;
    }
    const refusal = refusalOf(slots, issue.state);
    if (refusal === null && orders.state.mode === 'running') {
      recordSelected(orders, issue);
      checkCandidate(orders, issue);
      if (orders.state.claims.get(issue.id)?.stage.kind === 'checking') {
        take(slots, issue.state);
        tick.dispatched += 1;
        closed = closedDoor(orders, tick);
      } else {
        // Set aside at once (max_sessions): not something that could run.
        tick.eligible -= 1;
      }
    } else record(orders, issue, refusal ?? 'eligible', refusal === 'no_state_slot' ? issue.state : '');
  }
}

/** Why nothing new is begun now; null = something may be. */
function closedDoor({ state, now }: Orders, tick: Tick): { verdict: Verdict; detail: string } | null {
  const pause = pauseOfNew(state, now.atMs);
  if (pause !== null) return verdictOf(pause, state);
  // Without a slot it is the slot that is missing, whatever room people have.
  return roomForNew(state, tick) > 0 || !hasFreeSlot(state) ? null : keptVerdict(state, tick);
}
