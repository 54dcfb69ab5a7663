// Server-sent events: one frame is made and serialised once and shared by every client, at most 4 a second,
// none while nobody listens. A client that does not read keeps at most one frame in memory: it is skipped
// until it drains, then gets the newest, and is dropped when it never does. Every frame is the whole state,
// so a skipped one loses nothing and Last-Event-ID needs no memory: whoever comes back with the newest id has missed
// nothing, and whoever comes with another one gets the newest frame at once.
//
// Not @fastify/sse: it serialises for each client and runs a heartbeat timer for each, and its send() waits
// for a slow client without limit, which is the bookkeeping that this file exists to avoid.

import type { Writable } from 'node:stream';
import { BLOCKED_LIMIT_MS, COMMENT, COMMENT_INTERVAL_MS, RECONNECT } from './open-stream.ts';
import type { StreamSlots } from './stream-slots.ts';

export const FRAME_INTERVAL_MS = 250;

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

export function createLiveEvents(options: LiveEventsOptions): LiveEvents {
  const clients = new Set<Client>();
  let closed = false;
  let frame: { readonly id: number; readonly data: string; readonly bytes: Buffer } | null = null;
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
      if (data !== frame?.data) {
        const id = nextId++;
        // Bytes, because a string would be encoded again for every client.
        frame = { id, data, bytes: Buffer.from(`id: ${id}\nevent: state\ndata: ${data}\n\n`) };
      }
    }
    for (const client of clients) send(client);
  };

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
