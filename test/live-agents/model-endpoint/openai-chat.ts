// OpenAI's chat completions, as opencode and Copilot use them with a provider of one's own.

import { randomUUID } from 'node:crypto';
import { listOf } from './anthropic.ts';
import type { Protocol, StreamEvent } from './protocol.ts';
import { CALL_USAGE, isPrompt, objectAt, textOf } from './script.ts';

const id = (): string => randomUUID().replaceAll('-', '').slice(0, 24);
const usage = {
  prompt_tokens: CALL_USAGE.uncached + CALL_USAGE.cached,
  prompt_tokens_details: { cached_tokens: CALL_USAGE.cached },
  completion_tokens: CALL_USAGE.output,
  completion_tokens_details: { reasoning_tokens: CALL_USAGE.reasoning },
  total_tokens: CALL_USAGE.uncached + CALL_USAGE.cached + CALL_USAGE.output,
};

export const openaiChat: Protocol = {
  name: 'openai chat',
  isStreamed: (_path, body) => body['stream'] === true,
  read(path, body) {
    if (!path.endsWith('/chat/completions')) return null;
    let prompt = '';
    let toolResults = 0;
    for (const message of listOf(body['messages'])) {
      if (message['role'] === 'tool') toolResults += 1;
      const text = textOf(message['content']);
      if (message['role'] !== 'user' || !isPrompt(text)) continue;
      prompt = text;
      toolResults = 0;
    }
    const tools = listOf(body['tools']).map((tool) => {
      const declared = objectAt(tool, 'function');
      return { name: String(declared['name']), parameters: objectAt(declared, 'parameters') };
    });
    return { prompt, toolResults, tools, model: String(body['model']) };
  },
  stream(reply, { model }) {
    const base = { id: `chatcmpl-${id()}`, object: 'chat.completion.chunk', created: 1_700_000_000, model };
    const chunk = (delta: object, reason: string | null = null): StreamEvent => ({
      data: { ...base, choices: [{ index: 0, delta, finish_reason: reason }] },
    });
    if (reply.kind === 'hang') return [chunk({ role: 'assistant', content: 'Wait' })];
    return [
      chunk({ role: 'assistant', ...messageOf(reply) }),
      chunk({}, reply.kind === 'tool' ? 'tool_calls' : 'stop'),
      { data: { ...base, choices: [], usage } },
      { data: '[DONE]' },
    ];
  },
  whole: (reply, { model }) => ({
    id: `chatcmpl-${id()}`,
    object: 'chat.completion',
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, ...messageOf(reply) },
        finish_reason: reply.kind === 'tool' ? 'tool_calls' : 'stop',
      },
    ],
    usage,
  }),
  error: (status, message) => ({
    error: { message, type: ERRORS[status] ?? 'server_error', code: ERRORS[status] ?? null },
  }),
};

const ERRORS: Readonly<Record<number, string>> = { 401: 'invalid_api_key', 429: 'rate_limit_exceeded' };

function messageOf(reply: Parameters<Protocol['whole']>[0]): Record<string, unknown> {
  if (reply.kind === 'text') return { content: reply.text };
  const call = { name: reply.name, arguments: JSON.stringify(reply.input) };
  return { tool_calls: [{ index: 0, id: `call_${id()}`, type: 'function', function: call }] };
}
