// Pages of ended runs, newest start first. Walks one index from the cursor on, so a page costs the same
// at the beginning and at the end of a long history; what no index holds is search-history.ts.
import { sql, type Kysely } from 'kysely';
import type { HistoryPage, HistoryQuery, HistoryRun } from '../contract/store.ts';
import { decodeCursor, encodeCursor } from './history-cursor.ts';
import { assertLimit, type Reading } from './reading.ts';
import type { RunRow, Tables } from './schema.ts';
import { needsSearch, searchHistory } from './search-history.ts';
import { identifierKey, integer } from './storable.ts';
import { tokensOf } from './stored-rows.ts';

const largestPage = 500;

export async function readHistory(reading: Reading, query: HistoryQuery): Promise<HistoryPage> {
  assertLimit('history', query.limit, largestPage);
  const { db, trackerId, inTurn } = reading;
  const rows = needsSearch(query)
    ? await searchHistory(reading, query)
    : await inTurn(() => historyStatement(db, trackerId, query).execute());
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const more = rows.length > shown.length && last !== undefined;
  return {
    runs: shown.map(historyRun),
    nextCursor: more ? encodeCursor({ startedAtMs: last.started_at_ms, runId: last.run_id }) : null,
  };
}

/** Asks for one row more than the page holds, which says whether there is a next one. */
export function historyStatement(db: Kysely<Tables>, trackerId: number, query: HistoryQuery) {
  const { limit, cursor, identifier, status, sinceMs, untilMs } = query;
  let statement = db
    .selectFrom('runs')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .where('status', 'is not', null);
  if (identifier !== undefined) statement = statement.where('identifier_key', '=', identifierKey(identifier));
  // With an identifier its index must win (an issue has few runs, a status many): `+` hides the other.
  if (status !== undefined && identifier !== undefined) {
    statement = statement.where(sql`+status`, '=', status);
  } else if (status !== undefined) {
    statement = statement.where('status', '=', status);
  }
  if (sinceMs !== undefined) statement = statement.where('started_at_ms', '>=', integer(sinceMs));
  if (untilMs !== undefined) statement = statement.where('started_at_ms', '<', integer(untilMs));
  if (cursor !== undefined) {
    const place = decodeCursor(cursor);
    statement = statement.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('started_at_ms', 'run_id'), '<', tuple(place.startedAtMs, place.runId)),
    );
  }
  return statement
    .orderBy('started_at_ms', 'desc')
    .orderBy('run_id', 'desc')
    .limit(limit + 1);
}

function historyRun(row: RunRow): HistoryRun {
  return {
    runId: row.run_id,
    issueId: row.issue_id,
    issueIdentifier: row.identifier,
    title: row.title,
    issueState: row.issue_state,
    issueLabels: JSON.parse(row.issue_labels) as string[],
    issueUrl: row.issue_url,
    attempt: row.attempt,
    status: row.status,
    error: row.error,
    evidence: row.evidence,
    agentKind: row.agent_kind,
    sessionId: row.session_id,
    workspacePath: row.workspace_path,
    startedAtMs: row.started_at_ms,
    completedAtMs: row.completed_at_ms,
    secondsRunning: row.seconds_running,
    turnsCompleted: row.turns,
    tokens: tokensOf(row),
    costUsd: row.cost_usd,
    costEstimated: row.cost_estimated !== 0,
  };
}
