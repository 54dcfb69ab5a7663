// Audit entries as they are stored, byte for byte: asked for as bytes, because a driver reads a text only up to a NUL
// and mends what is not UTF-8, and an edit could hide behind either.
import { sql } from 'kysely';
import type { AuditEntry } from '../contract/audit.ts';
import { safeSeq } from './append-audit.ts';
import type { AuditQuery } from '../contract/tool-ledger.ts';
import { exactText } from './audit-line.ts';
import { assertLimit, type Reading } from './reading.ts';
import { integer } from './storable.ts';

export const largestAuditPage = 1_000;

interface Row {
  readonly seq: number;
  readonly line: Uint8Array;
  readonly hash: Uint8Array;
}

export async function readAudit(
  { db, trackerId, inTurn }: Reading,
  { afterSeq, limit }: AuditQuery,
): Promise<AuditEntry[]> {
  assertLimit('audit', limit, largestAuditPage);
  const rows = await inTurn(() =>
    sql<Row>`
      select ${safeSeq}, cast(line as blob) as line, cast(hash as blob) as hash from audit
      where tracker_id = ${trackerId} and seq > ${integer(afterSeq)} order by audit.seq limit ${limit}`.execute(
      db,
    ),
  );
  return rows.rows.map(({ seq, line, hash }) => ({ seq, line: exactText(line), hash: exactText(hash) }));
}
