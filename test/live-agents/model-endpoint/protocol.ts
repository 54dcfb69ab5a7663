// What the endpoint needs to know of one model protocol: how a request is read and how a reply is worded.

import type { ModelReply, ModelRequest } from './script.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** One server-sent event; `event` is its name where the protocol names them. */
export interface StreamEvent {
  readonly event?: string;
  readonly data: JsonObject | '[DONE]';
}

export interface Protocol {
  readonly name: string;
  /** null = not a request of this protocol. */
  read(path: string, body: JsonObject): ModelRequest | null;
  /** The whole answer, in order; for `hang` only its beginning. Never called for an error. */
  stream(reply: Exclude<ModelReply, { kind: 'error' }>, request: ModelRequest): StreamEvent[];
  /** A body for those who asked for no stream. */
  whole(reply: Exclude<ModelReply, { kind: 'error' | 'hang' }>, request: ModelRequest): JsonObject;
  error(status: number, message: string): JsonObject;
  isStreamed(path: string, body: JsonObject): boolean;
}
