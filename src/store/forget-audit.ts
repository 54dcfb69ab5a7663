// Forgets the oldest audit entries behind a checkpoint: the hash of the last one that goes stands in an entry of its own
// and is where the chain begins from then on. Looks at what it is about to forget, and keeps a chain that is broken.
import type { AuditEntry, AuditFacts, AuditHead } from '../contract/audit.ts';
import { StoreError } from '../contract/store.ts';
import { appendAudit, readAuditHead, readAuditStart } from './append-audit.ts';
import { hashOf } from './audit-line.ts';
import { largestAuditPage, readAudit } from './read-audit.ts';
import { betweenSlices, type Reading } from './reading.ts';
import { integer } from './storable.ts';
import type { WriteContext } from './write-issue.ts';
import type { Writing } from './writing.ts';

/** A fifth of a second of deleting: more goes behind a checkpoint of its own. */
export const mostForgottenAtOnce = 20_000;

interface Times {
  readonly beforeMs: number;
  readonly nowMs: number;
}

/** How many it were. Throws StoreError `read_failed` when one of them is not as it was written: those before it may be forgotten by then. */
export async function forgetAudit(
  reading: Reading,
  writing: Writing,
  { beforeMs, nowMs }: Times,
): Promise<number> {
  // A checkpoint of this moment must not be old enough to go itself.
  const times = { beforeMs: Math.min(beforeMs, nowMs), nowMs };
  for (let all = 0; ;) {
    const some = await forgetSome(reading, writing, times);
    if (some === 0) return all;
    all += some;
  }
}

async function forgetSome(reading: Reading, writing: Writing, times: Times): Promise<number> {
  const start = await reading.inTurn(() => readAuditStart(reading.db, reading.trackerId));
  const last = await lastToForget(reading, start, times);
  if (last.seq === start.seq) return 0;
  const removed = last.seq - start.seq;
  await writing.durable(async (context) => {
    const { db, trackerId } = context;
    const present = await readAuditStart(db, trackerId);
    if (present.seq !== start.seq) {
      throw new StoreError('write_failed', 'audit entries are being forgotten already: try again later');
    }
    const newest = await readAuditHead(db, trackerId);
    await appendAudit(context, newest, checkpoint(last, removed, times.nowMs));
    await putStart(context, last);
    await db.deleteFrom('audit').where('tracker_id', '=', trackerId).where('seq', '<=', last.seq).execute();
  });
  return removed;
}

/** An entry from a clock that was ahead holds nothing up, but is not reached for either. */
async function lastToForget(
  reading: Reading,
  start: AuditHead,
  { beforeMs, nowMs }: Times,
): Promise<AuditHead> {
  let last = start;
  let walked = start;
  for (;;) {
    const page = await readAudit(reading, { afterSeq: walked.seq, limit: largestAuditPage });
    for (const entry of page) {
      if (walked.seq - start.seq >= mostForgottenAtOnce && last.seq > start.seq) return last;
      const atMs = timeOfSound(entry, walked);
      walked = { seq: entry.seq, hash: entry.hash };
      if (atMs < beforeMs) last = walked;
      else if (atMs <= nowMs) return last;
    }
    if (page.length < largestAuditPage) return last;
    await betweenSlices();
  }
}

function timeOfSound({ seq, line, hash }: AuditEntry, before: AuditHead): number {
  if (seq === before.seq + 1 && hashOf(line) === hash) {
    const { at, prev } = JSON.parse(line) as { at: string; prev: string };
    if (prev === before.hash) return Date.parse(at);
  }
  throw new StoreError(
    'read_failed',
    `audit entry ${seq} does not follow ${before.seq}: nothing is forgotten, look with sortie audit verify`,
  );
}

function checkpoint({ seq, hash }: AuditHead, removed: number, nowMs: number): AuditFacts {
  return {
    kind: 'checkpoint',
    atMs: nowMs,
    actor: 'daemon',
    name: 'sortie',
    runId: null,
    issueIdentifier: null,
    tool: '',
    operation: '',
    decision: '',
    rule: '',
    approvalId: null,
    writeId: null,
    details: { seq, hash, removed },
    before: null,
    after: null,
    answer: 'ok',
    message: '',
    durationMs: null,
  };
}

async function putStart({ db, trackerId }: WriteContext, { seq, hash }: AuditHead): Promise<void> {
  const start = { seq: integer(seq), hash };
  await db
    .insertInto('audit_start')
    .values({ tracker_id: trackerId, ...start })
    .onConflict((conflict) => conflict.column('tracker_id').doUpdateSet(start))
    .execute();
}
