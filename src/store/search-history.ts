// Pages of history by what no index of the runs holds: the agent, the issue's state, a piece of text. Walks a table
// of nothing but that, in the order of history and in slices, until a page is full or the past is at its end.
import { sql, type Kysely } from 'kysely';
import type { HistoryQuery } from '../contract/store.ts';
import { decodeCursor, type HistoryPlace } from './history-cursor.ts';
import { betweenSlices, type Reading } from './reading.ts';
import type { RunRow, Tables } from './schema.ts';
import { foldedText, integer } from './storable.ts';

/** Some milliseconds of walking. */
export const runsPerSlice = 5_000;

export function needsSearch({ agentKind, state, text }: HistoryQuery): boolean {
  return agentKind !== undefined || state !== undefined || text !== undefined;
}

/** One run more than the page holds when there is a next page. */
export async function searchHistory(
  reading: Reading,
  query: HistoryQuery,
  sliceRuns = runsPerSlice,
): Promise<RunRow[]> {
  const found: RunRow[] = [];
  const wanted = query.limit + 1;
  let after = query.cursor === undefined ? null : decodeCursor(query.cursor);
  for (;;) {
    const last = await reading.inTurn(async () => {
      const end = await sliceEnd(reading, query, after, sliceRuns);
      const slice = searchStatement(reading.db, reading.trackerId, query, { after, end });
      found.push(...(await slice.limit(wanted - found.length).execute()));
      return end;
    });
    if (last === null || found.length >= wanted) return found;
    after = last;
    await betweenSlices();
  }
}

interface Slice {
  readonly after: HistoryPlace | null;
  /** Still in the slice; null = to the end. */
  readonly end: HistoryPlace | null;
}

async function sliceEnd(
  { db, trackerId }: Reading,
  query: HistoryQuery,
  after: HistoryPlace | null,
  sliceRuns: number,
): Promise<HistoryPlace | null> {
  const place = await walk(db, trackerId, query, { after, end: null })
    .select(['run_search.started_at_ms', 'run_search.run_id'])
    .offset(sliceRuns - 1)
    .limit(1)
    .executeTakeFirst();
  return place === undefined ? null : { startedAtMs: place.started_at_ms, runId: place.run_id };
}

/** What is to be walked, in the order of history; nothing is looked for yet. */
function walk(db: Kysely<Tables>, trackerId: number, query: HistoryQuery, { after, end }: Slice) {
  let statement = db.selectFrom('run_search').where('run_search.tracker_id', '=', trackerId);
  const { sinceMs, untilMs } = query;
  if (sinceMs !== undefined) {
    statement = statement.where('run_search.started_at_ms', '>=', integer(sinceMs));
  }
  if (untilMs !== undefined) statement = statement.where('run_search.started_at_ms', '<', integer(untilMs));
  if (after !== null) {
    statement = statement.where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('run_search.started_at_ms', 'run_search.run_id'),
        '<',
        tuple(after.startedAtMs, after.runId),
      ),
    );
  }
  if (end !== null) {
    statement = statement.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('run_search.started_at_ms', 'run_search.run_id'), '>=', tuple(end.startedAtMs, end.runId)),
    );
  }
  return statement.orderBy('run_search.started_at_ms', 'desc').orderBy('run_search.run_id', 'desc');
}

export function searchStatement(db: Kysely<Tables>, trackerId: number, query: HistoryQuery, slice: Slice) {
  const { identifier, status, agentKind, state, text } = query;
  // A cross join keeps its order: only what was found is looked up among the runs.
  let statement = walk(db, trackerId, query, slice)
    .crossJoin('runs')
    .whereRef('runs.run_id', '=', 'run_search.run_id')
    .selectAll('runs');
  if (identifier !== undefined) {
    statement = statement.where('run_search.identifier_key', '=', foldedText(identifier));
  }
  if (status !== undefined) statement = statement.where('run_search.status', '=', status);
  if (agentKind !== undefined) statement = statement.where('run_search.agent_kind', '=', agentKind);
  if (state !== undefined) statement = statement.where('run_search.state_key', '=', foldedText(state));
  if (text !== undefined) {
    const key = foldedText(text);
    statement = statement.where(({ or }) =>
      or(
        (['identifier_key', 'title_key', 'error_key'] as const).map(
          (column) => sql<boolean>`instr(${sql.ref(`run_search.${column}`)}, ${key}) > 0`,
        ),
      ),
    );
  }
  return statement;
}
