// What the reader makes of recorded and of made-up lines: events, totals and verdicts, and nothing that throws.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/codex/index.ts';
import { createCodexReader } from '../../../../adapters/agents/codex/reader.ts';
import type { AgentEvent, OutputReader, SessionUsage, TurnVerdict } from '../../../../src/contract/agent.ts';
import { callsOf, kindsOf, sumOf } from './codex-stage.ts';
import { linesOf, saidBy, sessionWith } from './recorded.ts';

const END = { exitCode: null, signal: null, unterminatedLastLine: false, stderrText: '' };
const THREAD = 'thread-1';

interface Played {
  readonly events: AgentEvent[];
  readonly verdicts: (TurnVerdict | null)[];
}

function play(reader: OutputReader, lines: readonly string[], stepMs = 10): Played {
  const events: AgentEvent[] = [];
  const verdicts: (TurnVerdict | null)[] = [];
  lines.forEach((line, index) => {
    events.push(...reader.take(line, index * stepMs));
    if (!reader.isTurnOver()) return;
    const ended = reader.endTurn(END, index * stepMs);
    events.push(...ended.events);
    verdicts.push(ended.verdict);
  });
  return { events, verdicts };
}

function freshReader(sessionUsage: SessionUsage | null = null): OutputReader {
  return createCodexReader({ sessionUsage, sessionId: '', grantsAll: false });
}

/** A turn of its own with these notifications in it. */
function turnWith(...inner: readonly (readonly [method: string, params: object])[]): string[] {
  const of = (method: string, params: object): string =>
    JSON.stringify({ method, params: { threadId: THREAD, turnId: 'turn-1', ...params } });
  return [
    JSON.stringify({ id: 1, result: { thread: { id: THREAD }, model: 'm' } }),
    JSON.stringify({ id: 2, result: { turn: { id: 'turn-1' } } }),
    ...inner.map(([method, params]) => of(method, params)),
    of('turn/completed', { turn: { id: 'turn-1', status: 'completed', error: null } }),
  ];
}

const item = (facts: object): [string, object] => ['item/completed', { item: { id: 'c1', ...facts } }];

describe('the recorded dialogue', () => {
  const lines = saidBy(linesOf('appserver.jsonl'));

  it('has five turns with their verdicts', () => {
    const { verdicts } = play(freshReader(), lines);
    expect(verdicts.map((verdict) => (verdict?.kind === 'failed' ? verdict.reason : verdict?.kind))).toEqual([
      'completed',
      'completed',
      'authentication',
      null,
      'completed',
    ]);
  });

  it('accounts for six model calls', () => {
    expect(sumOf(play(freshReader(), lines).events)).toEqual(callsOf(6));
  });

  it('names the thread, its model and its tools', () => {
    const { events } = play(freshReader(), lines);
    expect(events.filter(({ kind }) => kind === 'session_started')).toEqual([
      { kind: 'session_started', sessionId: '01a2005d-6a16-7fc3-b8bb-cf8c706c77fb' },
    ]);
    expect(events.find((event) => event.kind === 'token_usage')?.model).toBe('fake-model');
    const results = events.filter((event) => event.kind === 'tool_result');
    expect(results.map(({ name, ok }) => [name, ok])).toEqual([
      ['shell', true],
      ['tracker.tracker_ping', true],
    ]);
    expect(kindsOf(events).filter((kind) => kind === 'tool_started')).toHaveLength(3);
  });

  it('is played through the registration, too', () => {
    const reader = agent.createReader?.({ sessionUsage: null, sessionId: '' });
    expect(reader).toBeDefined();
    if (reader !== undefined) expect(sumOf(play(reader, lines).events)).toEqual(callsOf(6));
  });

  it('says little where the model says much', () => {
    const signs = play(freshReader(), lines, 1).events.filter(({ kind }) => kind === 'other_message');
    expect(signs.length).toBeLessThanOrEqual(5);
  });
});

