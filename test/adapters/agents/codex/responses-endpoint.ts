// A model service on loopback that speaks just enough of OpenAI's Responses API for the real CLI, and does what the
// prompt says: `[[tool]]`, `[[slow-tool]]`, `[[silent]]`, `[[status 401]]`, `[[usage-limit]]`. Each call that is
// answered accounts for 100 uncached and 20 cached input tokens and 10 output tokens, 3 of them reasoning.

import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ResponsesEndpoint {
  readonly url: string;
  /** Bodies of the calls, oldest first. */
  readonly calls: readonly Record<string, unknown>[];
  close(): Promise<void>;
}

const USAGE = {
  input_tokens: 120,
  input_tokens_details: { cached_tokens: 20 },
  output_tokens: 10,
  output_tokens_details: { reasoning_tokens: 3 },
  total_tokens: 130,
};

/** When the usage limit of `[[usage-limit]]` ends: seconds since the epoch. */
export const RESETS_AT_S = 1_900_000_000;

export async function startResponsesEndpoint(): Promise<ResponsesEndpoint> {
  const calls: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      if (request.method !== 'POST') return void response.writeHead(404).end('{}');
      const body = JSON.parse(text) as Record<string, unknown>;
      calls.push(body);
      answer(body, calls.length, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(body: Record<string, unknown>, call: number, response: ServerResponse): void {
  const input = (body['input'] ?? []) as readonly Record<string, unknown>[];
  const lastUser = input.findLastIndex(({ role }) => role === 'user');
  const prompt = JSON.stringify(input[lastUser] ?? '');
  const hasToolAnswer = input.slice(lastUser + 1).some(({ type }) => String(type).endsWith('_output'));

  const status = /\[\[status (\d+)\]\]/.exec(prompt)?.[1];
  if (status !== undefined) {
    response.writeHead(Number(status), { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ error: { message: `scripted ${status}`, type: 'scripted', code: 'scripted' } }),
    );
    return;
  }
  if (prompt.includes('[[usage-limit]]')) {
    response.writeHead(429, {
      'content-type': 'application/json',
      'x-codex-primary-used-percent': '100',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': String(RESETS_AT_S),
      'x-codex-secondary-used-percent': '40',
      'x-codex-secondary-window-minutes': '10080',
      'x-codex-secondary-reset-at': String(RESETS_AT_S + 600_000),
    });
    const error = {
      type: 'usage_limit_reached',
      message: 'limit',
      plan_type: 'plus',
      resets_at: RESETS_AT_S,
    };
    response.end(JSON.stringify({ error }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, data: object): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  const id = `resp_${call}`;
  send('response.created', { response: { id } });
  if (prompt.includes('[[silent]]')) {
    send('response.output_text.delta', { delta: 'about to say nothing' });
    return;
  }
  const overflow = prompt.includes('[[overflow]]');
  if (overflow) {
    const error = { code: 'context_length_exceeded', message: 'too long' };
    send('response.failed', { response: { id, status: 'failed', error } });
    return void response.end();
  }
  const command = /\[\[(?:slow-)?tool(?: ([^\]]*))?\]\]/.exec(prompt);
  const item =
    command !== null && !hasToolAnswer
      ? toolCall(
          body,
          call,
          prompt.includes('[[slow-tool')
            ? 'echo $$ > tool.pid; sleep 300'
            : (command[1] ?? 'echo tool > tool-output.txt'),
        )
      : {
          type: 'message',
          role: 'assistant',
          id: `msg_${call}`,
          content: [{ type: 'output_text', text: 'all done' }],
        };
  if (item['type'] === 'message') {
    send('response.output_item.added', { item: { ...item, content: [] } });
    send('response.output_text.delta', { delta: 'all done' });
  }
  send('response.output_item.done', { item });
  send('response.completed', { response: { id, usage: USAGE } });
  response.end();
}

function toolCall(body: Record<string, unknown>, call: number, command: string): Record<string, unknown> {
  const tools = (body['tools'] ?? []) as readonly Record<string, unknown>[];
  const modern = tools.some(({ name }) => name === 'exec_command');
  return {
    type: 'function_call',
    id: `fc_${call}`,
    call_id: `call_${call}`,
    name: modern ? 'exec_command' : 'shell',
    arguments: JSON.stringify(
      modern ? { cmd: command, yield_time_ms: 1000 } : { command: ['bash', '-lc', command] },
    ),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
