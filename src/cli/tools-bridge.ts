// Between an agent that speaks MCP over stdio and the daemon's tools, which are asked over HTTP: each message is passed
// on as it is, each by a request of its own. It waits as long as the daemon does; it never repeats a request, and
// answers in the daemon's place when that is gone, so that no call hangs. Nothing but the protocol reaches stdout.

import type { JSONRPCMessage, JSONRPCRequest } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { Readable, Writable } from 'node:stream';
import { messageOf } from './command-line.ts';
import type { ToolAccess } from '../tools/mcp/tools-file.ts';

/** Above what the daemon takes: the answer to too much is its own. */
const MESSAGE_LIMIT_BYTES = 8 * 1024 * 1024;

export interface BridgeParts {
  readonly access: ToolAccess;
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** One line for people. */
  say(line: string): void;
}

/** Resolves when the agent has closed our stdin, or when there is nothing to serve: false. */
export async function bridge({ access, stdin, stdout, say }: BridgeParts): Promise<boolean> {
  const stdio = new StdioServerTransport(stdin, stdout, { maxBufferSize: MESSAGE_LIMIT_BYTES });
  const underWay = new Map<string | number, AbortController>();
  let version = '';
  let isGood = true;

  async function pass(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message)) return;
    if (!('id' in message)) {
      if (message.method !== 'notifications/cancelled') return;
      const { requestId } = message.params ?? {};
      // The daemon takes a connection that is closed for it.
      if (typeof requestId === 'string' || typeof requestId === 'number') underWay.get(requestId)?.abort();
      return;
    }
    // It asks whether requests may say everything themselves: here a conversation begins with `initialize`.
    if (message.method === 'server/discover') {
      return stdio.send(rpcError(message, -32601, 'Method not found'));
    }
    const leaving = new AbortController();
    underWay.set(message.id, leaving);
    try {
      for await (const answer of ask(access, message, version, leaving.signal)) {
        if (message.method === 'initialize') version = versionIn(answer) || version;
        await stdio.send(answer);
      }
    } catch (error) {
      if (leaving.signal.aborted) return;
      const { kind, text } = explain(error, access);
      say(text);
      if (message.method === 'initialize') isGood = false;
      await stdio.send(inItsPlace(message, kind, text));
      if (!isGood) await stdio.close();
    } finally {
      underWay.delete(message.id);
    }
  }

  await new Promise<void>((resolve, reject) => {
    stdio.onclose = resolve;
    stdio.onerror = (error) => say(error.message);
    stdio.onmessage = (message) => void pass(message).catch((error: unknown) => say(messageOf(error)));
    stdio.start().catch(reject);
  });
  for (const leaving of underWay.values()) leaving.abort();
  return isGood;
}

/** Ours, or that of who is there instead of us; read only where it is no answer. */
type Answer = JSONRPCMessage & {
  readonly error?: { readonly kind?: string; readonly message?: string };
};

/** The daemon answered, and did not serve. */
class Refused extends Error {
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Gives what the daemon says about a request: the answer is the last. Throws when there will be none. */
async function* ask(
  { url, token }: ToolAccess,
  message: JSONRPCRequest,
  version: string,
  signal: AbortSignal,
): AsyncGenerator<JSONRPCMessage> {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(message),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(version === '' ? {} : { 'mcp-protocol-version': version }),
    },
    redirect: 'error',
    signal,
  });
  if (response.headers.get('content-type') === 'text/event-stream' && response.body !== null) {
    yield* events(response.body);
    return;
  }
  const answer = (await response.json()) as Answer;
  if ('id' in answer && answer.id === message.id) yield answer;
  else throw new Refused(answer.error?.kind ?? 'internal_error', answer.error?.message ?? '');
}

/** The daemon's own stream: one `data` line an event. Throws when it ends before the answer. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<JSONRPCMessage> {
  let held = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const lines = (held + piece).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const message = JSON.parse(line.slice('data: '.length)) as JSONRPCMessage;
      yield message;
      if (!('method' in message)) return;
    }
  }
  throw new Error('the connection was cut before the answer');
}

function explain(error: unknown, { url }: ToolAccess): { readonly kind: string; readonly text: string } {
  if (error instanceof Refused) return { kind: error.kind, text: `sortie: ${error.message}` };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = `sortie: the daemon at ${new URL(url).origin} does not answer (${messageOf(cause)}): it was stopped, or the run has ended; stop calling its tools`;
  return { kind: 'run_ended', text };
}

/** A call gets the answer that a tool gives, which models read; everything else an error of the protocol. */
function inItsPlace(message: JSONRPCRequest, kind: string, text: string): JSONRPCMessage {
  if (message.method !== 'tools/call') return rpcError(message, -32000, text, { kind });
  const body = { success: false, error: { kind, message: text } };
  const content = [{ type: 'text', text: JSON.stringify(body) }];
  return { jsonrpc: '2.0', id: message.id, result: { content, structuredContent: body, isError: true } };
}

function rpcError({ id }: JSONRPCRequest, code: number, message: string, data?: unknown): JSONRPCMessage {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}

function versionIn(answer: JSONRPCMessage): string {
  const spoken = 'result' in answer ? (answer.result as Record<string, unknown>)['protocolVersion'] : '';
  return typeof spoken === 'string' ? spoken : '';
}