it('counts on where a resumed thread says its total again', () => {
  const { events, verdicts } = play(freshReader(callsOf(2)), saidBy(linesOf('resume.jsonl')));
  expect(verdicts).toEqual([{ kind: 'completed' }]);
  expect(sumOf(events)).toEqual(callsOf(1));
});

it('counts on when the context overflowed and was compacted', () => {
  const { events, verdicts } = play(freshReader(), saidBy(linesOf('overflow.jsonl')));
  expect(verdicts[1]).toMatchObject({ kind: 'failed', reason: 'context_overflow' });
  // One in the first turn; compacting and the answer in the third.
  expect(sumOf(events)).toEqual(callsOf(3));
});

it.each([
  ['[[status 429]]', { error: 'turn_failed', reason: 'quota', resetAtMs: null }],
  ['[[status 500]]', { error: 'turn_failed', reason: 'service_error' }],
  ['[[status 401]]', { error: 'agent_config_error', reason: 'authentication' }],
  ['[[usage-limit]]', { error: 'turn_failed', reason: 'quota', resetAtMs: 1_900_000_000_000 }],
  ['[[overflow]]', { error: 'turn_failed', reason: 'context_overflow' }],
])('knows the failure of %s', (marker, expected) => {
  const { verdicts } = play(freshReader(), saidBy(sessionWith('failures.jsonl', marker)));
  expect(verdicts).toEqual([expect.objectContaining({ kind: 'failed', ...expected })]);
});

it('plays the same turn twice, for a rehearsal', () => {
  const lines = saidBy(linesOf('resume.jsonl'));
  const { events, verdicts } = play(freshReader(callsOf(2)), [...lines, ...lines]);
  expect(verdicts).toEqual([{ kind: 'completed' }, { kind: 'completed' }]);
  expect(sumOf(events).outputTokens).toBeGreaterThanOrEqual(callsOf(2).outputTokens);
});

describe('the end of a turn', () => {
  it('is not that of a sub-agent', () => {
    const lines = turnWith();
    const child = JSON.stringify({
      method: 'turn/completed',
      params: { threadId: 'child', turn: { id: 'turn-1', status: 'completed' } },
    });
    const reader = freshReader();
    for (const line of [...lines.slice(0, 2), child]) reader.take(line, 0);
    expect(reader.isTurnOver()).toBe(false);
  });

  it('is not that of an earlier turn, and not one without a beginning', () => {
    const reader = freshReader();
    const [opened = '', started = '', completed = ''] = turnWith();
    reader.take(opened, 0);
    reader.take(completed, 0);
    expect(reader.isTurnOver()).toBe(false);
    reader.take(started, 0);
    reader.take(completed.replaceAll('turn-1', 'turn-0'), 0);
    expect(reader.isTurnOver()).toBe(false);
    reader.take(completed, 0);
    expect(reader.isTurnOver()).toBe(true);
  });

  it('was for want of a permission when the last tool was declined', () => {
    const declined = item({ type: 'commandExecution', status: 'declined' });
    const { verdicts } = play(freshReader(), turnWith(declined));
    expect(verdicts).toEqual([
      expect.objectContaining({ error: 'turn_input_required', reason: 'permission_refused' }),
    ]);
  });

  it('was not, when a tool succeeded afterwards', () => {
    const declined = item({ type: 'commandExecution', status: 'declined' });
    const done = item({ type: 'commandExecution', status: 'completed', exitCode: 0 });
    const { verdicts, events } = play(freshReader(), turnWith(declined, done));
    expect(verdicts).toEqual([{ kind: 'completed' }]);
    expect(kindsOf(events)).toContain('notification');
  });

  it('was for want of a permission when an MCP call needed one', () => {
    const error = { message: 'tool call requires approval, but approval policy is never' };
    const refused = item({ type: 'mcpToolCall', server: 's', tool: 't', status: 'failed', error });
    const { verdicts } = play(freshReader(), turnWith(refused));
    expect(verdicts).toEqual([expect.objectContaining({ reason: 'permission_refused' })]);
  });

  it('explains a sandbox that does not work here', () => {
    const aggregatedOutput = 'bwrap: Creating new namespace failed: nesting depth exceeded (ENOSPC)\n';
    const broken = item({ type: 'commandExecution', status: 'failed', exitCode: 1, aggregatedOutput });
    const { verdicts } = play(freshReader(), turnWith(broken));
    const verdict = verdicts[0];
    expect(verdict).toMatchObject({ kind: 'failed', error: 'agent_config_error' });
    expect(verdict?.kind === 'failed' && verdict.detail).toMatch(/bwrap: .*thread_sandbox: dangerFullAccess/);
  });

  it('is not blamed on the sandbox when a command ran in it', () => {
    const broken = item({
      type: 'commandExecution',
      status: 'failed',
      exitCode: 1,
      aggregatedOutput: 'bwrap: x',
    });
    const fine = item({ type: 'commandExecution', status: 'completed', exitCode: 0, aggregatedOutput: '' });
    expect(play(freshReader(), turnWith(fine, broken)).verdicts).toEqual([{ kind: 'completed' }]);
  });

  it('is unknown when the output ends before it', () => {
    const reader = freshReader();
    for (const line of turnWith().slice(0, 2)) reader.take(line, 0);
    expect(reader.endTurn({ ...END, exitCode: 1 }, 0).verdict).toBeNull();
  });
});

