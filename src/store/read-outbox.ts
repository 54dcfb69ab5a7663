// Writes to the tracker as they are asked for: one, those of a proposal, those that have not ended, and pages of them.
import { sql, type Compilable, type Kysely, type Selectable } from 'kysely';
import {
  OUTBOX_ENDS,
  OUTBOX_STATUSES,
  type OutboxPage,
  type OutboxQuery,
  type OutboxStatus,
  type OutboxWrite,
} from '../contract/outbox.ts';
import { decodeOutboxCursor, encodeOutboxCursor } from './ledger-cursor.ts';
import { assertLimit, type Reading } from './reading.ts';
import type { OutboxRow } from './schema-tools.ts';
import type { Tables } from './schema.ts';
import { identifierKey } from './storable.ts';
import { parsedOrNull } from './stored-json.ts';

const largestPage = 500;
/** Few are open, among many that have ended: `+` hides the index that would walk through all of them in order. */
const sortedSeq = sql<number>`+seq`;
const openStatuses = OUTBOX_STATUSES.filter((status) => !OUTBOX_ENDS.includes(status));

export async function readWrite({ db, trackerId, inTurn }: Reading, id: string): Promise<OutboxWrite | null> {
  const row = await inTurn(() => rowsOf(db, trackerId).where('outbox.id', '=', id).executeTakeFirst());
  return row ? writeOf(row) : null;
}

export async function readWritesOf(
  { db, trackerId, inTurn }: Reading,
  approvalId: string,
): Promise<OutboxWrite[]> {
  const rows = await inTurn(() =>
    rowsOf(db, trackerId).where('approval_id', '=', approvalId).orderBy('seq').execute(),
  );
  return rows.map(writeOf);
}

export async function readOpenWrites({ db, trackerId, inTurn }: Reading): Promise<OutboxWrite[]> {
  const rows = await inTurn(() =>
    rowsOf(db, trackerId).where('outbox.status', 'in', openStatuses).orderBy(sortedSeq).execute(),
  );
  return rows.map(writeOf);
}

export async function readWrites(
  { db, trackerId, inTurn }: Reading,
  query: OutboxQuery,
): Promise<OutboxPage> {
  assertLimit('outbox', query.limit, largestPage);
  const statement = writesStatement(db, trackerId, query);
  const rows = await inTurn(() => statement.execute());
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    writes: shown.map(writeOf),
    nextCursor: rows.length > shown.length && last !== undefined ? encodeOutboxCursor(last.seq) : null,
  };
}

/** Asks for one row more than the page holds, which says whether there is a next one. */
export function writesStatement(
  db: Kysely<Tables>,
  trackerId: number,
  query: OutboxQuery,
): Compilable & { execute(): Promise<StoredWrite[]> } {
  const status = query.status ?? 'open';
  let statement = rowsOf(db, trackerId);
  if (status !== 'all') statement = statement.where('outbox.status', 'in', statusesOf(status));
  if (query.identifier !== undefined) {
    statement = statement.where('seq', 'in', writesAround(db, trackerId, query.identifier));
  }
  const oldestFirst = status === 'open';
  if (query.cursor !== undefined) {
    statement = statement.where('seq', oldestFirst ? '>' : '<', decodeOutboxCursor(query.cursor));
  }
  return oldestFirst
    ? statement.orderBy(sortedSeq).limit(query.limit + 1)
    : statement.orderBy('seq', 'desc').limit(query.limit + 1);
}

/** Each with the issue of its run, which may be another one than it is about. */
function rowsOf(db: Kysely<Tables>, trackerId: number) {
  return db
    .selectFrom('outbox')
    .leftJoin('runs', 'runs.run_id', 'outbox.run_id')
    .selectAll('outbox')
    .select(['runs.issue_id as run_issue_id', 'runs.identifier as run_identifier'])
    .where('outbox.tracker_id', '=', trackerId);
}

/** About the issue, or asked for by its runs. */
function writesAround(db: Kysely<Tables>, trackerId: number, identifier: string) {
  const key = identifierKey(identifier);
  const about = db
    .selectFrom('outbox')
    .select('seq')
    .where('tracker_id', '=', trackerId)
    .where('identifier_key', '=', key);
  const itsRuns = db
    .selectFrom('runs')
    .select('run_id')
    .where('tracker_id', '=', trackerId)
    .where('identifier_key', '=', key);
  const byItsRuns = db
    .selectFrom('outbox')
    .select('seq')
    .where('tracker_id', '=', trackerId)
    .where('run_id', 'in', itsRuns);
  return about.unionAll(byItsRuns);
}

function statusesOf(status: OutboxStatus | 'open'): readonly OutboxStatus[] {
  return status === 'open' ? openStatuses : [status];
}

type StoredWrite = Selectable<OutboxRow> & {
  readonly run_issue_id: string | null;
  readonly run_identifier: string | null;
};

function writeOf(row: StoredWrite): OutboxWrite {
  const { run_issue_id: runIssueId, run_identifier: runIdentifier } = row;
  return {
    id: row.id,
    seq: row.seq,
    lane: row.lane,
    origin: row.origin,
    runId: row.run_id,
    issue: { id: row.issue_id, identifier: row.identifier },
    ...(runIssueId !== null &&
      runIdentifier !== null && { runIssue: { id: runIssueId, identifier: runIdentifier } }),
    approvalId: row.approval_id,
    write: JSON.parse(row.write) as OutboxWrite['write'],
    before: parsedOrNull<NonNullable<OutboxWrite['before']>>(row.before),
    status: row.status,
    tries: row.tries,
    requestedAtMs: row.requested_at_ms,
    sentAtMs: row.sent_at_ms,
    dueAtMs: row.due_at_ms,
    endedAtMs: row.ended_at_ms,
    detail: row.detail,
    result: parsedOrNull<NonNullable<OutboxWrite['result']>>(row.result),
  };
}
