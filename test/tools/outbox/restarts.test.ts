// What a new daemon makes of the rows that the last one left, and what closing leaves behind.

import { describe, expect, it } from 'vitest';
import type { OutboxStatus, OutboxWrite } from '../../../src/contract/outbox.ts';
import type { TrackerWrite } from '../../../src/contract/tracker-write.ts';
import { settled } from '../../daemon/hand-clock.ts';
import { aStage } from './a-stage.ts';
import { left } from './memory-ledger.ts';
import { comment, move, newWrite, row } from './outbox-parts.ts';

const { signal } = new AbortController();

const of = (status: OutboxStatus, write: TrackerWrite, id: string, sentAtMs = 0): OutboxWrite =>
  row({ id, status, write, origin: 'orchestrator', tries: status === 'waiting' ? 0 : 1, sentAtMs });

describe('after a restart', () => {
  it('says what the orchestrator had to say, and leaves its moves to a new decision', async () => {
    const stage = aStage(
      { addComment: () => 'c', transitionIssue: () => undefined },
      {},
      left(of('waiting', move, 'm'), of('waiting', comment('Hello'), 'c')),
    );
    await stage.outbox.start();
    await settled();
    expect(stage.asked).toEqual(['addComment 1 Hello']);
    expect(stage.row('m')).toMatchObject({
      status: 'cancelled',
      detail: 'the daemon was restarted; decided anew',
    });
    expect(stage.row('c').status).toBe('done');
  });

  it('looks for what was on its way before anything else is sent in its lane', async () => {
    const stage = aStage(
      { addKeyedComment: () => 'c', findKeyedComment: () => 'c0' },
      {},
      left(row({ id: 'a', status: 'sending', tries: 1, sentAtMs: 0 }), row({ id: 'b' })),
    );
    await stage.outbox.start();
    await settled();
    expect(stage.asked.map((one) => one.split(' ')[0])).toEqual(['findKeyedComment', 'addKeyedComment']);
    expect(stage.endings()).toEqual(['a ok', 'b ok']);
    expect(stage.witnessed).toEqual(['writing a', 'written a null', 'writing b', 'written b null']);
  });

  it('says of all that may have landed already that they are ours, before any lane has its turn', async () => {
    const doubtful = (id: string, lane: string) =>
      row({ id, lane, status: 'unsure', tries: 1, sentAtMs: 0, dueAtMs: 1_000_000 });
    const stage = aStage(
      { addKeyedComment: () => 'c', findKeyedComment: () => 'c0' },
      {},
      left(
        doubtful('a', 'issue:1'),
        doubtful('b', 'issue:2'),
        row({ id: 'n', lane: 'issue:3', dueAtMs: 1_000_000 }),
      ),
    );
    await stage.outbox.start();
    expect(stage.witnessed).toEqual(['writing a', 'writing b']);
  });

  it("drops a move of the orchestrator's that was not applied", async () => {
    const stage = aStage(
      { fetchIssueById: () => ({ state: 'To Do' }), transitionIssue: () => undefined },
      {},
      left(of('sending', move, 'm')),
    );
    await stage.outbox.start();
    await settled();
    expect(stage.row('m').status).toBe('cancelled');
    expect(stage.asked).toEqual(['fetchIssueById 1']);
  });
});

describe('closing', () => {
  it('lets what is on its way end, and starts nothing more', async () => {
    let release: (id: string) => void = () => undefined;
    const stage = aStage({
      addKeyedComment: () => new Promise((resolve) => (release = resolve)),
      findKeyedComment: () => null,
    });
    await stage.record(newWrite('a', comment()), newWrite('b', comment()));
    const waits = stage.outbox.whenEnded('b', signal).catch((error: unknown) => error);
    const closed = stage.outbox.close();
    await settled();
    release('c');
    await settled();
    await closed;
    expect([stage.row('a').status, stage.row('b').status]).toEqual(['done', 'waiting']);
    expect(await waits).toMatchObject({ name: 'AbortError' });
    expect(stage.clock.armed).toBe(0);
  });

  it('waits a moment and no longer; what was cut off stays recorded as sent', async () => {
    const stage = aStage({
      addKeyedComment: (_id: string, _body: string, _key: string, given: AbortSignal) =>
        new Promise((_resolve, reject) =>
          given.addEventListener('abort', () => reject(given.reason as Error)),
        ),
      findKeyedComment: () => null,
    });
    await stage.record(newWrite('a', comment()));
    const closed = stage.outbox.close();
    await stage.pass(5_000);
    await closed;
    expect(['sending', 'unsure']).toContain(stage.row('a').status);
    await expect(stage.outbox.writer.transition({} as never, signal)).rejects.toThrow();
    expect(stage.clock.armed).toBe(0);
  });
});
