// Server-sent events: one frame is made and serialised once and shared by every client, at most 4 a second,
// none while nobody listens. A client that does not read keeps at most one frame in memory: it is skipped
// until it drains, then gets the newest, and is dropped when it never does. Every frame is the whole state,
// so a skipped one loses nothing and Last-Event-ID needs no memory: whoever comes back with the newest id has missed
// nothing, and whoever comes with another one gets a frame at once that is no older than a second: its time counts as
// now. A frame comes every 30 s at the latest, so that who hears nothing for longer knows that the line is dead.
//
// Not @fastify/sse: it serialises for each client and runs a heartbeat timer for each, and its send() waits
// for a slow client without limit, which is the bookkeeping that this file exists to avoid.

import type { Writable } from 'node:stream';
import { BLOCKED_LIMIT_MS, COMMENT, COMMENT_INTERVAL_MS, RECONNECT } from './open-stream.ts';
import type { StreamSlots } from './stream-slots.ts';

export const FRAME_INTERVAL_MS = 250;
/** Nobody waits longer for the next frame, although nothing has changed. */
export const LONGEST_SILENCE_MS = 30_000;
/** A frame that is older is no answer to somebody new. */
const STALE_MS = 1_000;

export interface LiveEventsOptions {
  /** The data of the next frame, one line; null = nothing to show yet. */
  readonly render: () => string | null;
  readonly onChange: (listener: () => void) => () => void;
  readonly slots: StreamSlots;
  /** Ids rise from here; a start from the wall clock keeps them rising across restarts. */
  readonly firstId: number;
  readonly monotonicMs: () => number;
}

export interface LiveEvents {
  /** Takes the stream over; false = the limit is reached or the server closes. `seenId`: from Last-Event-ID. */
  connect(stream: Writable, seenId?: number): boolean;
  /** Ends every stream at once; nothing is left running. */
  close(): void;
  readonly clientCount: number;
}

interface Client {
  readonly stream: Writable;
  sentId: number;
  /** Since when it has not read what was written; null = it keeps up. */
  blockedSinceMs: number | null;
}

interface Frame {
  readonly id: number;
  readonly atMs: number;
  readonly data: string;
  readonly bytes: Buffer;
}

export function createLiveEvents(options: LiveEventsOptions): LiveEvents {
  const clients = new Set<Client>();
  let closed = false;
  let frame: Frame | null = null;
  let nextId = options.firstId;
  let changed = true;
  let lastFlushMs = -Infinity;
  let flushTimer: NodeJS.Timeout | undefined;
  let commentTimer: NodeJS.Timeout | undefined;
  let unsubscribe: (() => void) | undefined;

  const schedule = (): void => {
    if (flushTimer !== undefined || clients.size === 0) return;
    const waitMs = Math.max(0, lastFlushMs + FRAME_INTERVAL_MS - options.monotonicMs());
    flushTimer = setTimeout(flush, waitMs);
  };

  const flush = (): void => {
    flushTimer = undefined;
    lastFlushMs = options.monotonicMs();
    const data = changed ? options.render() : null;
    if (data !== null) {
      changed = false;
      if (data !== frame?.data || isDue()) frame = frameOf(data);
    }
    for (const client of clients) send(client);
  };

  const frameOf = (data: string): Frame => {
    const id = nextId;
    nextId += 1;
    // Bytes, because a string would be encoded again for every client.
    const bytes = Buffer.from(`id: ${id}\nevent: state\ndata: ${data}\n\n`);
    return { id, atMs: options.monotonicMs(), data, bytes };
  };

  const ageMs = (): number => options.monotonicMs() - (frame?.atMs ?? -Infinity);

  /** Not before the next comment it would be too late. */
  const isDue = (): boolean => ageMs() + COMMENT_INTERVAL_MS > LONGEST_SILENCE_MS;

  const send = (client: Client): void => {
    if (frame === null || client.blockedSinceMs !== null || client.sentId === frame.id) return;
    client.sentId = frame.id;
    write(client, frame.bytes);
  };

  const write = (client: Client, text: string | Buffer): void => {
    if (!client.stream.write(text)) client.blockedSinceMs = options.monotonicMs();
  };

  const comment = (): void => {
    for (const client of clients) {
      if (client.blockedSinceMs === null) write(client, COMMENT);
      else if (options.monotonicMs() - client.blockedSinceMs >= BLOCKED_LIMIT_MS) client.stream.destroy();
    }
    if (!isDue()) return;
    changed = true;
    schedule();
  };

  const start = (): void => {
    changed = true;
    unsubscribe = options.onChange(() => {
      changed = true;
      schedule();
    });
    commentTimer = setInterval(comment, COMMENT_INTERVAL_MS);
  };

  const stop = (): void => {
    unsubscribe?.();
    clearTimeout(flushTimer);
    clearInterval(commentTimer);
    flushTimer = commentTimer = unsubscribe = undefined;
  };

  return {
    connect: (stream, seenId = -1) => {
      const release = closed ? null : options.slots.take();
      if (release === null) return false;
      const client: Client = { stream, sentId: seenId, blockedSinceMs: null };
      stream.on('drain', () => {
        client.blockedSinceMs = null;
        schedule();
      });
      stream.on('close', () => {
        release();
        if (clients.delete(client) && clients.size === 0) stop();
      });
      // A reset connection is a client that left, not a failure of ours.
      stream.on('error', () => stream.destroy());
      clients.add(client);
      if (clients.size === 1) start();
      write(client, RECONNECT);
      if (ageMs() > STALE_MS && seenId !== frame?.id) changed = true;
      if (changed) schedule();
      else send(client);
      return true;
    },
    close: () => {
      closed = true;
      for (const { stream, blockedSinceMs } of clients) {
        if (blockedSinceMs === null) stream.end();
        else stream.destroy();
      }
      clients.clear();
      stop();
    },
    get clientCount() {
      return clients.size;
    },
  };
}
