// How retries, parks and what is remembered of an issue become rows. All are keyed by the tracker and the
// issue's id; putting replaces the whole row, deleting or forgetting what is not there is no error.
import type { Transaction } from 'kysely';
import type { StoredPark, StoredRetry, StoreWrite } from '../contract/store.ts';
import type { IssueRow, Tables } from './schema.ts';
import {
  amount,
  count,
  identifierKey,
  integer,
  integerOrNull,
  outsideText,
  type Redact,
} from './storable.ts';

export interface WriteContext {
  readonly db: Transaction<Tables>;
  readonly trackerId: number;
  readonly nowMs: number;
  readonly redact: Redact;
}

export type Remembered = Partial<
  Omit<IssueRow, 'tracker_id' | 'issue_id' | 'identifier' | 'identifier_key' | 'updated_at_ms'>
>;

export const noUsage = {
  session_input_tokens: null,
  session_output_tokens: null,
  session_cache_read_tokens: null,
  session_reported_cost_usd: null,
  session_pending_cost_usd: null,
} satisfies Remembered;

const nothingSpent = {
  spent_input_tokens: 0,
  spent_output_tokens: 0,
  spent_cache_read_tokens: 0,
  spent_cost_usd: 0,
} satisfies Remembered;

const nothing = {
  workspace_path: null,
  session_id: null,
  session_agent_kind: null,
  sessions_used: 0,
  empty_runs: 0,
  ...nothingSpent,
  ...noUsage,
} satisfies Remembered;

/** Also takes over a changed identifier: an issue that moved to another project keeps its id. */
export async function rememberIssue(
  { db, trackerId, nowMs }: WriteContext,
  issue: { readonly issueId: string; readonly identifier: string },
  facts: Remembered,
): Promise<void> {
  const changed = {
    identifier: issue.identifier,
    identifier_key: identifierKey(issue.identifier),
    updated_at_ms: nowMs,
    ...facts,
  };
  await db
    .insertInto('issues')
    .values({ tracker_id: trackerId, issue_id: issue.issueId, ...nothing, ...changed })
    .onConflict((conflict) => conflict.columns(['tracker_id', 'issue_id']).doUpdateSet(changed))
    .execute();
}

/** An issue that no run has started for has nothing to set; that is no error. */
export async function setIssue(context: WriteContext, issueId: string, facts: Remembered): Promise<void> {
  await context.db
    .updateTable('issues')
    .set({ ...facts, updated_at_ms: context.nowMs })
    .where('tracker_id', '=', context.trackerId)
    .where('issue_id', '=', issueId)
    .execute();
}

/** Another session than before has used nothing that is known: the usage of the old one would be taken off its own. */
export async function setSession(
  context: WriteContext,
  { issueId, sessionId, agentKind }: Extract<StoreWrite, { kind: 'run_session' }>,
): Promise<void> {
  const { db, trackerId } = context;
  await db
    .updateTable('issues')
    .set(noUsage)
    .where('tracker_id', '=', trackerId)
    .where('issue_id', '=', issueId)
    .where((is) =>
      is.or([is('session_id', 'is not', sessionId), is('session_agent_kind', 'is not', agentKind)]),
    )
    .execute();
  await setIssue(context, issueId, { session_id: sessionId, session_agent_kind: agentKind });
}

export async function putRetry({ db, trackerId, redact }: WriteContext, retry: StoredRetry): Promise<void> {
  const row = {
    identifier: retry.identifier,
    title: outsideText(retry.title, redact),
    attempt: count(retry.attempt),
    failures: count(retry.failures),
    due_at_ms: integer(retry.dueAtMs),
    retry_trigger: retry.trigger,
    error: outsideText(retry.error, redact),
    step: retry.step,
    refusals: count(retry.refusals),
    look_failures: count(retry.lookFailures),
    baseline: retry.baseline,
  };
  await db
    .insertInto('retries')
    .values({ tracker_id: trackerId, issue_id: retry.issueId, ...row })
    .onConflict((conflict) => conflict.columns(['tracker_id', 'issue_id']).doUpdateSet(row))
    .execute();
}

export async function putPark({ db, trackerId, redact }: WriteContext, park: StoredPark): Promise<void> {
  const row = {
    identifier: park.identifier,
    title: outsideText(park.title, redact),
    reason: park.reason,
    detail: outsideText(park.detail, redact),
    parked_at_ms: integer(park.parkedAtMs),
    until_ms: integerOrNull(park.untilMs),
    attempt: count(park.attempt),
    failures: count(park.failures),
    baseline: park.baseline,
    crossed_limit: park.crossed?.limit ?? null,
    crossed_allowed: park.crossed ? amount(park.crossed.allowed) : null,
    crossed_used: park.crossed ? amount(park.crossed.used) : null,
  };
  await db
    .insertInto('parks')
    .values({ tracker_id: trackerId, issue_id: park.issueId, ...row })
    .onConflict((conflict) => conflict.columns(['tracker_id', 'issue_id']).doUpdateSet(row))
    .execute();
}

export async function deleteFor(
  { db, trackerId }: WriteContext,
  table: 'retries' | 'parks',
  issueId: string,
): Promise<void> {
  await db.deleteFrom(table).where('tracker_id', '=', trackerId).where('issue_id', '=', issueId).execute();
}
