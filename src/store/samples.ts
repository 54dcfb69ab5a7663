// Samples of the daemon's load: a row a minute, merged to hours after two days and forgotten after 400. Rows hold
// sums, so merging is adding and loses nothing, whatever the order; a gauge's mean is its sum over the minutes.
// How old a row is counts from the sample that is written, not from the clock of the machine.
import { sql, type Transaction } from 'kysely';
import type { Sample, SampleQuery } from '../contract/observation.ts';
import type { Reading } from './reading.ts';
import type { SampleRow } from './schema-past.ts';
import type { Tables } from './schema.ts';
import { assertBucket } from './stats.ts';
import { amount, integer } from './storable.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const minutesKeptMs = 48 * hourMs;
const hoursKeptMs = 400 * 24 * hourMs;

export async function writeSample(db: Transaction<Tables>, trackerId: number, sample: Sample): Promise<void> {
  const atMs = integer(sample.atMs);
  const row: SampleRow = {
    tracker_id: trackerId,
    span_ms: minuteMs,
    start_ms: integer(alignedTo(minuteMs, atMs)),
    minutes: 1,
    running: amount(sample.running),
    retrying: amount(sample.retrying),
    parked: amount(sample.parked),
    waiting: amount(sample.waiting),
    tracker_requests: amount(sample.trackerRequests),
    tracker_errors: amount(sample.trackerErrors),
    polls: amount(sample.polls),
    poll_seconds: amount(sample.pollSeconds),
    poll_seconds_max: amount(sample.pollSecondsMax),
  };
  await db
    .insertInto('samples')
    .values(row)
    .onConflict((conflict) => conflict.columns(['tracker_id', 'span_ms', 'start_ms']).doUpdateSet(merged))
    .execute();
  await mergeBefore(db, trackerId, alignedTo(hourMs, atMs - minutesKeptMs));
  await db
    .deleteFrom('samples')
    .where('tracker_id', '=', trackerId)
    .where('span_ms', 'in', [minuteMs, hourMs])
    .where('start_ms', '<', atMs - hoursKeptMs)
    .execute();
}

const sums = [
  'minutes',
  'running',
  'retrying',
  'parked',
  'waiting',
  'tracker_requests',
  'tracker_errors',
  'polls',
  'poll_seconds',
] as const satisfies readonly (keyof SampleRow)[];

const merged = {
  ...Object.fromEntries(
    sums.map((name) => [name, sql<number>`${sql.ref(`samples.${name}`)} + ${sql.ref(`excluded.${name}`)}`]),
  ),
  poll_seconds_max: sql<number>`max(samples.poll_seconds_max, excluded.poll_seconds_max)`,
};

/** Whole hours only: a half-merged hour would be two rows of one span. */
async function mergeBefore(db: Transaction<Tables>, trackerId: number, beforeMs: number): Promise<void> {
  const summed = sql.join(sums.map((name) => sql`total(${sql.ref(name)})`));
  const updates = Object.entries(merged).map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
  const columns = sql.join(sums.map((name) => sql.ref(name)));
  await sql`
    insert into samples (tracker_id, span_ms, start_ms, ${columns}, poll_seconds_max)
    select tracker_id, ${hourMs}, ${aligned(hourMs)}, ${summed}, max(poll_seconds_max) from samples
    where tracker_id = ${trackerId} and span_ms = ${minuteMs} and start_ms < ${beforeMs}
    group by tracker_id, ${aligned(hourMs)}
    on conflict (tracker_id, span_ms, start_ms) do update set ${sql.join(updates)}`.execute(db);
  await db
    .deleteFrom('samples')
    .where('tracker_id', '=', trackerId)
    .where('span_ms', '=', minuteMs)
    .where('start_ms', '<', beforeMs)
    .execute();
}

/** At most some 12,500 rows are kept, so one turn reads them all. */
export async function readSamples({ db, trackerId, inTurn }: Reading, query: SampleQuery): Promise<Sample[]> {
  assertBucket('samples', query.bucketMs, minuteMs);
  const mean = (name: 'running' | 'retrying' | 'parked' | 'waiting') =>
    sql<number>`total(${sql.ref(name)}) / total(minutes)`.as(name);
  const sum = <Name extends (typeof sums)[number], As extends string>(name: Name, as: As) =>
    sql<number>`total(${sql.ref(name)})`.as(as);
  return await inTurn(() =>
    db
      .selectFrom('samples')
      .select([
        sql<number>`cast(${aligned(query.bucketMs)} as real)`.as('atMs'),
        mean('running'),
        mean('retrying'),
        mean('parked'),
        mean('waiting'),
        sum('tracker_requests', 'trackerRequests'),
        sum('tracker_errors', 'trackerErrors'),
        sum('polls', 'polls'),
        sum('poll_seconds', 'pollSeconds'),
        sql<number>`max(poll_seconds_max)`.as('pollSecondsMax'),
      ])
      .where('tracker_id', '=', trackerId)
      .where('span_ms', 'in', [minuteMs, hourMs])
      .where('start_ms', '>=', integer(query.sinceMs))
      .where('start_ms', '<', integer(query.untilMs))
      .groupBy('atMs')
      .orderBy('atMs')
      .execute(),
  );
}

function alignedTo(spanMs: number, ms: number): number {
  return Math.floor(ms / spanMs) * spanMs;
}

/** The remainder of a time before the epoch is negative in SQL. */
function aligned(spanMs: number) {
  const span = sql.lit(spanMs);
  return sql<number>`start_ms - ((start_ms % ${span}) + ${span}) % ${span}`;
}
