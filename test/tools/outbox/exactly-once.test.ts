// Whatever the tracker does and wherever the daemon is cut off, each write is made exactly once, in the order of its
// lane, and ends once in the audit. The daemon is killed between any two of its steps, again and again; the tracker
// goes on with what it was sent.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TrackerWrite } from '../../../src/contract/tracker-write.ts';
import { createOutbox } from '../../../src/tools/outbox/index.ts';
import type { NewWrite } from '../../../src/tools/ports.ts';
import { seededRandom } from '../../loopback-jira/random.ts';
import { createVirtualTime } from '../../simulation/virtual-time.ts';
import { createMemoryLedger, emptyContents } from './memory-ledger.ts';
import { newWrite, outboxParts } from './outbox-parts.ts';
import { createOutboxWorld } from './outbox-world.ts';

const STATES = ['To Do', 'Doing', 'Review', 'Done'];
const LIVES = 12;
const FAULTY_MS = 20 * 60_000;

function streamOf(): NewWrite[] {
  const writes: NewWrite[] = [];
  for (const id of ['1', '2', '3']) {
    const issue = { id, identifier: `DEMO-${id}` };
    const kinds: TrackerWrite[] = [
      { operation: 'add_comment', issue, body: 'one' },
      { operation: 'transition_issue', issue, toState: 'Doing', from: ['To Do'], transition: '' },
      { operation: 'add_worklog', issue, timeSpent: '1h', comment: '', startedAtMs: 0 },
      { operation: 'add_labels', issue, labels: ['seen'] },
      { operation: 'transition_issue', issue, toState: 'Review', from: ['Doing'], transition: '' },
      { operation: 'add_comment', issue, body: 'two' },
      { operation: 'transition_issue', issue, toState: 'Done', from: ['Review'], transition: '' },
    ];
    writes.push(...kinds.map((write, place) => newWrite(`${id}-${place}`, write, `issue:${id}`)));
  }
  const issue = { project: 'P', issueType: 'Task', title: 't' };
  for (const id of ['a', 'b']) writes.push(newWrite(id, { operation: 'create_issue', issue }, 'new:a'));
  return writes;
}

/** The daemon's life, cut off after so many of its steps: a step is an answer of the ledger or of the tracker. */
async function live(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const time = createVirtualTime();
  const world = createOutboxWorld({ time, random, faultChance: 0.4 });
  for (const id of ['1', '2', '3']) world.states.set(id, STATES[0] ?? '');
  const contents = emptyContents();
  const writes = streamOf();
  let recorded = false;
  for (let number = 1; number <= LIVES; number += 1) {
    const last = number === LIVES;
    let left = last ? Infinity : Math.floor(random() * 60);
    const dead = (): boolean => left <= 0;
    const never = new Promise<never>(() => undefined);
    const { ledger } = createMemoryLedger(contents, async (commit) => {
      await new Promise<void>((resolve) => void time.after(random(), resolve));
      if (dead()) return never;
      const value = commit();
      left -= 1;
      // Committed, and nobody was told.
      return dead() ? never : value;
    });
    const clock = {
      nowMs: time.nowMs,
      monotonicMs: time.nowMs,
      after: (ms: number, fire: () => void) =>
        time.after(ms, () => {
          if (!dead()) fire();
        }),
    };
    const tracker = world.client(() => {
      left -= 1;
      return dead();
    });
    const outbox = createOutbox(outboxParts({ tracker, ledger, clock }).parts);
    void outbox.start();
    if (!recorded) {
      const rows = outbox.rows(writes);
      // Made durable by whoever decided them, in one transaction.
      await createMemoryLedger(contents).ledger.apply(outbox.recording(rows));
      recorded = true;
      outbox.release(rows);
    }
    while (!dead()) {
      if (time.nowMs() > FAULTY_MS) world.heal();
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (last && [...contents.rows.values()].every(({ status }) => status === 'done')) break;
      if (time.nowMs() > 25 * 3_600_000) break;
      if (!time.runNext()) break;
    }
  }
  const stillComing = time.nowMs() + 3_600_000;
  while ((time.nextAtMs() ?? Infinity) < stillComing && time.runNext());
  check(writes, contents, world.applied);
}

function check(
  writes: readonly NewWrite[],
  { rows, audit }: ReturnType<typeof emptyContents>,
  applied: readonly { readonly what: string; readonly key: string }[],
): void {
  const open = [...rows.values()].filter(({ status }) => status !== 'done');
  expect(open.map(({ id, status, detail }) => ({ id, status, detail }))).toEqual([]);
  const keys = writes.filter(({ write }) => !/labels/.test(write.operation)).map(keyOf);
  expect(applied.map(({ what, key }) => `${what} ${key}`).sort()).toEqual(keys.toSorted());
  for (const lane of ['1', '2', '3']) {
    const ofLane = (key: string): boolean => key.includes(` ${lane} `);
    expect(applied.map(({ what, key }) => `${what} ${key}`).filter(ofLane)).toEqual(keys.filter(ofLane));
  }
  for (const kind of ['write_recorded', 'write_ended'] as const) {
    const ids = audit.filter((entry) => entry.kind === kind).map(({ writeId }) => writeId);
    expect(ids.toSorted()).toEqual(writes.map(({ id }) => id).toSorted());
  }
}

function keyOf({ id, write }: NewWrite): string {
  if (write.operation === 'create_issue') return `issue ${id}`;
  const what = { add_comment: 'comment', add_worklog: 'worklog', transition_issue: 'state' } as const;
  const kind = what[write.operation as keyof typeof what];
  return `${kind} ${write.issue.id} ${write.operation === 'transition_issue' ? write.toState : id}`;
}

it('makes each write exactly once, cut off anywhere, over a tracker that loses answers', async () => {
  await fc.assert(fc.asyncProperty(fc.nat(), live), { numRuns: 150 });
}, 60_000);
