// A model service on the loopback that follows the script: one server for all four protocols. Every call is kept, so
// that a test can tell what the agent's totals must be, and every other path is answered with an empty 404.
// It is also the HTTP proxy that agents are told to use for anything else: it refuses, and remembers who asked.

import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropic } from './anthropic.ts';
import { gemini } from './gemini.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import type { JsonObject, Protocol, StreamEvent } from './protocol.ts';
import { replyTo } from './script.ts';
import type { ModelReply, ModelRequest, ScriptedCall } from './script.ts';

const PROTOCOLS: readonly Protocol[] = [anthropic, openaiResponses, openaiChat, gemini];

export interface ModelCall {
  readonly protocol: string;
  readonly request: ModelRequest;
  readonly reply: ModelReply;
  /** As it was sent. */
  readonly body: JsonObject;
  /** A call without tools is no step of the agent's work: a title, a summary. */
  readonly isAside: boolean;
}

export interface ModelEndpoint {
  readonly url: string;
  readonly calls: readonly ModelCall[];
  /** Hosts that were asked for through the proxy, and paths that are no model call. */
  readonly strays: readonly string[];
  close(): Promise<void>;
}

/** @param next what `[[scenario:calls]]` calls after so many results; null = it is done. */
export type NextCall = (results: number) => Promise<ScriptedCall | null>;

const NOTHING: NextCall = () => Promise.resolve(null);

export async function startModelEndpoint(next: NextCall = NOTHING): Promise<ModelEndpoint> {
  const calls: ModelCall[] = [];
  const strays: string[] = [];
  const server = createServer((request, response) => {
    answer(request, response, { calls, strays, next }).catch((error: unknown) => {
      strays.push(String(error));
      response.destroy();
    });
  });
  server.on('connect', (request, socket) => {
    strays.push(`CONNECT ${request.url ?? ''}`);
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    strays,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  {
    calls,
    strays,
    next,
  }: { readonly calls: ModelCall[]; readonly strays: string[]; readonly next: NextCall },
): Promise<void> {
  // An absolute address is what a proxy is asked for.
  const [path = ''] = (incoming.url ?? '').split('?', 1);
  const body = await bodyOf(incoming);
  const fitting = PROTOCOLS.map((protocol) => ({ protocol, request: protocol.read(path, body) }));
  const found = fitting.find(({ request }) => request !== null);
  if (!path.startsWith('/') || found === undefined || found.request === null) {
    strays.push(`${incoming.method ?? ''} ${path}`);
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    return;
  }
  const { protocol, request } = found;
  const reply = replyTo(request, await next(request.toolResults));
  calls.push({ protocol: protocol.name, request, reply, body, isAside: request.tools.length === 0 });
  if (reply.kind === 'error') {
    const text = JSON.stringify(protocol.error(reply.status, `scripted ${reply.status}`));
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(text);
  } else if (reply.kind === 'hang' || protocol.isStreamed(path, body)) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    for (const event of protocol.stream(reply, request)) response.write(worded(event));
    if (reply.kind !== 'hang') response.end();
  } else {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(protocol.whole(reply, request)));
  }
}

function worded({ event, data }: StreamEvent): string {
  const name = event === undefined ? '' : `event: ${event}\n`;
  return `${name}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

async function bodyOf(incoming: IncomingMessage): Promise<JsonObject> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  try {
    const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    return typeof body === 'object' && body !== null ? (body as JsonObject) : {};
  } catch {
    return {};
  }
}
