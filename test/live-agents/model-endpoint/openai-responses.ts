// OpenAI's Responses API, as Codex uses it.

import { randomUUID } from 'node:crypto';
import { listOf } from './anthropic.ts';
import type { Protocol, StreamEvent } from './protocol.ts';
import { CALL_USAGE, isPrompt, objectAt, textOf } from './script.ts';
import type { DeclaredTool } from './script.ts';

const id = (): string => randomUUID().replaceAll('-', '').slice(0, 24);
const usage = {
  input_tokens: CALL_USAGE.uncached + CALL_USAGE.cached,
  input_tokens_details: { cached_tokens: CALL_USAGE.cached },
  output_tokens: CALL_USAGE.output,
  output_tokens_details: { reasoning_tokens: CALL_USAGE.reasoning },
  total_tokens: CALL_USAGE.uncached + CALL_USAGE.cached + CALL_USAGE.output,
};

export const openaiResponses: Protocol = {
  name: 'openai responses',
  isStreamed: (_path, body) => body['stream'] === true,
  read(path, body) {
    if (!path.endsWith('/responses')) return null;
    let prompt = '';
    let toolResults = 0;
    const input =
      typeof body['input'] === 'string' ? [{ role: 'user', content: body['input'] }] : body['input'];
    for (const item of listOf(input)) {
      if (String(item['type']).endsWith('_call_output')) toolResults += 1;
      const text = textOf(item['content']);
      if (item['role'] !== 'user' || !isPrompt(text)) continue;
      prompt = text;
      toolResults = 0;
    }
    const tools = listOf(body['tools']).flatMap(declared);
    return { prompt, toolResults, tools, model: String(body['model']) };
  },
  stream(reply, request) {
    const response = {
      id: `resp_${id()}`,
      object: 'response',
      model: request.model,
      output: [] as unknown[],
    };
    const events: StreamEvent[] = [named({ type: 'response.created', response })];
    const text = reply.kind === 'hang' ? 'Wait' : reply.kind === 'text' ? reply.text : '';
    const item = itemOf(reply);
    if (reply.kind === 'tool') {
      events.push(named({ type: 'response.output_item.added', output_index: 0, item }));
    } else {
      const empty = { ...item, status: 'in_progress', content: [] };
      events.push(named({ type: 'response.output_item.added', output_index: 0, item: empty }));
      const place = { output_index: 0, content_index: 0, item_id: item['id'] };
      events.push(named({ type: 'response.output_text.delta', ...place, delta: text }));
      if (reply.kind === 'hang') return events;
    }
    events.push(named({ type: 'response.output_item.done', output_index: 0, item }));
    const completed = { ...response, status: 'completed', output: [item], usage };
    events.push(named({ type: 'response.completed', response: completed }));
    return events;
  },
  whole: (reply, { model }) => ({
    id: `resp_${id()}`,
    object: 'response',
    status: 'completed',
    model,
    output: [itemOf(reply)],
    usage,
  }),
  error: (status, message) => ({
    error: { message, type: ERRORS[status] ?? 'server_error', code: ERRORS[status] ?? null },
  }),
};

/** The tools of an MCP server stand together, under its name. */
function declared(tool: Readonly<Record<string, unknown>>): DeclaredTool[] {
  if (tool['type'] === 'namespace') {
    const namespace = String(tool['name']);
    return listOf(tool['tools'])
      .flatMap(declared)
      .map((one) => ({ ...one, namespace }));
  }
  return [{ name: String(tool['name'] ?? tool['type']), parameters: objectAt(tool, 'parameters') }];
}

const ERRORS: Readonly<Record<number, string>> = { 401: 'invalid_api_key', 429: 'rate_limit_exceeded' };

function itemOf(reply: Parameters<Protocol['stream']>[0]): Record<string, unknown> {
  if (reply.kind === 'tool') {
    const call = { type: 'function_call', id: `fc_${id()}`, call_id: `call_${id()}`, status: 'completed' };
    const place = reply.namespace === undefined ? {} : { namespace: reply.namespace };
    return { ...call, ...place, name: reply.name, arguments: JSON.stringify(reply.input) };
  }
  const text = reply.kind === 'hang' ? 'Wait' : reply.text;
  const content = [{ type: 'output_text', text, annotations: [] }];
  return { type: 'message', id: `msg_${id()}`, role: 'assistant', status: 'completed', content };
}

function named(data: { type: string } & Record<string, unknown>): StreamEvent {
  return { event: data.type, data };
}
