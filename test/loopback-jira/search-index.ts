// What search sees: the issues as they were some milliseconds or some requests ago, like Jira's index.
// By-id reads never come here. Changes arrive in order and become visible in order, each when it is old enough.
import type { IssueRecord } from './model.ts';
import type { JiraState } from './state.ts';

interface Change {
  readonly id: string;
  readonly record: IssueRecord | null;
  readonly atMs: number;
  readonly atRequest: number;
}

interface Lag {
  readonly indexLagMs: number;
  readonly indexLagRequests: number;
}

export class SearchIndex {
  readonly #state: JiraState;
  readonly #requestNumber: () => number;
  readonly #visible: Map<string, IssueRecord>;
  #waiting: Change[] = [];
  #version = 0;

  constructor(state: JiraState, requestNumber: () => number) {
    this.#state = state;
    this.#requestNumber = requestNumber;
    this.#visible = new Map(state.issues);
    state.onIssueChange((id, record) => {
      this.#waiting.push({ id, record, atMs: state.now(), atRequest: requestNumber() });
    });
  }

  /** Grows whenever search results may have changed. */
  get version(): number {
    return this.#version;
  }

  view(lag: Lag): ReadonlyMap<string, IssueRecord> {
    const nowMs = this.#state.now();
    const request = this.#requestNumber();
    const firstHidden = this.#waiting.findIndex(
      ({ atMs, atRequest }) =>
        nowMs - atMs < lag.indexLagMs ||
        (lag.indexLagRequests > 0 && request - atRequest <= lag.indexLagRequests),
    );
    const ready = this.#waiting.splice(0, firstHidden < 0 ? this.#waiting.length : firstHidden);
    for (const { id, record } of ready) {
      if (record) this.#visible.set(id, record);
      else this.#visible.delete(id);
      this.#version += 1;
    }
    return this.#visible;
  }
}
