// One running Jira site as its routes see it: what it holds, how it behaves, and who may call.
import type { Account } from './accounts.ts';
import type { CompareIssues } from './jql/order.ts';
import type { IssueRecord } from './model.ts';
import type { Random } from './random.ts';
import type { SearchIndex } from './search-index.ts';
import type { Settings } from './settings.ts';
import type { JiraState } from './state.ts';

/** Where a search goes on: right after this issue, in this order. */
export interface PageToken {
  readonly jql: string;
  readonly after: IssueRecord;
  readonly page: number;
}

export interface CachedSearch {
  readonly version: number;
  readonly issues: readonly IssueRecord[];
  readonly compare: CompareIssues;
}

export interface Site {
  readonly url: string;
  readonly cloudId: string;
  readonly state: JiraState;
  readonly index: SearchIndex;
  readonly settings: Settings;
  readonly accounts: Account[];
  readonly random: Random;
  readonly tokens: Map<string, PageToken>;
  readonly searches: Map<string, CachedSearch>;
}
