// Whether a search for candidates would hold one issue: a single search that names it. Jira refuses a query that names an
// issue which does not exist (400), in words of the account's language, so a refusal is looked into before it is believed
// to be about the filter.
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { IssueRef } from '../../../../src/contract/issue.ts';
import type { JiraClient } from '../client.ts';
import { isNumericId } from '../jql.ts';
import type { IssueWire } from '../normalise-issue.ts';
import { issuePage } from './candidates.ts';
import { readIfThere } from './issues.ts';
import { searchPage } from './search.ts';

/** The issue with its status, or nothing. Its index entry is made current first, where Jira is given an id for that. */
export async function findAmongCandidates(
  client: JiraClient,
  { jql, issue }: { readonly jql: string; readonly issue: IssueRef },
  signal: AbortSignal,
): Promise<IssueWire[]> {
  const reconcile = isNumericId(issue.id) ? [issue.id] : [];
  const search = { jql, fields: ['status'], schema: issuePage, reconcile };
  try {
    return (await searchPage(client, search, undefined, 1, signal)).issues;
  } catch (error) {
    if (!(error instanceof TrackerError) || error.kind !== 'tracker_payload_error') throw error;
    const exists = await readIfThere(client, isNumericId(issue.id) ? issue.id : issue.identifier, signal);
    if (exists === null) return [];
    throw error;
  }
}
