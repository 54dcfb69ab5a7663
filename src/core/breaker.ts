// The breaker: so many issues in a row that fail in the same way have one cause, and more runs would only fail the
// same way. Modes: *closed*, failures in a row are counted; *open* until a time that doubles; then *trying*: one run
// at a time, the canary, is let through, and its first completed turn or good end closes the breaker.
//
// What began before the breaker opened goes on and decides nothing. Nothing of this is durable: a restart begins
// closed and with an empty count, so a cause that outlives it has to be met that often again. A workflow change, which
// may be the cure, does the same.

import type { PauseEntry, RunExit, Verdict } from '../contract/index.ts';
import { queueBreakerOpen } from './notify.ts';
import type { Orders } from './orders.ts';
import { blameOf, classOf } from './shared-causes.ts';
import type { Claim, CoreState, Run } from './state.ts';

export interface ClosedBreaker {
  readonly kind: 'closed';
  /** Of the failures in a row; "" = there are none. */
  readonly failureClass: string;
  /** Whose runs failed so. */
  readonly issueIds: Set<string>;
  /** When the first of them did. */
  readonly sinceMonotonicMs: number;
}

export interface OpenBreaker {
  readonly kind: 'open';
  readonly failureClass: string;
  readonly issues: number;
  /** Of the last of them. */
  readonly error: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** How often it was opened again by a run that was let through. */
  readonly times: number;
  /** The issue that was let through last. */
  canary: string | null;
}

const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 1_800_000;

/** Of what has failed so far, nothing. */
export function closedBreaker(): ClosedBreaker {
  return { kind: 'closed', failureClass: '', issueIds: new Set(), sinceMonotonicMs: 0 };
}

/** A workflow change; or a run that shows that whatever all runs share is sound. */
export function resetBreaker(state: CoreState): void {
  state.breaker = closedBreaker();
}

/** Whether the breaker keeps a run from being started: of this issue, or (null) of any. */
export function breakerHolds(state: CoreState, atMs: number, issueId: string | null): boolean {
  const breaker = openBreaker(state);
  if (breaker === null) return false;
  const canary = canaryOf(state, breaker);
  return canary === null ? isWaiting(breaker, atMs) : canary !== issueId;
}

/** This issue is about to be looked at or started: while the breaker is open, it is the one that tries. */
export function sendCanary({ breaker }: CoreState, issueId: string): void {
  if (breaker.kind === 'open') breaker.canary = issueId;
}

/** When the next one may try; null = nobody has to wait for a time. */
export function breakerWakesAtMs(state: CoreState, atMs: number): number | null {
  const breaker = openBreaker(state);
  return breaker !== null && isWaiting(breaker, atMs) ? breaker.untilMs : null;
}

/** `untilMs` null: its wait is over, and one run at a time is let through. */
export function breakerPause(state: CoreState, atMs: number): PauseEntry | null {
  const breaker = openBreaker(state);
  if (breaker === null) return null;
  const waits = isWaiting(breaker, atMs);
  const tries = waits ? '' : '; one run at a time is let through to see whether it is over';
  const detail = `${describe(breaker)}; the last: ${breaker.error}${tries}`;
  return { reason: 'breaker', agentKind: null, detail, untilMs: waits ? breaker.untilMs : null };
}

/** Holds no figure that changes, so that it is the same verdict from one tick to the next. */
export function breakerVerdict({ breaker }: CoreState): { verdict: Verdict; detail: string } {
  return { verdict: 'breaker_open', detail: breaker.kind === 'open' ? describe(breaker) : '' };
}

/** True: it has just opened, or opened again. */
export function breakerOnEnd(orders: Orders, claim: Claim, run: Run, exit: RunExit): boolean {
  const { state } = orders;
  const { breaker } = state;
  if (state.settings.agent.breakerFailures <= 0) {
    resetBreaker(state);
    return false;
  }
  if (breaker.kind === 'open') {
    if (breaker.canary !== claim.issueId) return false;
    breaker.canary = null;
  }
  const word = wordOf(run, exit);
  if (word.blame === 'own') resetBreaker(state);
  if (word.blame !== 'shared') return false;
  return breaker.kind === 'open' ? openAgain(orders, breaker, word) : count(orders, claim, breaker, word);
}

