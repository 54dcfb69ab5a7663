// How many calls a run has made in the last minute. What is over the limit is refused and does not count, so that an
// agent that never stops asking still gets its share. How many are worked on at a time is the listener's business.

const MINUTE_MS = 60_000;

export class CallRate {
  /** Rising. */
  #times: number[] = [];

  /** @param nowMs monotonic. @returns 0 = go on; otherwise how long until the next one may come. */
  take(nowMs: number, perMinute: number): number {
    const from = nowMs - MINUTE_MS;
    if ((this.#times[0] ?? nowMs) <= from) this.#times = this.#times.filter((atMs) => atMs > from);
    const oldest = this.#times[this.#times.length - perMinute];
    if (oldest !== undefined) return Math.max(1, oldest + MINUTE_MS - nowMs);
    this.#times.push(nowMs);
    return 0;
  }
}
