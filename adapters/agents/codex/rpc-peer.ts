// One side of a JSON-RPC conversation in lines, as the app-server speaks it (without the field "jsonrpc"). Each request
// of ours ends: by its answer, by its time limit, or with the process. What comes in is believed only as far as it
// can be checked, and an answer to nothing is dropped.

import { AgentError } from '../../../src/contract/agent.ts';
import type { JsonObject } from '../driver/index.ts';
import { cleanText, objectAt, stringAt } from '../driver/index.ts';

/** What the other side answered instead of a result. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly method: string;

  constructor(method: string, message: string) {
    super(message);
    this.method = method;
  }
}

export interface RpcPeerOptions {
  /** Writes one line, which ends in a line end. May reject: then the process is ending. */
  write(line: string): Promise<void>;
  /** Each answer of a request must come within it. */
  readonly timeoutMs: number;
}

export interface RpcPeer {
  /** `leastMs`: it is given this long even when the limit is shorter. Resolves with the result; rejects with RpcError, with AgentError `response_timeout`, or with what `close` was given. */
  request(method: string, params: JsonObject, leastMs?: number): Promise<JsonObject>;
  notify(method: string): void;
  /** To a request of theirs. Resolves when it is written, so that who asks without end waits for himself. */
  answer(id: string | number, answer: RpcAnswer): Promise<void>;
  /** A line that may be an answer; false = it is none. */
  take(message: JsonObject): boolean;
  /** Ends every request that waits, and those to come. */
  close(reason: Error): void;
}

export type RpcAnswer =
  { readonly result: JsonObject } | { readonly error: { readonly code: number; readonly message: string } };

const MESSAGE_LIMIT = 500;

export function createRpcPeer({ write, timeoutMs }: RpcPeerOptions): RpcPeer {
  const waiting = new Map<
    number,
    { readonly method: string; resolve(result: JsonObject): void; reject(error: Error): void }
  >();
  let nextId = 1;
  let closed: Error | null = null;

  // A write that fails is followed by the end of the process, which closes the peer and says more.
  const send = (message: JsonObject): Promise<void> =>
    write(`${JSON.stringify(message)}\n`).catch(() => undefined);

  return {
    request(method, params, leastMs = 0) {
      if (closed !== null) return Promise.reject(closed);
      const id = nextId++;
      const limitMs = Math.max(timeoutMs, leastMs);
      return new Promise<JsonObject>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new AgentError('response_timeout', `no answer to ${method} within ${limitMs} ms`));
        }, limitMs);
        const settle = (): void => {
          clearTimeout(timer);
          waiting.delete(id);
        };
        waiting.set(id, {
          method,
          resolve: (result) => (settle(), resolve(result)),
          reject: (error) => (settle(), reject(error)),
        });
        void send({ id, method, params });
      });
    },
    notify: (method) => void send({ method }),
    answer: (id, answer) => send({ id, ...answer }),
    take(message) {
      if (message['method'] !== undefined || message['id'] === undefined) return false;
      const asked = typeof message['id'] === 'number' ? waiting.get(message['id']) : undefined;
      if (message['error'] === undefined) asked?.resolve(objectAt(message, 'result') ?? {});
      else {
        const said = cleanText(stringAt(message, 'error', 'message'), MESSAGE_LIMIT);
        asked?.reject(new RpcError(asked.method, said === '' ? 'an error without words' : said));
      }
      return true;
    },
    close(reason) {
      closed ??= reason;
      for (const asked of [...waiting.values()]) asked.reject(closed);
    },
  };
}
