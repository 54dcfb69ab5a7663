// The store itself: one transaction at a time, in the order of the calls. A write that fails leaves
// nothing behind and the store usable, so that work goes on when the disk has room again. Reads write
// nothing, and no long one holds up a write.
import { existsSync } from 'node:fs';
import { StoreError, type Store } from '../contract/store.ts';
import { applyWrite } from './apply-write.ts';
import { readKnownRunIds } from './known-runs.ts';
import { loadState } from './load-state.ts';
import { createNotificationQueue } from './notification-queue.ts';
import type { OpenDatabase } from './open-database.ts';
import type { Reading } from './reading.ts';
import { proveAudit, type ProveAudit } from './prove-audit.ts';
import { createReads } from './reads.ts';
import { createTimelineRecorder, type TimelineLimits } from './record-timeline.ts';
import { writeSample } from './samples.ts';
import type { Redact } from './storable.ts';
import { createToolLedger } from './tool-ledger.ts';
import { registerTracker, type TrackerIdentity } from './trackers.ts';
import { createTurns, guarded } from './turns.ts';
import { createWriting } from './writing.ts';

export interface SqliteStore extends Store {
  /** The real path of the database file. */
  readonly path: string;
  /**
   * Those of the ids that are runs of this database, of whichever tracker: only processes marked with
   * one of these are ours to end.
   */
  knownRunIds(runIds: readonly string[]): Promise<ReadonlySet<string>>;
  readonly proveAudit: ProveAudit;
}

export interface StoreParts {
  readonly database: OpenDatabase;
  readonly tracker: TrackerIdentity;
  readonly now: () => number;
  readonly redact: Redact;
  readonly timelineLimits?: TimelineLimits | undefined;
}

/** Makes the tracker known, which also proves at start-up that the database can be written. */
export async function createStore(parts: StoreParts): Promise<SqliteStore> {
  const { database, tracker, now, redact } = parts;
  const { db, path } = database;
  const trackerId = await guarded('write_failed', path, () => registerTracker(db, tracker, now()));
  const turns = createTurns(path);
  const writing = createWriting({ database, turns, trackerId, now, redact });
  const reading: Reading = { db, trackerId, inTurn: (read) => turns.take('read_failed', read) };
  const recorder = createTimelineRecorder(parts.timelineLimits);

  return {
    path,
    ...createReads(reading),
    notifications: createNotificationQueue(reading, writing),
    tools: createToolLedger(reading, writing),
    proveAudit: (question) => proveAudit(reading, question),
    load: () =>
      reading.inTurn(() =>
        db
          .transaction()
          .setAccessMode('read only')
          .execute((transaction) => loadState(transaction, trackerId)),
      ),
    apply: async (writes) => {
      if (writes.length === 0) return;
      await writing.durable(async (context) => {
        for (const write of writes) await applyWrite(context, write);
      });
    },
    record: async (entries) => {
      if (entries.length === 0) return;
      await writing.observed((context) => recorder.record(context, entries), recorder.forget);
    },
    sample: (sample) => writing.observed((context) => writeSample(context.db, trackerId, sample)),
    ping: () =>
      reading.inTurn(async () => {
        await db.selectFrom('trackers').select('id').where('id', '=', trackerId).executeTakeFirstOrThrow();
        if (existsSync(path)) return;
        throw new StoreError(
          'read_failed',
          `${path}: the file was moved or deleted: put it back and restart`,
        );
      }),
    knownRunIds: (runIds) => reading.inTurn(() => readKnownRunIds(db, runIds)),
    close: () =>
      turns.close(async () => {
        writing.checkpoint();
        await db.destroy();
      }),
  };
}
