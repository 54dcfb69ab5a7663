// One write of the outbox as a state machine: a row, and what has happened → the row as it is from now on; a row and the
// time → what to do with it at its turn. No clock, no I/O. Two things always hold: a write is sent only from `waiting`,
// and after an answer that was lost it is `waiting` again only after a look that did not find it.

import { hasEnded, type OutboxStatus, type OutboxWrite } from '../../contract/outbox.ts';
import type { WriteResult } from '../../contract/tracker-write.ts';
import type { WriteFailure } from './failures.ts';
import type { OutboxPace, Surfacing } from './pace.ts';

/**
 * On whose account it is written. `agent`: tried until it is sure. `live`: the orchestrator waits for the answer and
 * decides itself what follows a failure. `left`: the orchestrator's, of a daemon that is no more.
 */
export type Standing = 'agent' | 'live' | 'left';

export interface Circumstances {
  readonly standing: Standing;
  readonly surfacing: Surfacing;
  readonly nowMs: number;
  readonly pace: OutboxPace;
}

export type Happened =
  /** It is about to be sent: this is made durable first. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'confirmed'; readonly result: WriteResult }
  /** Sending failed, or what is done before it. */
  | { readonly kind: 'failed'; readonly failure: WriteFailure }
  /** The fresh check found that it would be wrong by now. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Nothing was sent, and nobody wants it any more. */
  | { readonly kind: 'unwanted'; readonly why: string }
  | { readonly kind: 'found'; readonly result: WriteResult }
  | { readonly kind: 'absent' }
  /** It cannot be seen, and a second one would change nothing. */
  | { readonly kind: 'harmless' }
  /** It cannot be seen, and a second one might stand beside the first. */
  | { readonly kind: 'unknowable'; readonly why: string }
  | { readonly kind: 'look_failed'; readonly failure: WriteFailure };

export type Due =
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'send' }
  | { readonly kind: 'look' }
  | { readonly kind: 'drop'; readonly why: string };

const FOUND = 'its answer was lost; it was found applied';
const FOUND_LATE = 'it was sent before, and was found applied before it was sent again';
const DECIDED_ANEW = 'the daemon was restarted; decided anew';

/** What to do with the first write of a lane. A `sending` one was on its way when the last daemon died. */
export function dueWork(row: OutboxWrite, { standing, nowMs }: Circumstances): Due {
  if (hasEnded(row))
    throw new Error(`the write ${row.id} has ended as ${row.status}: it has no turn any more`);
  if (row.dueAtMs !== null && row.dueAtMs > nowMs) return { kind: 'wait', untilMs: row.dueAtMs };
  if (row.status !== 'waiting') return { kind: 'look' };
  if (isStale(row, standing)) return { kind: 'drop', why: DECIDED_ANEW };
  return { kind: 'send' };
}

export function nextStep(row: OutboxWrite, happened: Happened, how: Circumstances): OutboxWrite {
  const { nowMs } = how;
  check(row, happened);
  switch (happened.kind) {
    case 'begun':
      return { ...row, status: 'sending', tries: row.tries + 1, sentAtMs: nowMs, dueAtMs: null };
    case 'confirmed':
      return { ...end(row, 'done', nowMs, ''), result: happened.result };
    case 'found':
      return {
        ...end(row, 'done', nowMs, row.status === 'waiting' ? FOUND_LATE : FOUND),
        result: { ...happened.result, wasThere: true },
      };
    case 'refused':
      return end(row, 'refused', nowMs, withDoubt(row, happened.why));
    case 'unwanted':
      return end(row, 'cancelled', nowMs, happened.why);
    case 'failed':
      return afterFailure(row, happened.failure, how);
    case 'absent':
      return afterAbsence(row, how);
    case 'harmless':
      return notApplied(row, how);
    case 'unknowable':
      return end(row, 'failed', nowMs, `it may have been applied: ${happened.why}`);
    case 'look_failed':
      return afterBlindLook(row, happened.failure, how);
  }
}

/** Where each thing may happen; anything else is a mistake of ours that could write twice. */
const FROM: Readonly<Record<Happened['kind'], readonly OutboxStatus[]>> = {
  begun: ['waiting'],
  refused: ['waiting'],
  // Also after `begun`, as long as nothing was sent.
  unwanted: ['waiting', 'sending'],
  failed: ['waiting', 'sending'],
  confirmed: ['sending'],
  // Also between two tries: the earlier one.
  found: ['waiting', 'sending', 'unsure'],
  absent: ['sending', 'unsure'],
  harmless: ['sending', 'unsure'],
  unknowable: ['sending', 'unsure'],
  look_failed: ['sending', 'unsure'],
};

