// The live events by themselves, under a clock of the test: pace, sharing, slow clients, limits, endings.
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLiveEvents, type LiveEvents } from '../../src/http/live-events.ts';
import { BLOCKED_LIMIT_MS, COMMENT_INTERVAL_MS } from '../../src/http/open-stream.ts';
import { createStreamSlots } from '../../src/http/stream-slots.ts';

/** A client whose reading the test controls. */
class Reader extends Writable {
  readonly chunks: string[] = [];
  #resume: (() => void) | null = null;
  stuck = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk.toString());
    if (this.stuck) this.#resume = done;
    else done();
  }

  read(): void {
    this.stuck = false;
    this.#resume?.();
    this.#resume = null;
  }

  get frames(): { id: number; data: unknown }[] {
    return this.chunks.flatMap((chunk) => {
      const match = /^id: (\d+)\nevent: state\ndata: (.*)\n\n$/.exec(chunk);
      return match === null ? [] : [{ id: Number(match[1]), data: JSON.parse(match[2] ?? '') as unknown }];
    });
  }
}

let state = 0;
let renders = 0;
let listeners: Set<() => void>;
let events: LiveEvents;

function change(): void {
  state += 1;
  for (const listener of listeners) listener();
}

function connect(seenId?: number): Reader {
  const reader = new Reader({ highWaterMark: 1024 });
  expect(events.connect(reader, seenId)).toBe(true);
  return reader;
}

