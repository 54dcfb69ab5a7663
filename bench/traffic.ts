// What goes over undici's sockets in this process, read from its diagnostics channels: every answered request with
// what it takes to send it again, and the bytes of its body as they came.

import { channel } from 'node:diagnostics_channel';

export interface Exchange {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
  bytes: number;
}

interface UndiciRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
}

/** Grows as answers end; `splice` it empty. */
export function watchTraffic(): readonly Exchange[] & { splice(start: number): Exchange[] } {
  const done: Exchange[] = [];
  const open = new WeakMap<object, number>();
  const on = (
    name: string,
    take: (message: { request: UndiciRequest; chunk?: Uint8Array }) => void,
  ): void => {
    channel(`undici:request:${name}`).subscribe((message) => {
      take(message as { request: UndiciRequest; chunk?: Uint8Array });
    });
  };
  on('bodyChunkReceived', ({ request, chunk }) => {
    open.set(request, (open.get(request) ?? 0) + (chunk?.length ?? 0));
  });
  on('trailers', ({ request }) => {
    const { origin, path, method, headers } = request;
    done.push({ origin, path, method, headers: [...headers], bytes: open.get(request) ?? 0 });
  });
  return done;
}
