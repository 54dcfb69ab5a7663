// Answers to requests that never become a call: from the wrong place, with the wrong token, too large, or no JSON-RPC.
// Their bodies are errors of JSON-RPC, which MCP clients show, and hold our own `kind` beside its number.

import type { ServerResponse } from 'node:http';

/** Of JSON-RPC 2.0; -32000 and below are the server's own. */
export const RPC = { parse: -32700, request: -32600, params: -32602, own: -32000 } as const;

export interface Refusal {
  readonly status: number;
  readonly code: number;
  /** A ToolErrorKind. */
  readonly kind: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Of the request, when it could be read. */
  readonly id?: string | number | null | undefined;
}

export const RUN_ENDED: Refusal = {
  status: 401,
  code: RPC.own,
  kind: 'run_ended',
  message: 'this token belongs to no run that is under way: the run has ended; stop calling its tools',
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
};

/** Writes it, unless somebody has begun to answer. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent || response.destroyed) return;
  const { status, code, kind, message, headers = {}, id = null } = refusal;
  const body = JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, kind, data: { kind } } });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
