// Adds entries to the chain, in the transaction of what they are about: the place and the hash of the newest are read
// there, so that a batch that fails leaves no gap and two batches never share a place.
import type { Kysely } from 'kysely';
import { EMPTY_AUDIT, type AuditFacts, type AuditHead } from '../contract/audit.ts';
import { nextEntry } from './audit-line.ts';
import type { Tables } from './schema.ts';
import type { WriteContext } from './write-issue.ts';

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

/** The newest entry; of a log that holds none, where it begins. */
export async function readAuditHead(db: Kysely<Tables>, trackerId: number): Promise<AuditHead> {
  const newest = await db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .where('tracker_id', '=', trackerId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest ?? (await readAuditStart(db, trackerId));
}

export async function readAuditStart(db: Kysely<Tables>, trackerId: number): Promise<AuditHead> {
  const start = await db
    .selectFrom('audit_start')
    .select(['seq', 'hash'])
    .where('tracker_id', '=', trackerId)
    .executeTakeFirst();
  return start ?? EMPTY_AUDIT;
}
