// One message of JSON-RPC out of a body, or why it is none. It is held to what MCP's clients of today send: no batches
// (they left the protocol with 2025-06-18), ids of a sane size, and no nesting that would exhaust a recursive reader
// behind this door.

import { RPC } from './refusals.ts';
import type { Refusal } from './refusals.ts';

const ID_LIMIT = 1024;
const METHOD_LIMIT = 200;
const DEPTH_LIMIT = 100;

export interface RpcRequest {
  readonly jsonrpc: '2.0';
  readonly id: string | number;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

export type ReadMessage =
  | { readonly kind: 'request'; readonly message: RpcRequest }
  /** A notification, or an answer to something that we never ask. */
  | { readonly kind: 'no_answer' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Never throws. */
export function readMessage(text: string): ReadMessage {
  if (depthOf(text) > DEPTH_LIMIT) return refused(RPC.request, `more than ${DEPTH_LIMIT} levels of nesting`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(RPC.parse, 'the body is no JSON');
  }
  if (Array.isArray(value)) return refused(RPC.request, 'batches are not taken: send one message a request');
  if (!isRecord(value) || value['jsonrpc'] !== '2.0') {
    return refused(RPC.request, 'the body is no message of JSON-RPC 2.0');
  }
  const { id, method, params } = value;
  if (method === undefined && ('result' in value || 'error' in value)) return { kind: 'no_answer' };
  if (id !== undefined && !isId(id)) {
    return refused(RPC.request, `id must be a whole number, or a text of at most ${ID_LIMIT} characters`);
  }
  if (typeof method !== 'string' || method === '' || method.length > METHOD_LIMIT) {
    return refused(RPC.request, 'method must be the name of a method', id);
  }
  if (params !== undefined && !isRecord(params)) return refused(RPC.params, 'params must be an object', id);
  if (id === undefined) return { kind: 'no_answer' };
  return {
    kind: 'request',
    message: { jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) },
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(id: unknown): id is string | number {
  return typeof id === 'string' ? id.length <= ID_LIMIT : Number.isSafeInteger(id);
}

function refused(code: number, message: string, id: string | number | undefined = undefined): ReadMessage {
  return {
    kind: 'refused',
    refusal: { status: 400, code, kind: 'invalid_arguments', message, id: id ?? null },
  };
}

/** Of brackets outside of strings; a text that is no JSON gets some number. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (isInString) {
      if (char === BACKSLASH) index += 1;
      else if (char === QUOTE) isInString = false;
    } else if (char === QUOTE) isInString = true;
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) deepest = Math.max(deepest, (depth += 1));
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth -= 1;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
