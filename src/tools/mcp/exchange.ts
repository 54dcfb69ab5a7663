// One request and its answer, as a transport that the SDK's server can be connected to. The answer is JSON. Only when
// it is long in coming (a person is asked) and the client reads streams as well, the answer becomes a stream of one
// event: its head is sent at once and something small from time to time, because HTTP clients give up on a silent
// server (Node's own after 300 s).

import type { ServerResponse } from 'node:http';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import type { ToolsClock } from '../ports.ts';

/** After it, a waiting client is given a sign of life. */
export const QUIET_MS = 10_000;
/** Between signs of life. */
const KEEP_ALIVE_MS = 15_000;

export interface ExchangeParts {
  readonly response: ServerResponse;
  readonly clock: Pick<ToolsClock, 'after'>;
  readonly readsStreams: boolean;
  readonly quietMs?: number | undefined;
}

export class Exchange implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  /** Settles when the answer was given, or when nobody waits for it any more. */
  readonly over: Promise<void>;
  readonly #parts: ExchangeParts;
  #forget: () => void = () => undefined;
  #isStream = false;
  #finish: () => void = () => undefined;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.over = new Promise((resolve) => {
      this.#finish = resolve;
    });
    parts.response.once('close', () => this.#end());
  }

  async start(): Promise<void> {
    if (this.#parts.readsStreams) this.#soon(this.#parts.quietMs ?? QUIET_MS);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const { response } = this.#parts;
    if (response.writableEnded || response.destroyed) return;
    const isAnswer = !('method' in message);
    if (!isAnswer && !this.#parts.readsStreams) return;
    if (!isAnswer) this.#openStream();
    const text = JSON.stringify(message);
    if (this.#isStream) response.write(`event: message\ndata: ${text}\n\n`);
    else {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.write(text);
    }
    if (!isAnswer) return;
    this.#forget();
    response.end(() => this.#end());
  }

  async close(): Promise<void> {
    this.#end();
  }

  #soon(delayMs: number): void {
    this.#forget = this.#parts.clock.after(delayMs, () => {
      const { response } = this.#parts;
      if (response.writableEnded || response.destroyed) return;
      this.#openStream();
      response.write(': waiting\n\n');
      this.#soon(KEEP_ALIVE_MS);
    });
  }

  #openStream(): void {
    if (this.#isStream) return;
    this.#isStream = true;
    this.#parts.response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
    });
  }

  #end(): void {
    this.#forget();
    this.#finish();
    const told = this.onclose;
    this.onclose = undefined;
    told?.();
  }
}
