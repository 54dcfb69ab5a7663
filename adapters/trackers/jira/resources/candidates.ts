// The candidates in dispatch order, page by page: the reader stops when its slots are filled. One query, most urgent
// first; or, with an order of priority names, one query for each name and one for the rest. It reads on past issues
// that cannot be dispatched, but only so many pages a poll, and says when it stopped there.
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { JiraConnection } from '../connection.ts';
import { dispatchOrderJql, type JqlScope, type PriorityTier } from '../jql.ts';
import { issueFields, issueWire, type IssueWire } from '../normalise-issue.ts';
import { readPriorities } from './schema.ts';
import { searchPageOf, searchPages, type PageBudget } from './search.ts';

export const issuePage = searchPageOf(issueWire);

export class CandidateStream {
  readonly #connection: JiraConnection;
  readonly #scope: JqlScope;
  /** As in the settings, less the names that Jira turned out not to know. */
  #order: readonly string[];
  #stoppedAtLimit = false;

  constructor(connection: JiraConnection, scope: JqlScope) {
    this.#connection = connection;
    this.#scope = scope;
    this.#order = connection.settings.priorityOrder;
  }

  async *pages(signal: AbortSignal): AsyncGenerator<IssueWire[], void, void> {
    const pages = this.#connection.settings.maxCandidatePages;
    const budget: PageBudget = { left: pages, cut: false };
    const ids = new Set<string>();
    for (const tier of this.#tiers()) {
      for await (const page of this.#tier(tier, budget, signal)) {
        // An issue whose priority was changed while we read comes in two tiers.
        const fresh = page.filter(({ id }) => !ids.has(id) && ids.add(id));
        if (fresh.length > 0) yield fresh;
      }
    }
    if (budget.cut) this.#tellLimit(pages, ids.size);
    else this.#stoppedAtLimit = false;
  }

  /** The rest is asked for last, when it is known which names Jira knows. */
  *#tiers(): Generator<PriorityTier> {
    for (const name of this.#order) yield { kind: 'named', name };
    if (this.#order.length === 0) yield { kind: 'all' };
    else yield { kind: 'rest', names: this.#order };
  }

  async *#tier(
    tier: PriorityTier,
    budget: PageBudget,
    signal: AbortSignal,
  ): AsyncGenerator<IssueWire[], void, void> {
    const { client, warn } = this.#connection;
    const jql = dispatchOrderJql(this.#scope, tier);
    if (jql === null) return;
    try {
      yield* searchPages(client, { jql, fields: issueFields, schema: issuePage, budget }, signal);
    } catch (error) {
      if (tier.kind !== 'named' || !(error instanceof TrackerError)) throw error;
      if (error.kind !== 'tracker_payload_error') throw error;
      // Jira refuses a name that it does not know, in words that must not be read: is that the reason?
      const known = await readPriorities(client, signal);
      if (known.some(({ name }) => name.toLowerCase() === tier.name.toLowerCase())) throw error;
      this.#order = this.#order.filter((name) => name !== tier.name);
      const message = 'jira.priority_order names a priority that Jira does not know; it is left out';
      warn(message, { priority: tier.name });
    }
  }

  #tellLimit(pages: number, issues: number): void {
    if (this.#stoppedAtLimit) return;
    this.#stoppedAtLimit = true;
    const message =
      'stopped reading candidates at jira.max_candidate_pages; narrow tracker.query_filter or raise it';
    this.#connection.warn(message, { pages, issues });
  }
}
