// What lines mean, one by one and as a stream of bytes in any chunks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineReader } from '../../../../adapters/agents/line-protocol/index.ts';
import type { AgentEvent } from '../../../../src/contract/agent.ts';
import { createLineSplitter } from '../../../../src/process/line-splitter.ts';

function read(...lines: readonly string[]): AgentEvent[] {
  const reader = createLineReader();
  return [...lines.flatMap((line) => reader.take(line)), ...reader.end(false)];
}

describe('a known event', () => {
  it.each<[string, AgentEvent]>([
    [
      '{"event":"token_usage","input_tokens":100,"output_tokens":10,"cache_read_tokens":20,"model":"m","cost_usd":0.01}',
      {
        kind: 'token_usage',
        inputTokens: 100,
        outputTokens: 10,
        cacheReadTokens: 20,
        model: 'm',
        costUsd: 0.01,
      },
    ],
    [
      '{"event":"token_usage","input_tokens":1,"cost_usd":null,"more":{"than":"known"}}',
      { kind: 'token_usage', inputTokens: 1, outputTokens: 0, cacheReadTokens: 0, model: '', costUsd: null },
    ],
    ['{"event":"session_started","session_id":"abc-1"}', { kind: 'session_started', sessionId: 'abc-1' }],
    [
      '  {"event":"notification","message":"hi\\n\\u001b[1mthere"} ',
      { kind: 'notification', message: 'hi there' },
    ],
    [
      '{"event":"tool_result","name":"grep","duration_ms":5.4,"ok":true}',
      { kind: 'tool_result', name: 'grep', durationMs: 5, ok: true },
    ],
    [
      '{"event":"tool_result","name":"grep","ok":false}',
      { kind: 'tool_result', name: 'grep', durationMs: 0, ok: false },
    ],
  ])('%s', (line, event) => {
    expect(read(line)).toEqual([event]);
  });
});

describe('a known event with bad fields is malformed, and says which', () => {
  it.each([
    ['{"event":"token_usage","input_tokens":-1}', 'input_tokens'],
    ['{"event":"token_usage","output_tokens":1.5}', 'output_tokens'],
    ['{"event":"token_usage","input_tokens":1e300}', 'input_tokens'],
    ['{"event":"token_usage","input_tokens":2000000000}', 'input_tokens'],
    ['{"event":"token_usage","input_tokens":"12"}', 'input_tokens'],
    ['{"event":"token_usage","cost_usd":-0.1}', 'cost_usd'],
    ['{"event":"token_usage","cost_usd":1e9}', 'cost_usd'],
    ['{"event":"token_usage","model":7}', 'model'],
    ['{"event":"session_started"}', 'session_id'],
    ['{"event":"session_started","session_id":""}', 'session_id'],
    ['{"event":"session_started","session_id":"a\\u0000b"}', 'session_id'],
    ['{"event":"session_started","session_id":"two words"}', 'session_id'],
    [`{"event":"session_started","session_id":"${'x'.repeat(201)}"}`, 'session_id'],
    ['{"event":"notification","message":{"a":1}}', 'message'],
    ['{"event":"tool_result","name":"","ok":true}', 'name'],
    ['{"event":"tool_result","name":"x","ok":"yes"}', 'ok'],
    ['{"event":"tool_result","name":"x","ok":true,"duration_ms":-5}', 'duration_ms'],
  ])('%s', (line, field) => {
    const events = read(line);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining(`: ${field}: `) as string,
    });
  });
});

describe('any other line is a notification', () => {
  it.each([
    'plain text',
    '{"event":"turn_completed"}',
    '{"event":"toString"}',
    '{"event":42}',
    '{"message":"no event"}',
    '{}',
    '[{"event":"notification","message":"in a list"}]',
    'null',
    '{"event":"notification","message":"cut he',
    '{',
  ])('%s', (line) => {
    expect(read(line, 'next')).toEqual([
      { kind: 'notification', message: line },
      { kind: 'notification', message: 'next' },
    ]);
  });

  it('but a blank one is nothing', () => {
    expect(read('', ' \t', '\u0000')).toEqual([]);
  });
});

describe('the end of the output', () => {
  it('makes a cut JSON line malformed', () => {
    const reader = createLineReader();
    expect(reader.take('{"event":"token_usage","input_tok')).toEqual([]);
    expect(reader.end(true)).toEqual([
      { kind: 'malformed', message: expect.stringContaining('{"event":"token_usage"') as string },
    ]);
  });

  it('leaves a whole JSON line an event, line end or not', () => {
    const reader = createLineReader();
    expect(reader.take('{"event":"notification","message":"x"}')).toHaveLength(1);
    expect(reader.end(true)).toEqual([]);
  });

  it('leaves an ordinary line ordinary', () => {
    const reader = createLineReader();
    expect(reader.take('no newline he')).toEqual([{ kind: 'notification', message: 'no newline he' }]);
    expect(reader.end(true)).toEqual([]);
  });
});

it('remembers what was said last, for a question', () => {
  const reader = createLineReader();
  reader.take('Which colour?');
  reader.take('{"event":"tool_result","name":"x","ok":true}');
  expect(reader.lastMessage()).toBe('Which colour?');
});

describe('as a stream', () => {
  const events = [
    { event: 'token_usage', input_tokens: 7, output_tokens: 3 },
    { event: 'notification', message: 'naïve \u2028 世界 👍' },
    { event: 'session_started', session_id: 's-1' },
    { event: 'tool_result', name: 'grep', ok: true },
  ];

  function play(chunks: readonly Uint8Array[]): AgentEvent[] {
    const reader = createLineReader();
    const seen: AgentEvent[] = [];
    const splitter = createLineSplitter({
      limitBytes: 4096,
      onLine: (line) => seen.push(...reader.take(line)),
      onOversized: () => undefined,
    });
    for (const chunk of chunks) splitter.push(chunk);
    seen.push(...reader.end(splitter.end().unterminated));
    return seen;
  }

  it('never throws, whatever the bytes and the chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
        for (const event of play(chunks)) expect(['notification', 'malformed']).toContain(event.kind);
      }),
    );
  });

  it('never throws on lines that are nearly events', () => {
    const nearly = fc.record(
      {
        event: fc.constantFrom('token_usage', 'notification', 'session_started', 'tool_result', '__proto__'),
        input_tokens: fc.jsonValue(),
        message: fc.jsonValue(),
        session_id: fc.jsonValue(),
        name: fc.jsonValue(),
        ok: fc.jsonValue(),
        cost_usd: fc.double(),
      },
      { requiredKeys: ['event'] },
    );
    fc.assert(
      fc.property(nearly, (value) => {
        for (const event of play([Buffer.from(`${JSON.stringify(value)}\n`)])) {
          if (event.kind === 'token_usage') expect(event.inputTokens).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('finds the same events however the bytes are cut', () => {
    const bytes = Buffer.from(
      events
        .map((event, index) => `${JSON.stringify(event)}\r\nnoise ${index} ünd 👍\n{ not json\n`)
        .join(''),
    );
    const whole = play([bytes]);
    expect(whole.filter(({ kind }) => kind !== 'notification')).toHaveLength(3);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        expect(play(chunks)).toEqual(whole);
      }),
    );
  });
});
