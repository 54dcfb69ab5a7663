// One issue's timeline, page by page from its newest entries back. Entries keep the order in which they were
// recorded, whatever their clock said.
import type { TimelineEntry, TimelinePage, TimelineQuery } from '../contract/observation.ts';
import { assertLimit, type Reading } from './reading.ts';
import { integer } from './storable.ts';

const largestPage = 1_000;

export async function readTimeline(
  { db, trackerId, inTurn }: Reading,
  { issueId, limit, beforeSeq }: TimelineQuery,
): Promise<TimelinePage> {
  assertLimit('timeline', limit, largestPage);
  let statement = db
    .selectFrom('timeline')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .where('issue_id', '=', issueId);
  if (beforeSeq !== undefined) statement = statement.where('seq', '<', integer(beforeSeq));
  // One more than the page holds says whether there is a page before it.
  const rows = await inTurn(() =>
    statement
      .orderBy('seq', 'desc')
      .limit(limit + 1)
      .execute(),
  );
  const entries = rows
    .slice(0, limit)
    .reverse()
    .map((row): TimelineEntry & { readonly seq: number } => ({
      seq: row.seq,
      atMs: row.at_ms,
      issueId: row.issue_id,
      issueIdentifier: row.identifier,
      runId: row.run_id,
      attempt: row.attempt,
      kind: row.kind,
      name: row.name,
      detail: row.detail,
      durationMs: row.duration_ms,
      ok: row.ok === null ? null : row.ok !== 0,
    }));
  return { entries, beforeSeq: rows.length > limit ? (entries[0]?.seq ?? null) : null };
}
