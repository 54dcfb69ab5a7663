// What becomes of a write that an agent asked for: done, refused, failed, cancelled, or waiting for its time.

import { describe, expect, it } from 'vitest';
import type { TrackerWrite } from '../../../src/contract/tracker-write.ts';
import { settled } from '../../daemon/hand-clock.ts';
import { aStage, LOST, SURELY_NOT, trackerError } from './a-stage.ts';
import { comment, issue, newWrite } from './outbox-parts.ts';

const { signal } = new AbortController();
const keyed = (add: () => unknown, find: () => unknown = () => null) => ({
  addKeyedComment: add,
  findKeyedComment: find,
});
const move: TrackerWrite = {
  operation: 'transition_issue',
  issue,
  toState: 'Done',
  from: ['To Do'],
  transition: 'Close',
};
function fail(error: unknown): () => never {
  return () => {
    throw error;
  };
}
/** Throws what it is given, one after the other, then answers. */
function after(answer: unknown, ...errors: unknown[]): () => unknown {
  return () => {
    const error = errors.shift();
    if (error !== undefined) throw error as Error;
    return answer;
  };
}

describe("an agent's write", () => {
  it('is durable before it is sent, ends once, and its waiter is told', async () => {
    let statusWhenSent = '';
    const stage = aStage(
      keyed(() => {
        statusWhenSent = stage.row().status;
        return 'c7';
      }),
    );
    await expect(stage.outbox.whenEnded('w', signal)).rejects.toThrow(/no write w/);
    await stage.record(newWrite('w', comment('Hello')));
    expect(await stage.outbox.whenEnded('w', signal)).toMatchObject({ status: 'done', tries: 1 });
    expect(statusWhenSent).toBe('sending');
    expect(stage.asked).toEqual(['addKeyedComment 1 Hello w']);
    expect(stage.endings()).toEqual(['w ok']);
    expect(stage.counted.filter((one) => one.startsWith('countOutboxWrite'))).toEqual([
      'countOutboxWrite add_comment done',
    ]);
    expect(stage.outbox.open()).toBe(0);
  });

  it('says in the timeline and to the core that it is ours, and where it moved the issue', async () => {
    const stage = aStage({ transitionIssue: () => undefined });
    await stage.record(newWrite('w', move));
    expect(stage.asked).toEqual(['transitionIssue 1 Done {"from":["To Do"],"transition":"Close"}']);
    expect(stage.witnessed).toEqual(['writing w', 'written w Done']);
    expect(stage.timeline).toMatchObject([{ kind: 'tracker_write', ok: true }]);
  });

  it('is refused when it would be wrong by now, and nothing is sent', async () => {
    const stage = aStage(
      keyed(() => 'c'),
      { freshCheck: () => Promise.resolve('Ann has moved it') },
    );
    await stage.record(newWrite('w', comment()));
    expect(stage.row()).toMatchObject({ status: 'refused', detail: 'Ann has moved it', tries: 0 });
    expect(stage.asked).toEqual([]);
    expect(stage.endings()).toEqual(['w changed_meanwhile']);
    expect(stage.witnessed).toEqual([]);
  });

  it('is sent again after what was surely not applied, in its time and no sooner', async () => {
    const stage = aStage(keyed(after('c', SURELY_NOT)));
    await stage.record(newWrite('w', comment()));
    expect(stage.row()).toMatchObject({ status: 'waiting', tries: 1 });
    await stage.pass(4_900);
    expect(stage.asked).toHaveLength(1);
    await stage.pass(200);
    expect(stage.row()).toMatchObject({ status: 'done', tries: 2 });
    expect(stage.witnessed).toEqual(['writing w', 'written w null', 'writing w', 'written w null']);
  });

  it('fails at once for what no repetition cures', async () => {
    const stage = aStage(keyed(fail(trackerError({ kind: 'tracker_payload_error', detail: 'too long' }))));
    await stage.record(newWrite('w', comment()));
    expect(stage.row()).toMatchObject({ status: 'failed' });
    expect(stage.endings()).toEqual(['w tracker_payload_error']);
  });

  it('is looked for after a lost answer, and not sent again when it is found', async () => {
    const stage = aStage(keyed(fail(LOST), () => 'c9'));
    await stage.record(newWrite('w', comment('Hi')));
    expect(stage.asked).toEqual(['addKeyedComment 1 Hi w', 'findKeyedComment 1 w']);
    expect(stage.row()).toMatchObject({
      status: 'done',
      tries: 1,
      result: { entryId: 'c9', wasThere: true },
    });
  });

  it('is looked for until "not there" may be believed, then sent again', async () => {
    const stage = aStage(keyed(after('c', LOST)));
    await stage.record(newWrite('w', comment('Hi')));
    for (const ms of [2_000, 8_000, 20_000]) await stage.pass(ms);
    const names = stage.asked.map((one) => one.split(' ')[0]);
    expect(names).toEqual([
      'addKeyedComment',
      ...Array<string>(4).fill('findKeyedComment'),
      'addKeyedComment',
    ]);
    expect(stage.row()).toMatchObject({ status: 'done', tries: 2 });
  });

  it('waits, and its lane with it, while nobody can say whether it was applied', async () => {
    const stage = aStage(keyed(fail(LOST), after('c', SURELY_NOT, SURELY_NOT)));
    await stage.record(
      newWrite('w', comment()),
      newWrite('x', comment()),
      newWrite('y', comment(), 'issue:2'),
    );
    await stage.pass(1);
    expect(stage.row('w').status).toBe('unsure');
    expect(stage.row('x')).toMatchObject({ status: 'waiting', tries: 0 });
    await stage.pass(5_000);
    await stage.pass(5_000);
    expect(stage.row('w').status).toBe('done');
  });

  it('is sent once at most where the tracker cannot find it again', async () => {
    const stage = aStage({ addComment: fail(LOST) });
    await stage.record(newWrite('w', comment()));
    expect(stage.row()).toMatchObject({ status: 'failed' });
    expect(stage.row().detail).toMatch(/may have been applied/);
    expect(stage.endings()).toEqual(['w outcome_unknown']);
    expect(stage.asked).toHaveLength(1);
  });

  it('is found by its plain words where there are no keys', async () => {
    const stage = aStage({ addComment: fail(LOST), editComment: fail(LOST), findOwnComment: () => 'c3' });
    await stage.record(newWrite('w', comment('**Ready**: the tests of the parser pass')));
    expect(stage.asked[1]).toBe('findOwnComment 1 the tests of the parser pass');
    expect(stage.row()).toMatchObject({ status: 'done' });
  });

  it('makes no issue where the tracker keeps no keys', async () => {
    const stage = aStage({});
    const write = {
      operation: 'create_issue',
      issue: { project: 'P', issueType: 'Task', title: 't' },
    } as const;
    await stage.record(newWrite('w', write, 'new:w'));
    expect(stage.row()).toMatchObject({ status: 'failed', tries: 0 });
    expect(stage.endings()).toEqual(['w unsupported_operation']);
    expect(stage.asked).toEqual([]);
  });

  it('is not sent any more once it was cancelled, and is too late to be cancelled once it was sent', async () => {
    const stage = aStage(keyed(after('c', SURELY_NOT)));
    await stage.record(newWrite('w', comment()), newWrite('x', comment()));
    expect(await stage.outbox.cancel('x', 'the run was cancelled')).toBe(true);
    expect(await stage.outbox.cancel('w', 'the run was cancelled')).toBe(true);
    expect([stage.row('w').status, stage.row('x').status]).toEqual(['cancelled', 'cancelled']);
    expect(await stage.outbox.cancel('w', 'again')).toBe(false);
    expect(await stage.outbox.cancel('nobody', 'again')).toBe(false);
    await stage.pass(600_000);
    expect(stage.asked).toHaveLength(1);
    expect(stage.clock.armed).toBe(0);
  });

  it('can be cancelled between its recording and its release', async () => {
    const stage = aStage(keyed(() => 'c'));
    const rows = stage.outbox.rows([newWrite('w', comment())]);
    for (const row of rows) stage.contents.rows.set(row.id, { ...row, seq: 1 });
    expect(await stage.outbox.cancel('w', 'the run was cancelled')).toBe(true);
    stage.outbox.release(rows);
    await settled();
    expect(stage.asked).toEqual([]);
    expect(await stage.outbox.whenEnded('w', signal)).toMatchObject({ status: 'cancelled' });
  });
});
