// A real listener on a real port with a session whose tools do what a test says, and real MCP clients. Everything is
// ended after the test.

import { setTimeout as sleep } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach } from 'vitest';
import { createToolListener } from '../../../src/tools/mcp/index.ts';
import type { ToolListenerParts } from '../../../src/tools/mcp/index.ts';
import type {
  OfferedTool,
  ToolAnswer,
  ToolListener,
  ToolsClock,
  ToolSession,
} from '../../../src/tools/ports.ts';

export type Call = (args: unknown, signal: AbortSignal) => ToolAnswer | Promise<ToolAnswer>;

export interface SeenCall {
  readonly name: string;
  readonly args: unknown;
}

export interface Stage {
  readonly listener: ToolListener;
  readonly url: string;
  readonly token: string;
  readonly calls: SeenCall[];
  /** Tool and kind of what never became a call. */
  readonly turnedAway: string[];
  readonly logged: { readonly level: string; readonly message: string; readonly fields: unknown }[];
  /** How many calls the session works on now, and the most that it ever did. */
  readonly load: { now: number; most: number };
  revoke(): Promise<void>;
}

const leftOver: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of leftOver.splice(0).reverse()) await end();
});

export function afterTest(end: () => Promise<unknown>): void {
  leftOver.push(end);
}

export const realClock: ToolsClock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

export const echo: Call = (args) => ({ ok: true, body: { success: true, data: { got: args as never } } });

export const tool = (name: string, readOnly = true): OfferedTool => ({
  name,
  title: `The ${name}`,
  description: `Does what ${name} does.`,
  input: {
    type: 'object',
    properties: { text: { type: 'string', description: 'any text' } },
    required: ['text'],
    additionalProperties: false,
  },
  readOnly,
});

export async function raise(
  tools: Readonly<Record<string, Call>> = { echo },
  changes: Partial<ToolListenerParts> = {},
): Promise<Stage> {
  const logged: { level: string; message: string; fields: unknown }[] = [];
  const log = (level: string) => (message: string, fields?: unknown) => {
    logged.push({ level, message, fields });
  };
  const listener = await createToolListener({
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    clock: realClock,
    version: '1.2.3',
    ...changes,
  });
  afterTest(() => listener.close());
  const calls: SeenCall[] = [];
  const load = { now: 0, most: 0 };
  const turnedAway: string[] = [];
  const session: ToolSession = {
    runId: 'run-1',
    tools: () => Object.keys(tools).map((name) => tool(name, name !== 'write')),
    async call(name, args, signal) {
      calls.push({ name, args });
      load.now += 1;
      load.most = Math.max(load.most, load.now);
      try {
        const play = tools[name];
        return play === undefined
          ? {
              ok: false,
              body: { success: false, error: { kind: 'unsupported_operation', message: 'no such tool' } },
            }
          : await play(args, signal);
      } finally {
        load.now -= 1;
      }
    },
    turnedAway: (name, kind) => turnedAway.push(`${name} ${kind}`.trim()),
  };
  const { token, revoke } = listener.admit(session);
  return { listener, url: listener.url, token, calls, turnedAway, logged, load, revoke };
}

/** A client of the SDK. @param version that it speaks; absent: the newest of before 2026-07-28. */
export async function connect(
  { url, token }: Pick<Stage, 'url' | 'token'>,
  options: ConstructorParameters<typeof Client>[1] = {},
): Promise<Client> {
  const client = new Client({ name: 'a-test', version: '1' }, options);
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  afterTest(() => client.close());
  return client;
}

/** Whatever came back. */
export type Answered = ReturnType<typeof JSON.parse>;

/** One POST as it stands. */
export async function post(
  { url, token }: Pick<Stage, 'url' | 'token'>,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: Answered; headers: Headers }> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json',
      ...headers,
    },
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === '' ? null : (JSON.parse(text) as Answered),
    headers: response.headers,
  };
}

export function rpc(method: string, params?: unknown, id: unknown = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
}

export const callOf = (name: string, args: unknown = { text: 'hi' }, id: unknown = 1): string =>
  rpc('tools/call', { name, arguments: args }, id);

/** Waits for something that a real process or socket does. */
export async function until(isSo: () => boolean, limitMs = 45_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error('it did not come to pass');
    await sleep(5);
  }
}
