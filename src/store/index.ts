// What the composition root needs of the store: own the database, open it, or only read it. Everything else is the
// port in src/contract/store.ts.
import { openDatabase } from './open-database.ts';
import { createStore, type SqliteStore } from './sqlite-store.ts';
import type { TrackerIdentity } from './trackers.ts';

export { verifyAuditExport } from './audit-export.ts';
export {
  auditHeadFile,
  type AuditHeadFile,
  type AuditHeadFileParts,
  type HeadFinding,
} from './audit-head-file.ts';
export { exportedLine } from './audit-line.ts';
export type { AuditProof, AuditProofQuestion, ProveAudit } from './prove-audit.ts';
export { acquireOwnership, type Ownership } from './ownership.ts';
export { openStoreReader, storedTrackers, type StoreReader, type StoreReaderOptions } from './reader.ts';
export type { SqliteStore } from './sqlite-store.ts';
export type { StoredTracker, TrackerIdentity } from './trackers.ts';
export { verifyAudit, verifyLedger, type AuditExpectation } from './verify-audit.ts';

export interface StoreOptions {
  /** The database file; its folder must exist. Take it from `acquireOwnership`. */
  readonly path: string;
  /** Whose rows this store shows and writes. */
  readonly tracker: TrackerIdentity;
  /** Wall clock in milliseconds. */
  readonly now?: (() => number) | undefined;
  /** Takes known secrets out of titles, errors and details before they are stored. */
  readonly redact?: ((text: string) => string) | undefined;
}

/**
 * Opens the database, made and migrated as needed. Throws StoreError `unreadable` (not a database, not
 * ours, no such folder), `newer_schema` or `write_failed`; then nothing is left open.
 */
export async function openStore(options: StoreOptions): Promise<SqliteStore> {
  const database = await openDatabase(options.path);
  try {
    return await createStore({
      database,
      tracker: options.tracker,
      now: options.now ?? Date.now,
      redact: options.redact ?? ((text) => text),
    });
  } catch (error) {
    await database.db.destroy();
    throw error;
  }
}