beforeEach(() => {
  vi.useFakeTimers();
  state = renders = 0;
  listeners = new Set();
  events = createLiveEvents({
    render: () => {
      renders += 1;
      return JSON.stringify({ state, padding: 'x'.repeat(2_000) });
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    slots: createStreamSlots(3),
    firstId: 100,
    monotonicMs: () => performance.now(),
  });
});

afterEach(() => {
  events.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('live events', () => {
  it('give a new client the state at once, after a hint for reconnecting', async () => {
    const reader = connect();
    await vi.advanceTimersByTimeAsync(0);
    expect(reader.chunks[0]).toBe('retry: 2000\n\n');
    expect(reader.frames).toMatchObject([{ id: 100, data: { state: 0 } }]);
  });

  it('come at most 4 a second with rising ids, and the last one is the newest state', async () => {
    const reader = connect();
    for (let ms = 0; ms < 2_000; ms += 10) {
      change();
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(250);
    const ids = reader.frames.map(({ id }) => id);
    expect(ids.length).toBeLessThanOrEqual(10);
    expect(ids.length).toBeGreaterThanOrEqual(8);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
    expect(reader.frames.at(-1)).toMatchObject({ data: { state: 200 } });
  });

  it('are serialised once for all clients', async () => {
    const readers = [connect(), connect(), connect()];
    await vi.advanceTimersByTimeAsync(0);
    change();
    await vi.advanceTimersByTimeAsync(250);
    expect(renders).toBe(2);
    expect(new Set(readers.map(({ frames }) => frames.at(-1)?.id))).toEqual(new Set([101]));
  });

  it('cost nothing while nobody listens', async () => {
    expect(listeners.size).toBe(0);
    const reader = connect();
    expect(listeners.size).toBe(1);
    reader.destroy();
    await vi.advanceTimersByTimeAsync(0);
    expect([listeners.size, vi.getTimerCount(), events.clientCount]).toEqual([0, 0, 0]);
  });

  it('show what changed while nobody listened', async () => {
    connect().destroy();
    await vi.advanceTimersByTimeAsync(300);
    state = 7;
    const reader = connect();
    await vi.advanceTimersByTimeAsync(250);
    expect(reader.frames.at(-1)).toMatchObject({ data: { state: 7 } });
  });

  it('give a client that comes back what it missed, at once', async () => {
    connect();
    await vi.advanceTimersByTimeAsync(0);
    change();
    await vi.advanceTimersByTimeAsync(250);
    const back = connect(100);
    expect(back.frames).toMatchObject([{ id: 101, data: { state: 1 } }]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(back.frames).toHaveLength(1);
  });

  it('give a client that comes back nothing while it has missed nothing', async () => {
    connect();
    await vi.advanceTimersByTimeAsync(0);
    const back = connect(100);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(back.frames).toEqual([]);
    change();
    await vi.advanceTimersByTimeAsync(250);
    expect(back.frames).toMatchObject([{ id: 101, data: { state: 1 } }]);
  });

  it('know after everybody had left whether anything has changed since', async () => {
    connect().destroy();
    await vi.advanceTimersByTimeAsync(300);
    const first = connect();
    await vi.advanceTimersByTimeAsync(300);
    const { id = 0 } = first.frames[0] ?? {};
    first.destroy();
    await vi.advanceTimersByTimeAsync(300);
    const back = connect(id);
    await vi.advanceTimersByTimeAsync(300);
    expect(back.frames).toEqual([]);
    back.destroy();
    await vi.advanceTimersByTimeAsync(300);
    state = 9;
    const again = connect(id);
    await vi.advanceTimersByTimeAsync(300);
    expect(again.frames).toMatchObject([{ id: id + 1, data: { state: 9 } }]);
  });

  it('give an id of another daemon the newest state', async () => {
    connect();
    await vi.advanceTimersByTimeAsync(0);
    for (const seenId of [99, 5_000_000]) {
      expect(connect(seenId).frames).toMatchObject([{ id: 100 }]);
    }
  });

  it('give somebody new a frame that is no older than a second, and all others the same', async () => {
    const first = connect();
    await vi.advanceTimersByTimeAsync(900);
    state = 1;
    expect(connect().frames, 'young enough').toMatchObject([{ id: 100, data: { state: 0 } }]);
    await vi.advanceTimersByTimeAsync(200);
    const late = connect();
    await vi.advanceTimersByTimeAsync(0);
    expect(late.frames).toMatchObject([{ id: 101, data: { state: 1 } }]);
    expect(first.frames.map(({ id }) => id)).toEqual([100, 101]);
    expect(renders).toBe(2);
  });

  it('come every 30 seconds at the latest, although nothing has changed', async () => {
    const reader = connect();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(reader.frames).toHaveLength(1);
    for (let count = 2; count < 6; count += 1) {
      await vi.advanceTimersByTimeAsync(30_000);
      expect(reader.frames.length).toBeGreaterThanOrEqual(count);
    }
    const ids = reader.frames.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('come every 30 seconds, too, to who is told of changes that are none', async () => {
    const reader = connect();
    for (let second = 0; second < 95; second += 1) {
      for (const listener of listeners) listener();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(reader.frames.length).toBeGreaterThanOrEqual(4);
  });

  it('send nothing when the state is told to have changed and has not', async () => {
    const reader = connect();
    await vi.advanceTimersByTimeAsync(0);
    for (const listener of listeners) listener();
    await vi.advanceTimersByTimeAsync(500);
    expect(reader.frames).toHaveLength(1);
  });

  it('say nothing while there is no state yet, and start when there is', async () => {
    let ready = false;
    const early = createLiveEvents({
      render: () => (ready ? '{}' : null),
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      slots: createStreamSlots(1),
      firstId: 1,
      monotonicMs: () => performance.now(),
    });
    const reader = new Reader();
    early.connect(reader);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reader.frames).toEqual([]);
    ready = true;
    change();
    await vi.advanceTimersByTimeAsync(0);
    expect(reader.frames).toEqual([{ id: 1, data: {} }]);
    early.close();
  });

  it('keep an idle connection open with a comment every 15 seconds', async () => {
    const reader = connect();
    await vi.advanceTimersByTimeAsync(3 * COMMENT_INTERVAL_MS);
    expect(reader.chunks.filter((chunk) => chunk.startsWith(':'))).toHaveLength(3);
  });

  it('skip a client that does not read, hold one frame for it, and give it the newest when it reads', async () => {
    const slow = connect();
    const quick = connect();
    slow.stuck = true;
    for (let index = 0; index < 40; index++) {
      change();
      await vi.advanceTimersByTimeAsync(250);
    }
    expect(quick.frames.length).toBeGreaterThan(35);
    expect(slow.writableLength).toBeLessThan(2 * 2_100);
    slow.read();
    await vi.advanceTimersByTimeAsync(250);
    expect(slow.frames.at(-1)).toMatchObject({ data: { state: 40 } });
    expect(slow.frames.length).toBeLessThanOrEqual(3);
  });

  it('drop a client that never reads again', async () => {
    const stuck = connect();
    stuck.stuck = true;
    change();
    await vi.advanceTimersByTimeAsync(250);
    await vi.advanceTimersByTimeAsync(BLOCKED_LIMIT_MS + COMMENT_INTERVAL_MS);
    expect([stuck.destroyed, events.clientCount]).toEqual([true, 0]);
  });

  it('refuse more clients than the limit, and take one again when another leaves', async () => {
    const readers = [connect(), connect(), connect()];
    expect(events.connect(new Reader())).toBe(false);
    readers[0]?.destroy();
    await vi.advanceTimersByTimeAsync(0);
    connect();
  });

  it('survive a connection that breaks', async () => {
    const broken = connect();
    const other = connect();
    broken.destroy(new Error('ECONNRESET'));
    await vi.advanceTimersByTimeAsync(0);
    change();
    await vi.advanceTimersByTimeAsync(250);
    expect([events.clientCount, other.frames.length]).toEqual([1, 2]);
  });

  it('end every stream when closed, and take no more', async () => {
    const reader = connect();
    const stuck = connect();
    await vi.advanceTimersByTimeAsync(0);
    stuck.stuck = true;
    change();
    await vi.advanceTimersByTimeAsync(250);
    events.close();
    expect([reader.writableEnded, stuck.destroyed, listeners.size]).toEqual([true, true, 0]);
    expect(events.connect(new Reader())).toBe(false);
  });
});