describe('tools', () => {
  it('are in flight from start to end, and say whether they write', () => {
    const start: [string, object] = [
      'item/started',
      { item: { id: 'c1', type: 'fileChange', status: 'inProgress' } },
    ];
    const { events } = play(
      freshReader(),
      turnWith(start, item({ type: 'fileChange', status: 'completed' })),
    );
    expect(events).toEqual(
      expect.arrayContaining([
        { kind: 'tool_started', callId: 'c1', name: 'apply_patch' },
        { kind: 'tool_result', callId: 'c1', name: 'apply_patch', durationMs: 10, ok: true, writes: true },
      ]),
    );
  });

  it('that failed wrote nothing', () => {
    const { events } = play(freshReader(), turnWith(item({ type: 'fileChange', status: 'failed' })));
    expect(events).toEqual(expect.arrayContaining([expect.objectContaining({ ok: false, writes: false })]));
  });
});

it('throttles signs of life, and never swallows a message', () => {
  const delta: [string, object] = ['item/agentMessage/delta', { itemId: 'm', delta: 'x' }];
  const text = item({ type: 'agentMessage', text: 'All done.' });
  const flood = turnWith(...Array.from({ length: 500 }, () => delta), text);
  const { events } = play(freshReader(), flood, 10);
  expect(events.filter(({ kind }) => kind === 'other_message')).toHaveLength(5);
  expect(events).toContainEqual({ kind: 'notification', message: 'All done.' });
});

it('survives anything, in any order', () => {
  const known = linesOf('appserver.jsonl');
  const cut = fc.tuple(fc.constantFrom(...known), fc.nat(400)).map(([line, at]) => line.slice(0, at));
  const strange = fc.oneof(
    fc.string(),
    cut,
    fc.constantFrom(...known),
    fc.json().map((json) => `{"method":"item/completed","params":${json}}`),
    fc.json().map((json) => `{"method":"thread/tokenUsage/updated","params":{"tokenUsage":${json}}}`),
    fc.json().map((json) => `{"method":"turn/completed","params":{"turn":${json}}}`),
    fc.json().map((json) => `{"id":1,"method":${json}}`),
  );
  fc.assert(
    fc.property(fc.array(strange, { maxLength: 40 }), (lines) => {
      const { events } = play(freshReader(), lines);
      for (const event of events) {
        if ('message' in event) expect(event.message).not.toContain('\n');
        if (event.kind === 'token_usage') expect(event.inputTokens).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
