// Figures over ended runs by span of time and group. Reads one index that holds them all, in slices of so many runs,
// and adds the slices up: a span may be larger than a slice, and a percentile is exact only over all of its runs.
// Durations come as one text for each group, because rows cost far more to hand over than the numbers in them.
import { sql } from 'kysely';
import type { StatsQuery, StatsRow } from '../contract/observation.ts';
import type { RunStatus } from '../contract/store.ts';
import { betweenSlices, type Reading } from './reading.ts';
import { createSpans, type Part } from './stats-spans.ts';
import { integer } from './storable.ts';

/** About 10 ms of reading. */
export const runsPerSlice = 10_000;

const shortestBucketMs = 3_600_000;

interface Slice {
  readonly fromMs: number;
  readonly toMs: number;
}

export async function readStats(
  reading: Reading,
  query: StatsQuery,
  sliceRuns = runsPerSlice,
): Promise<StatsRow[]> {
  assertBucket('stats', query.bucketMs ?? shortestBucketMs, shortestBucketMs);
  const untilMs = integer(query.untilMs);
  const spans = createSpans(query.bucketMs);
  for (let fromMs = integer(query.sinceMs); fromMs < untilMs;) {
    const toMs = await reading.inTurn(async () => {
      const to = (await sliceEnd(reading, { fromMs, toMs: untilMs }, sliceRuns)) ?? untilMs;
      const { rows } = await statsStatement(reading, query, { fromMs, toMs: to }).execute(reading.db);
      rows.forEach(spans.add);
      return to;
    });
    spans.endBefore(toMs);
    fromMs = toMs;
    if (fromMs < untilMs) await betweenSlices();
  }
  while (spans.closeNext()) await betweenSlices();
  return spans.rows();
}

/** A caller's mistake, so not a StoreError. */
export function assertBucket(what: string, bucketMs: number, shortestMs: number): void {
  if (Number.isSafeInteger(bucketMs) && bucketMs >= shortestMs) return;
  throw new RangeError(`${what}: bucketMs must be an integer of at least ${shortestMs}, not ${bucketMs}`);
}

/** Runs that ended in the same millisecond are never parted, or a slice would have no end. */
async function sliceEnd({ db, trackerId }: Reading, rest: Slice, sliceRuns: number): Promise<number | null> {
  const next = await db
    .selectFrom('runs')
    .select('completed_at_ms')
    .where('tracker_id', '=', trackerId)
    .where('status', 'is not', null)
    .where('completed_at_ms', '>=', rest.fromMs)
    .where('completed_at_ms', '<', rest.toMs)
    .orderBy('completed_at_ms')
    .limit(1)
    .offset(sliceRuns)
    .executeTakeFirst();
  if (next === undefined) return null;
  return Math.max(next.completed_at_ms ?? 0, rest.fromMs + 1);
}

/** `total`, not `sum`: a sum of absurd counts must not fail. The list is of whole milliseconds. */
export function statsStatement({ trackerId }: Pick<Reading, 'trackerId'>, query: StatsQuery, slice: Slice) {
  const byLabel = query.group === 'label';
  const labels = byLabel ? sql`left join json_each(runs.issue_labels) as label on true` : sql``;
  return sql<Part>`
    select ${spanStart(query)} as start_ms, ${groups[query.group]} as grouped, status, count(*) as runs,
      total(input_tokens) as input_tokens, total(output_tokens) as output_tokens,
      total(cache_read_tokens) as cache_read_tokens, total(cost_usd) as cost_usd,
      max(cost_estimated) as cost_estimated, total(seconds_running) as seconds,
      count(*) - count(cost_usd) as unpriced,
      json_group_array(cast(round(seconds_running * 1000) as integer)) filter (where ${wasTimed}) as durations_ms
    from runs ${labels}
    where tracker_id = ${trackerId} and status is not null
      and completed_at_ms >= ${slice.fromMs} and completed_at_ms < ${slice.toMs}
    group by 1, 2, 3`;
}

/** A daemon that died, or a run that was cancelled before it began, tells nothing of how long a run takes. */
const wasTimed = sql`seconds_running > 0 or status not in ('interrupted', 'cancelled')`;

const groups = {
  none: sql`''`,
  agent: sql`agent_kind`,
  label: sql`coalesce(label.value, '')`,
  status: sql<RunStatus>`status`,
};

function spanStart({ bucketMs, sinceMs }: StatsQuery) {
  if (bucketMs === null) return sql`${integer(sinceMs)}`;
  const bucket = sql.lit(bucketMs);
  // The remainder of a time before the epoch is negative.
  return sql`cast(completed_at_ms - ((completed_at_ms % ${bucket}) + ${bucket}) % ${bucket} as real)`;
}