function check(row: OutboxWrite, { kind }: Happened): void {
  const wasSent = row.tries > 0 || kind !== 'found';
  if (FROM[kind].includes(row.status) && wasSent) return;
  throw new Error(`the write ${row.id} is ${row.status}: "${kind}" cannot happen to it`);
}

function afterFailure(row: OutboxWrite, failure: WriteFailure, how: Circumstances): OutboxWrite {
  const { nowMs, pace, standing } = how;
  const { message } = failure;
  if (row.status === 'sending' && failure.applied === 'unknown') {
    return { ...row, status: 'unsure', dueAtMs: nowMs, detail: message };
  }
  const tired =
    failure.kind === 'tracker_api_error' &&
    failure.retryAfterMs === undefined &&
    row.tries >= pace.refusedTries;
  if (standing === 'live' || !failure.retryable || tired) {
    return end(row, 'failed', nowMs, withDoubt(row, message));
  }
  const waitMs = row.status === 'sending' ? backoffMs(row.tries, pace) : waitAsLong(row.requestedAtMs, how);
  const dueAtMs = nowMs + Math.max(waitMs, failure.retryAfterMs ?? 0);
  if (dueAtMs - row.requestedAtMs > pace.giveUpMs) return end(row, 'failed', nowMs, givenUp(message));
  return { ...row, status: 'waiting', dueAtMs, detail: message };
}

function afterAbsence(row: OutboxWrite, how: Circumstances): OutboxWrite {
  const sentAtMs = row.sentAtMs ?? how.nowMs;
  const next = how.pace.lookAgainMs[how.surfacing].find((afterMs) => sentAtMs + afterMs > how.nowMs);
  if (next === undefined) return notApplied(row, how);
  return { ...row, status: 'unsure', dueAtMs: sentAtMs + next };
}

/** Looked for and not there, or no matter. */
function notApplied(row: OutboxWrite, { standing, nowMs, pace }: Circumstances): OutboxWrite {
  if (standing === 'live') return end(row, 'failed', nowMs, row.detail);
  if (isStale(row, standing)) return end(row, 'cancelled', nowMs, DECIDED_ANEW);
  const dueAtMs = Math.max(nowMs, (row.sentAtMs ?? nowMs) + backoffMs(row.tries, pace));
  if (dueAtMs - row.requestedAtMs > pace.giveUpMs) return end(row, 'failed', nowMs, givenUp(row.detail));
  return { ...row, status: 'waiting', dueAtMs };
}

/** A tracker that says 0 is not asked in a loop. */
const SHORTEST_ASK_MS = 1_000;

function afterBlindLook(row: OutboxWrite, failure: WriteFailure, how: Circumstances): OutboxWrite {
  const { nowMs, pace } = how;
  const { message } = failure;
  if (failure.kind === 'tracker_not_found' && row.write.operation !== 'create_issue') {
    return end(row, 'failed', nowMs, `it may have been applied, and the issue is gone: ${message}`);
  }
  // Who says when to ask again knows better than we how long it takes, also when the write is old.
  const waitMs =
    failure.retryAfterMs === undefined
      ? waitAsLong(row.sentAtMs ?? nowMs, how)
      : Math.max(SHORTEST_ASK_MS, failure.retryAfterMs);
  const dueAtMs = nowMs + waitMs;
  if (dueAtMs - row.requestedAtMs > pace.giveUpMs) {
    return end(row, 'failed', nowMs, `it may have been applied: ${givenUp(message)}`);
  }
  return { ...row, status: 'unsure', dueAtMs, detail: `nobody knows whether it was applied: ${message}` };
}

/** The orchestrator moves an issue for a reason that a restart makes it judge again; what it says, it may say late. */
function isStale(row: OutboxWrite, standing: Standing): boolean {
  return standing === 'left' && row.write.operation === 'transition_issue';
}

function end(row: OutboxWrite, status: OutboxStatus, nowMs: number, detail: string): OutboxWrite {
  return { ...row, status, endedAtMs: nowMs, dueAtMs: null, detail };
}

/** An earlier try was looked for and not found, which is as sure as a tracker lets it be. */
function withDoubt(row: OutboxWrite, text: string): string {
  const before = row.status === 'sending' ? row.tries - 1 : row.tries;
  return before > 0 ? `${text} (it had been sent ${before === 1 ? 'once' : `${before} times`} before)` : text;
}

function givenUp(text: string): string {
  return `given up: ${text}`;
}

/** After the nth try: 5 s, 10 s, 20 s… */
function backoffMs(tries: number, { firstBackoffMs, longestBackoffMs }: OutboxPace): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(Math.max(0, tries - 1), 30));
}

/** As long as it has taken up to now, which doubles it each time and needs no counter. */
function waitAsLong(sinceMs: number, { nowMs, pace }: Circumstances): number {
  return Math.min(pace.longestBackoffMs, Math.max(pace.firstBackoffMs, nowMs - sinceMs));
}
