// Which issues we have written to a short while ago: Jira's search index lags behind writes by seconds, so a search
// that asks for their states names them in `reconcileIssues`. Bounded in time and number.

/** Far beyond the lag that Atlassian admits to (seconds). */
const freshForMs = 60_000;
/** Jira takes 50 in one search. */
const reconcileLimit = 50;
const memoryLimit = 1_000;

export class RecentWrites {
  readonly #nowMs: () => number;
  /** When, oldest first. */
  readonly #at = new Map<string, number>();

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  note(id: string): void {
    this.#at.delete(id);
    this.#at.set(id, this.#nowMs());
    this.#forget();
  }

  /** Of these, the ones that were written to lately. */
  among(ids: readonly string[]): string[] {
    this.#forget();
    return ids.filter((id) => this.#at.has(id)).slice(0, reconcileLimit);
  }

  #forget(): void {
    const from = this.#nowMs() - freshForMs;
    for (const [id, at] of this.#at) {
      if (at > from && this.#at.size <= memoryLimit) return;
      this.#at.delete(id);
    }
  }
}