/** True: it has just closed. A run that began before the first of the failures says nothing of what failed since. */
export function breakerOnTurn({ state }: Orders, claim: Claim, run: Run): boolean {
  const { breaker } = state;
  if (breaker.kind === 'open') {
    if (breaker.canary !== claim.issueId) return false;
    resetBreaker(state);
    return true;
  }
  if (run.startedMonotonicMs >= breaker.sinceMonotonicMs) resetBreaker(state);
  return false;
}

interface SharedFailure {
  readonly blame: 'shared';
  readonly failureClass: string;
  readonly message: string;
}

/** What an end says of what all runs share. A run that was told to stop says nothing, unless it ended well. */
function wordOf({ stopping }: Run, exit: RunExit): SharedFailure | { readonly blame: 'own' | 'silent' } {
  if (exit.kind === 'normal') return { blame: 'own' };
  if (exit.kind === 'cancelled' || stopping !== null) return { blame: 'silent' };
  const blame = blameOf(exit.failure);
  if (blame !== 'shared') return { blame };
  return { blame, failureClass: classOf(exit.failure), message: exit.failure.message };
}

function count(orders: Orders, claim: Claim, closed: ClosedBreaker, failure: SharedFailure): boolean {
  const { state, now } = orders;
  const { failureClass, message } = failure;
  const isNew = closed.failureClass !== failureClass;
  const row = isNew ? { ...closedBreaker(), failureClass, sinceMonotonicMs: now.monotonicMs } : closed;
  row.issueIds.add(claim.issueId);
  state.breaker = row;
  const issues = row.issueIds.size;
  if (issues < state.settings.agent.breakerFailures) return false;
  const sinceMs = now.atMs;
  state.breaker = {
    ...{ kind: 'open', failureClass, issues, error: message, sinceMs, times: 0, canary: null },
    untilMs: sinceMs + waitMs(0),
  };
  queueBreakerOpen(orders, {
    sinceMs,
    summary: describe(state.breaker),
    detail: message,
    code: failureClass,
  });
  return true;
}

/** In another way than before, perhaps: a full disk shows itself in many. It is not over. */
function openAgain({ state, now }: Orders, before: OpenBreaker, { message }: SharedFailure): boolean {
  const times = before.times + 1;
  state.breaker = { ...before, error: message, times, untilMs: now.atMs + waitMs(times) };
  return true;
}

function describe({ issues, failureClass }: OpenBreaker): string {
  const who = issues === 1 ? 'an issue failed' : `${issues} issues in a row failed in the same way`;
  return `${who} (${failureClass})`;
}

function openBreaker({ settings, breaker }: CoreState): OpenBreaker | null {
  return settings.agent.breakerFailures > 0 && breaker.kind === 'open' ? breaker : null;
}

/** A clock that was set back must not hold everybody for longer than any wait lasts. */
function isWaiting({ untilMs }: OpenBreaker, atMs: number): boolean {
  return atMs < untilMs && untilMs - atMs <= LONGEST_WAIT_MS;
}

/** Whoever was let through and is still on its way; one that was refused before its start has made room. */
function canaryOf({ claims }: CoreState, { canary }: OpenBreaker): string | null {
  const stage = canary === null ? undefined : claims.get(canary)?.stage.kind;
  return stage === 'checking' || stage === 'running' ? canary : null;
}

function waitMs(times: number): number {
  // 2^5 minutes are past the limit; the clamp keeps the arithmetic exact.
  return Math.min(FIRST_WAIT_MS * 2 ** Math.min(times, 5), LONGEST_WAIT_MS);
}
