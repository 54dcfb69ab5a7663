// Forgets the proposals and writes that have ended long ago: what happened to them stands in the audit as long as that is
// kept. An approved proposal whose result is still owed stays, and so does every write that has not ended.
import { isOwed } from './read-approvals.ts';
import { betweenSlices } from './reading.ts';
import { integer } from './storable.ts';
import type { WriteContext } from './write-issue.ts';
import type { Writing } from './writing.ts';

/** Rows may be large: a slice must not hold up the writes of the daemon. */
const slice = 500;

export async function forgetEnded(writing: Writing, beforeMs: number): Promise<number> {
  return (await all(writing, beforeMs, oldWrites)) + (await all(writing, beforeMs, oldApprovals));
}

type Forget = (context: WriteContext, beforeMs: number) => Promise<bigint>;

async function all(writing: Writing, beforeMs: number, forget: Forget): Promise<number> {
  for (let sum = 0; ;) {
    let removed = 0;
    await writing.durable(async (context) => {
      removed = Number(await forget(context, integer(beforeMs)));
    });
    sum += removed;
    if (removed < slice) return sum;
    await betweenSlices();
  }
}

async function oldWrites({ db, trackerId }: WriteContext, beforeMs: number): Promise<bigint> {
  const old = db
    .selectFrom('outbox')
    .select('seq')
    .where('tracker_id', '=', trackerId)
    .where('ended_at_ms', '<', beforeMs)
    .orderBy('ended_at_ms')
    .limit(slice);
  const { numDeletedRows } = await db.deleteFrom('outbox').where('seq', 'in', old).executeTakeFirstOrThrow();
  return numDeletedRows;
}

async function oldApprovals({ db, trackerId }: WriteContext, beforeMs: number): Promise<bigint> {
  const old = db
    .selectFrom('approvals')
    .select('id')
    .where('tracker_id', '=', trackerId)
    .where('place_ms', '<', beforeMs)
    .where('status', '<>', 'pending')
    .where(({ eb, or, not }) => or([eb('status', '<>', 'approved'), not(isOwed)]))
    .orderBy('place_ms')
    .limit(slice);
  const { numDeletedRows } = await db
    .deleteFrom('approvals')
    .where('tracker_id', '=', trackerId)
    .where('id', 'in', old)
    .executeTakeFirstOrThrow();
  return numDeletedRows;
}
