// A database of audit entries for the tests of the chain, and what a person with another tool may do to its file.
import { onTestFinished } from 'vitest';
import type { AuditEntry, AuditHead, AuditVerdict } from '../../src/contract/audit.ts';
import { verifyAudit } from '../../src/store/index.ts';
import { loadSqlite, type SqliteDatabase } from '../../src/store/sqlite-module.ts';

/** A second connection, and no trigger stands in its way. */
export async function tamperer(path: string): Promise<SqliteDatabase> {
  const sqlite = (await loadSqlite())(path);
  onTestFinished(() => sqlite.close());
  const triggers = sqlite.prepare("select name from sqlite_master where type = 'trigger'").all();
  for (const { name } of triggers as { name: string }[]) sqlite.exec(`drop trigger ${name}`);
  return sqlite;
}

/** In pages of a few, so that what spans two pages is met. */
export function verifyEntries(
  entries: readonly AuditEntry[],
  expectation: { readonly start: AuditHead | null; readonly head: AuditHead | null },
): Promise<AuditVerdict> {
  return verifyAudit(pagesOf(entries, 3), expectation);
}

async function* pagesOf(entries: readonly AuditEntry[], size: number): AsyncIterable<readonly AuditEntry[]> {
  for (let from = 0; from < entries.length; from += size) yield entries.slice(from, from + size);
}
