// A comment that belongs to a move goes out behind it and never without it, whatever order a lane has it in.

import { expect, it } from 'vitest';
import type { TrackerWrite } from '../../../src/contract/tracker-write.ts';
import { HandClock, settled } from '../../daemon/hand-clock.ts';
import { aStage, trackerError } from './a-stage.ts';
import { left } from './memory-ledger.ts';
import { comment, move, newWrite, row } from './outbox-parts.ts';

const tied = { ...comment('It is done'), after: 'm' } as TrackerWrite;

const methods = {
  transitionIssue: () => undefined,
  addKeyedComment: () => 'c',
  findKeyedComment: () => null,
};
const names = (asked: readonly string[]) => asked.map((one) => one.split(' ')[0]);

it('goes out once the move is done, and once only', async () => {
  const stage = aStage(methods);
  await stage.record(newWrite('m', move), newWrite('c', tied));
  expect(names(stage.asked)).toEqual(['transitionIssue', 'addKeyedComment']);
  expect(stage.endings()).toEqual(['m ok', 'c ok']);
});

it('is cancelled, with the reason of the move, when that has failed', async () => {
  const refused = trackerError({ kind: 'tracker_payload_error', detail: 'no such way', applied: 'no' });
  const stage = aStage({
    ...methods,
    transitionIssue: () => {
      throw refused;
    },
  });
  await stage.record(newWrite('m', move), newWrite('c', tied), newWrite('other', comment()));
  expect(stage.row('c')).toMatchObject({
    status: 'cancelled',
    detail: expect.stringMatching(/^it belongs to the move to Done, which failed: .*no such way/),
  });
  expect(names(stage.asked)).toEqual(['transitionIssue', 'addKeyedComment']);
  expect(stage.endings()).toEqual(['m tracker_payload_error', 'c cancelled', 'other ok']);
});

it('waits for a move that nobody knows the end of yet', async () => {
  let isThere = false;
  const stage = aStage({
    ...methods,
    transitionIssue: () => {
      throw trackerError();
    },
    fetchIssueById: () => {
      if (!isThere) throw trackerError();
      return { state: 'Done' };
    },
  });
  await stage.record(newWrite('m', move), newWrite('c', tied));
  await stage.pass(5_000);
  expect([stage.row('m').status, stage.row('c').status]).toEqual(['unsure', 'waiting']);
  isThere = true;
  await stage.pass(300_000);
  await stage.pass(300_000);
  expect([stage.row('m').status, stage.row('c').status]).toEqual(['done', 'done']);
  expect(stage.asked.filter((one) => one.startsWith('addKeyedComment'))).toHaveLength(1);
});

it('goes out after a restart when the move was done, is cancelled when it was not, and waits while it is open', async () => {
  for (const [status, comes] of [
    ['done', 'done'],
    ['failed', 'cancelled'],
    ['refused', 'cancelled'],
    ['cancelled', 'cancelled'],
  ] as const) {
    const ended = row({ id: 'm', write: move, status, endedAtMs: 1 });
    const stage = aStage(methods, {}, left(ended, row({ id: 'c', write: tied })));
    await stage.outbox.start();
    await settled();
    expect([status, stage.row('c').status]).toEqual([status, comes]);
    expect(stage.asked).toHaveLength(comes === 'done' ? 1 : 0);
  }
  // In another lane: a mistake that must not write anything.
  const open = row({ id: 'm', write: move, lane: 'elsewhere', dueAtMs: Number.MAX_SAFE_INTEGER });
  const stage = aStage(
    methods,
    {},
    left(open, row({ id: 'c', write: tied, requestedAtMs: new HandClock().nowMs() })),
  );
  await stage.outbox.start();
  await settled();
  expect(stage.asked).toEqual([]);
  expect(stage.row('c')).toMatchObject({
    status: 'waiting',
    detail: 'the write that it belongs to has not ended',
  });
  await stage.outbox.close();
});

it('is cancelled when what it belongs to is not recorded', async () => {
  const stage = aStage(methods, {}, left(row({ id: 'c', write: tied })));
  await stage.outbox.start();
  await settled();
  expect(stage.asked).toEqual([]);
  expect(stage.row('c').status).toBe('cancelled');
});
