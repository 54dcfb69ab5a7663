// What single lines mean on the way: tools, refusals, retries, limits, signs of life.
import { expect, it } from 'vitest';
import type { AgentEvent } from '../../../../src/contract/agent.ts';
import { newReader, readTurn, recordedLines } from './recorded.ts';

const toolsOf = (events: readonly AgentEvent[]): unknown[] =>
  events.flatMap((event) =>
    event.kind === 'tool_started'
      ? [`${event.name} begins`]
      : event.kind === 'tool_result'
        ? [`${event.name} ${event.ok ? 'ok' : 'failed'}${event.writes === true ? ', writes' : ''}`]
        : [],
  );

const line = (value: unknown): string => JSON.stringify(value);
const call = (id: string, name: string, parent: string | null = null): string =>
  line({
    type: 'assistant',
    parent_tool_use_id: parent,
    message: { content: [{ type: 'tool_use', id, name, input: {} }] },
  });
const answer = (id: string, isError = false): string =>
  line({
    type: 'user',
    message: { content: [{ type: 'tool_result', tool_use_id: id, is_error: isError, content: 'x' }] },
  });
const result = (more: object = {}): string =>
  line({ type: 'result', subtype: 'success', is_error: false, terminal_reason: 'completed', ...more });

it('pairs tool calls, and knows which tools write', () => {
  expect(toolsOf(readTurn(recordedLines('partial-tool')).events)).toEqual(['Bash begins', 'Bash ok']);
  expect(toolsOf(readTurn(recordedLines('partial-write')).events)).toEqual([
    'Write begins',
    'Write ok, writes',
  ]);
  expect(toolsOf(readTurn(recordedLines('mcp-http')).events)).toEqual([
    'mcp__tracker__tracker_ping begins',
    'mcp__tracker__tracker_ping ok',
  ]);
});

it.each([
  ['background-task', 'x'],
  ['background-task-2.1.197', 'Bash'],
])(
  'holds a command in the background in flight until it ends, and the turn open with it: %s',
  (name, task) => {
    const reader = newReader();
    const lines = recordedLines(name);
    const firstResult = lines.findIndex((text) => text.includes('"type":"result"'));
    const before = lines.slice(0, firstResult + 1).flatMap((text, at) => [...reader.take(text, at)]);
    expect(toolsOf(before)).toEqual(['Bash begins', `background: ${task} begins`, 'Bash ok']);
    expect(reader.isTurnOver()).toBe(false);
    const after = lines.slice(firstResult + 1).flatMap((text, at) => [...reader.take(text, 3000 + at)]);
    expect(toolsOf(after)).toEqual([`background: ${task} ok`]);
    expect(reader.isTurnOver()).toBe(true);
  },
);

it('takes a tool call for in flight only when it is written: a stream that falls silent in it is a silent stream', () => {
  const { events } = readTurn(
    recordedLines('partial-tool').filter((text) => !text.startsWith('{"type":"assistant"')),
  );
  expect(toolsOf(events).filter((what) => String(what).includes('begins'))).toEqual([]);
});

it('fails a turn whose last call was refused, and only notes a refusal that the agent got around', () => {
  const denied = line({ type: 'system', subtype: 'permission_denied', tool_name: 'Bash', tool_use_id: 'a' });
  const refused = readTurn([call('a', 'Bash'), denied, answer('a', true), result()]);
  expect(refused.verdict).toMatchObject({ error: 'turn_input_required', reason: 'permission_refused' });
  expect(refused.events).toContainEqual({ kind: 'notification', message: 'permission for Bash was refused' });
  const around = readTurn([
    call('a', 'Bash'),
    denied,
    answer('a', true),
    call('b', 'Edit'),
    answer('b'),
    result(),
  ]);
  expect(around.verdict).toEqual({ kind: 'completed' });
});

it('knows a refusal from the result alone, as older versions tell it', () => {
  const denials = { permission_denials: [{ tool_name: 'Bash', tool_use_id: 'a' }] };
  expect(readTurn([call('a', 'Bash'), answer('a', true), result(denials)]).verdict).toMatchObject({
    reason: 'permission_refused',
  });
});

it('does not carry a refusal into the next turn', () => {
  const reader = newReader();
  const denials = { permission_denials: [{ tool_use_id: 'a' }] };
  readTurn([call('a', 'Bash'), answer('a', true), result(denials)], { reader });
  expect(readTurn([result()], { reader }).verdict).toEqual({ kind: 'completed' });
});

it('shows each retry of the model service, which keeps the turn alive', () => {
  const { events } = readTurn(recordedLines('error429'));
  expect(events.filter(({ kind }) => kind === 'notification').slice(0, 2)).toEqual([
    { kind: 'notification', message: "the model's service: HTTP 429 (rate_limit); retry 1 of 2 in 1.0 s" },
    { kind: 'notification', message: "the model's service: HTTP 429 (rate_limit); retry 2 of 2 in 1.2 s" },
  ]);
});

it('reports the windows of a usage limit', () => {
  expect(readTurn(recordedLines('rate-limits')).events).toContainEqual({
    kind: 'rate_limits',
    windows: [
      { name: 'five_hour', usedPercent: 93, resetsAtMs: 1_795_325_252_000 },
      { name: 'seven_day', usedPercent: 40, resetsAtMs: 1_795_325_252_000 },
    ],
  });
});

it('reads the time out of the words of older versions', () => {
  const words = { is_error: true, result: 'Claude AI usage limit reached|1795325252' };
  expect(readTurn([result(words)]).verdict).toMatchObject({ reason: 'quota', resetAtMs: 1_795_325_252_000 });
});

it('says which MCP servers are missing', () => {
  const message = 'the MCP server t could not be reached: its tools are missing';
  expect(readTurn(recordedLines('mcp-failed')).events).toContainEqual({ kind: 'notification', message });
});

it('gives one sign of life a second while a model streams', () => {
  const reader = newReader();
  const delta = line({
    type: 'stream_event',
    event: { type: 'content_block_delta', delta: { type: 'text_delta', text: 'a' } },
  });
  const events = Array.from({ length: 500 }, (_, index) => reader.take(delta, index * 10)).flat();
  expect(events).toEqual(Array.from({ length: 5 }, () => ({ kind: 'other_message', message: 'writing' })));
});

it('takes no session id that could be an option of the next call', () => {
  for (const sessionId of ['--dangerously-skip-permissions', 'a b', 'x'.repeat(201), '', 7]) {
    expect(newReader().take(line({ type: 'system', subtype: 'init', session_id: sessionId }), 0)).toEqual([]);
  }
});

it('believes is_error before subtype, and needs a result for a success', () => {
  expect(readTurn([result({ is_error: true, result: 'no' })]).verdict).toMatchObject({
    error: 'turn_failed',
  });
  expect(readTurn(recordedLines('success').slice(0, -1)).verdict).toBeNull();
});

it('calls a turn unfinished when the agent went on after its result and then died', () => {
  const lines = recordedLines('background-task');
  expect(readTurn(lines.slice(0, -1)).verdict).toBeNull();
});
