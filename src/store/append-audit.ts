// Adds entries to the chain, in the transaction of what they are about: the place and the hash of the newest are read
// there, so that a batch that fails leaves no gap and two batches never share a place.
import { sql, type Kysely } from 'kysely';
import { EMPTY_AUDIT, type AuditFacts, type AuditHead } from '../contract/audit.ts';
import { nextEntry } from './audit-line.ts';
import type { Tables } from './schema.ts';
import type { WriteContext } from './write-issue.ts';

/** What somebody has made larger than a number of ours can be must be told from it, not keep us from looking. */
export const safeSeq = sql<number>`max(min(seq, 9007199254740991), -9007199254740991)`.as('seq');

/** Returns the new head. */
export async function appendAudit(
  { db, trackerId, redact }: WriteContext,
  head: AuditHead,
  facts: AuditFacts,
): Promise<AuditHead> {
  const entry = nextEntry(head, facts, redact);
  await db
    .insertInto('audit')
    .values({ tracker_id: trackerId, ...entry })
    .execute();
  return { seq: entry.seq, hash: entry.hash };
}

/** A start before the first entry: the mark that there is a log, which the triggers keep. */
export async function beginAudit({ db, trackerId }: WriteContext): Promise<void> {
  await db
    .insertInto('audit_start')
    .values({ tracker_id: trackerId, ...EMPTY_AUDIT })
    .onConflict((conflict) => conflict.column('tracker_id').doNothing())
    .execute();
}

/** The newest entry; of a log that holds none, where it begins. */
export async function readAuditHead(db: Kysely<Tables>, trackerId: number): Promise<AuditHead> {
  const newest = await db
    .selectFrom('audit')
    .select([safeSeq, 'hash'])
    .where('tracker_id', '=', trackerId)
    .orderBy('audit.seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest ?? (await readAuditStart(db, trackerId));
}

export async function readAuditStart(db: Kysely<Tables>, trackerId: number): Promise<AuditHead> {
  const start = await db
    .selectFrom('audit_start')
    .select([safeSeq, 'hash'])
    .where('tracker_id', '=', trackerId)
    .executeTakeFirst();
  return start ?? EMPTY_AUDIT;
}
