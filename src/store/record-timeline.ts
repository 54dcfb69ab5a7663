// Writes what happened to issues, and forgets: the oldest entries of an issue that has very many, entries older than
// 400 days, and the oldest of all when the file holds two million, of whichever tracker. Each call forgets only a
// bounded number, in proportion to what it adds, so no call stalls the daemon.
import { sql, type Transaction } from 'kysely';
import type { TimelineEntry } from '../contract/observation.ts';
import type { Tables } from './schema.ts';
import { integer, integerOrNull, outsideText } from './storable.ts';
import type { WriteContext } from './write-issue.ts';

export interface TimelineLimits {
  readonly entriesPerIssue: number;
  readonly entries: number;
  readonly keptMs: number;
}

export const timelineLimits: TimelineLimits = {
  entriesPerIssue: 5_000,
  entries: 2_000_000,
  keptMs: 400 * 24 * 3_600_000,
};

/** How much of the past each call looks at besides twice what it adds: always gains on what is added. */
const entriesPerSweep = 500;
/** An issue is cut when it may have come this near to its limit since it was last cut. */
const headroomShare = 0.05;
/** Issues that are remembered as cut; forgetting one costs a look at it, no more. */
const issuesRemembered = 10_000;

const nameLimit = 200;
const detailLimit = 2_000;

export interface TimelineRecorder {
  /** Within a transaction; when that fails, call `forget` before the next one. */
  readonly record: (context: WriteContext, entries: readonly TimelineEntry[]) => Promise<void>;
  /** The last call was undone. */
  readonly forget: () => void;
}

export function createTimelineRecorder(limits: TimelineLimits = timelineLimits): TimelineRecorder {
  const headroom = Math.max(1, Math.floor(limits.entriesPerIssue * headroomShare));
  const addedSinceCut = new Map<string, number>();
  /**
   * Counted once, and from then on kept: counting two million takes too long for each call, most of all while the disk
   * is full and every call fails. As of the last call that went through; a commit whose answer was lost is not in it,
   * which a next start puts right.
   */
  let settled: number | null = null;
  /** As the last call leaves it, unless that is undone. */
  let total: number | null = null;

  async function cutIssues(context: WriteContext, entries: readonly TimelineEntry[]): Promise<number> {
    let deleted = 0;
    if (addedSinceCut.size > issuesRemembered) addedSinceCut.clear();
    for (const [issueId, added] of countByIssue(entries)) {
      const known = addedSinceCut.get(issueId);
      const since = (known ?? headroom) + added;
      addedSinceCut.set(issueId, since);
      if (since < headroom) continue;
      deleted += await cutIssue(context, issueId, limits.entriesPerIssue - headroom);
      addedSinceCut.set(issueId, 0);
    }
    return deleted;
  }

  return {
    record: async (context, entries) => {
      settled = total ?? settled ?? (await countEntries(context.db));
      total = settled;
      total += await insertEntries(context, entries);
      total -= await cutIssues(context, entries);
      const newestMs = Math.max(...entries.map(({ atMs }) => integer(atMs)));
      const sweep = entriesPerSweep + 2 * entries.length;
      total -= await deleteExpired(context.db, newestMs - limits.keptMs, sweep);
      if (total > limits.entries) {
        total -= await deleteOldest(context.db, Math.min(total - limits.entries, sweep));
      }
    },
    forget: () => {
      total = null;
      addedSinceCut.clear();
    },
  };
}

function countByIssue(entries: readonly TimelineEntry[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { issueId } of entries) counts.set(issueId, (counts.get(issueId) ?? 0) + 1);
  return counts;
}

async function countEntries(db: Transaction<Tables>): Promise<number> {
  const counted = await db
    .selectFrom('timeline')
    .select(({ fn }) => fn.countAll<number>().as('entries'))
    .executeTakeFirstOrThrow();
  return counted.entries;
}

/** One statement and one parameter for a whole batch: a tenth of the cost of a statement an entry. */
async function insertEntries(
  { db, trackerId, redact }: WriteContext,
  entries: readonly TimelineEntry[],
): Promise<number> {
  const rows = entries.map((entry) => [
    entry.issueId,
    integer(entry.atMs),
    entry.issueIdentifier,
    entry.runId,
    integerOrNull(entry.attempt),
    entry.kind,
    outsideText(entry.name, redact, nameLimit),
    outsideText(entry.detail, redact, detailLimit),
    integerOrNull(entry.durationMs),
    entry.ok === null ? null : Number(entry.ok),
  ]);
  const fields = rows[0]?.map((_, place) => sql`each.value ->> ${sql.lit(`$[${place}]`)}`) ?? [];
  const result = await sql`
    insert into timeline (tracker_id, issue_id, at_ms, identifier, run_id, attempt, kind, name, detail,
      duration_ms, ok)
    select ${trackerId}, ${sql.join(fields)} from json_each(${JSON.stringify(rows, storable)}) as each
    order by each.key`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

function storable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value;
}

async function cutIssue(
  { db, trackerId }: WriteContext,
  issueId: string,
  entriesLeft: number,
): Promise<number> {
  const result = await db
    .deleteFrom('timeline')
    .where('tracker_id', '=', trackerId)
    .where('issue_id', '=', issueId)
    .where('seq', '<=', (from) =>
      from
        .selectFrom('timeline')
        .select('seq')
        .where('tracker_id', '=', trackerId)
        .where('issue_id', '=', issueId)
        .orderBy('seq', 'desc')
        .limit(1)
        .offset(entriesLeft),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

async function deleteExpired(db: Transaction<Tables>, beforeMs: number, sweep: number): Promise<number> {
  const result = await db
    .deleteFrom('timeline')
    .where('seq', 'in', (from) => from.selectFrom('timeline').select('seq').orderBy('seq').limit(sweep))
    .where('at_ms', '<', beforeMs)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

async function deleteOldest(db: Transaction<Tables>, entries: number): Promise<number> {
  const result = await db
    .deleteFrom('timeline')
    .where('seq', 'in', (from) => from.selectFrom('timeline').select('seq').orderBy('seq').limit(entries))
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
