// Anthropic's Messages API, as Claude Code uses it.

import { randomUUID } from 'node:crypto';
import type { Protocol, StreamEvent } from './protocol.ts';
import { CALL_USAGE, isPrompt, objectAt, textOf } from './script.ts';
import type { ModelReply, ModelRequest } from './script.ts';

const id = (): string => randomUUID().replaceAll('-', '').slice(0, 24);
const usage = {
  input_tokens: CALL_USAGE.uncached,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: CALL_USAGE.cached,
};

export const anthropic: Protocol = {
  name: 'anthropic',
  isStreamed: (_path, body) => body['stream'] === true,
  read(path, body) {
    if (!path.endsWith('/v1/messages')) return null;
    let prompt = '';
    let toolResults = 0;
    for (const message of listOf(body['messages'])) {
      if (message['role'] !== 'user') continue;
      const results = listOf(message['content']).filter((part) => part['type'] === 'tool_result').length;
      toolResults += results;
      const text = textOf(message['content']);
      if (results > 0 || !isPrompt(text)) continue;
      prompt = text;
      toolResults = 0;
    }
    const tools = listOf(body['tools']).map((tool) => ({
      name: String(tool['name']),
      parameters: objectAt(tool, 'input_schema'),
    }));
    return { prompt, toolResults, tools, model: String(body['model']) };
  },
  stream(reply, request) {
    const message = { ...messageOf(request), usage: { ...usage, output_tokens: 1 } };
    const events: StreamEvent[] = [named({ type: 'message_start', message })];
    const start = (block: object): StreamEvent =>
      named({ type: 'content_block_start', index: 0, content_block: block });
    const delta = (change: object): StreamEvent =>
      named({ type: 'content_block_delta', index: 0, delta: change });
    if (reply.kind === 'tool') {
      events.push(start({ type: 'tool_use', id: `toolu_${id()}`, name: reply.name, input: {} }));
      events.push(delta({ type: 'input_json_delta', partial_json: JSON.stringify(reply.input) }));
    } else {
      events.push(start({ type: 'text', text: '' }));
      events.push(delta({ type: 'text_delta', text: reply.kind === 'hang' ? 'Wait' : reply.text }));
    }
    if (reply.kind === 'hang') return events;
    events.push(named({ type: 'content_block_stop', index: 0 }));
    const ending = { stop_reason: stopReason(reply), stop_sequence: null };
    const spent = { ...usage, output_tokens: CALL_USAGE.output };
    events.push(
      named({ type: 'message_delta', delta: ending, usage: spent }),
      named({ type: 'message_stop' }),
    );
    return events;
  },
  whole: (reply, request) => ({
    ...messageOf(request),
    content:
      reply.kind === 'tool'
        ? [{ type: 'tool_use', id: `toolu_${id()}`, name: reply.name, input: reply.input }]
        : [{ type: 'text', text: reply.text }],
    stop_reason: stopReason(reply),
    usage: { ...usage, output_tokens: CALL_USAGE.output },
  }),
  error: (status, message) => ({ type: 'error', error: { type: ERRORS[status] ?? 'api_error', message } }),
};

const ERRORS: Readonly<Record<number, string>> = { 401: 'authentication_error', 429: 'rate_limit_error' };

function messageOf({ model }: ModelRequest): Record<string, unknown> {
  const empty = { content: [], stop_reason: null, stop_sequence: null };
  return { id: `msg_${id()}`, type: 'message', role: 'assistant', model, ...empty };
}

function stopReason({ kind }: ModelReply): string {
  return kind === 'tool' ? 'tool_use' : 'end_turn';
}

function named(data: { type: string } & Record<string, unknown>): StreamEvent {
  return { event: data.type, data };
}

export function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? (value as readonly Readonly<Record<string, unknown>>[]) : [];
}
