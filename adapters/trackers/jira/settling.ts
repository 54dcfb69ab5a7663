// When "it is not there" may be believed. Jira may still be working on a request whose answer was lost, and its search
// index lags, so a write that was not found counts as missing only when enough time has passed since it can have been
// sent: by this process, by the one before (that is, before this adapter was made), or when the caller says.
import { TrackerError } from '../../../src/contract/tracker.ts';
import type { Clock } from './governor/clock.ts';

/** What is read by id lags behind nothing but a request that is still being worked on. */
const longestByIdMs = 5_000;
const memoryLimit = 1_000;

export class Settling {
  readonly #clock: Clock;
  readonly #settleMs: number;
  readonly #madeAtMs: number;
  /** When the last try of a key began, oldest first. */
  readonly #sent = new Map<string, number>();

  constructor(clock: Clock, settleMs: number) {
    this.#clock = clock;
    this.#settleMs = settleMs;
    this.#madeAtMs = clock.wallMs();
  }

  /** Called just before a write with that key is sent, and when its answer was lost. */
  noteSent(key: string): void {
    this.#sent.delete(key);
    this.#sent.set(key, this.#clock.wallMs());
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= memoryLimit) return;
      this.#sent.delete(oldest);
    }
  }

  /** Throws while it cannot be said that a comment or worklog with that key is not there. */
  checkById(key: string, what: string): void {
    this.#check(this.#sent.get(key) ?? this.#madeAtMs, Math.min(this.#settleMs, longestByIdMs), what);
  }

  /** The same for what was looked for by a search. */
  checkBySearch(key: string, sentAtMs: number, what: string): void {
    this.#check(Math.max(sentAtMs, this.#sent.get(key) ?? 0), this.#settleMs, what);
  }

  #check(sentAtMs: number, settleMs: number, what: string): void {
    const leftMs = sentAtMs + settleMs - this.#clock.wallMs();
    // A clock that was set back makes no longer wait than the whole time.
    if (leftMs <= 0 || leftMs > settleMs) return;
    throw new TrackerError({
      kind: 'tracker_api_error',
      method: 'find',
      path: what,
      detail: `it is not there, but Jira may not show it yet; ask again in ${Math.ceil(leftMs / 1000)} s`,
      retryAfterMs: leftMs,
      applied: 'unknown',
    });
  }
}
