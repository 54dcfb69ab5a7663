// The trackers of a database. A daemon makes its own known when it opens the store; a reader only looks.
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface TrackerIdentity {
  readonly kind: string;
  /** Endpoint and project, or the real path of the issues file; compared exactly. */
  readonly identity: string;
}

export interface StoredTracker extends TrackerIdentity {
  /** When a daemon last opened the database for it. */
  readonly openedAtMs: number;
}

export async function registerTracker(
  db: Kysely<Tables>,
  tracker: TrackerIdentity,
  nowMs: number,
): Promise<number> {
  const { id } = await db
    .insertInto('trackers')
    .values({ kind: tracker.kind, identity: tracker.identity, opened_at_ms: nowMs })
    .onConflict((conflict) => conflict.columns(['kind', 'identity']).doUpdateSet({ opened_at_ms: nowMs }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function findTracker(db: Kysely<Tables>, tracker: TrackerIdentity): Promise<number | null> {
  const row = await db
    .selectFrom('trackers')
    .select('id')
    .where('kind', '=', tracker.kind)
    .where('identity', '=', tracker.identity)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** The one that was opened last comes first. */
export async function listTrackers(db: Kysely<Tables>): Promise<StoredTracker[]> {
  const rows = await db
    .selectFrom('trackers')
    .selectAll()
    .orderBy('opened_at_ms', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ kind, identity, opened_at_ms: openedAtMs }) => ({ kind, identity, openedAtMs }));
}
