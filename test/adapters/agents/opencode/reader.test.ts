// What the recorded turns of the real CLI come to.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../../src/contract/agent.ts';
import { callsOf, EXITED, newReader, playTurn, RECORDED_ID, recordedLines, usageOf } from './recorded.ts';

const line = (value: object): string => JSON.stringify({ sessionID: RECORDED_ID, ...value });
const step = (reason: string): string => line({ type: 'step_finish', part: { reason, tokens: {}, cost: 0 } });
const error = (data: object, name = 'APIError', timestamp = 1_000): string =>
  line({ type: 'error', timestamp, error: { name, data } });
const tool = (state: object, name = 'bash'): string =>
  line({ type: 'tool_use', part: { tool: name, state } });
const said = (events: readonly AgentEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'notification' ? [event.message] : []));

describe('a recorded turn', () => {
  it('names its session, shows its tool with the time it took, and is completed', () => {
    const { events, verdict } = playTurn(recordedLines('success'));
    expect(verdict).toEqual({ kind: 'completed' });
    expect(events[0]).toEqual({ kind: 'session_started', sessionId: RECORDED_ID });
    expect(events.filter(({ kind }) => kind === 'session_started')).toHaveLength(1);
    expect(events).toContainEqual({
      kind: 'tool_result',
      name: 'bash',
      durationMs: 134,
      ok: true,
      writes: false,
    });
    expect(said(events)).toEqual(['FAKE done after tool: hello-from-agent']);
  });

  it.each([
    ['success', 2],
    ['resume', 1],
    ['mcp-http', 2],
    ['refused', 1],
    ['denied-then-on', 3],
    ['compacted', 2],
    // Its subagent made a third one, which opencode does not print.
    ['subagent', 2],
    ['error401', 0],
  ])('counts %s as %i model calls, each with its cost', (name, count) => {
    const { events } = playTurn(recordedLines(name));
    expect(usageOf(events)).toEqual(callsOf(count));
    for (const event of events) if (event.kind === 'token_usage') expect(event.model).toBe('fake/m');
  });

  it.each([
    ['error401', 1, 'agent_config_error', 'authentication'],
    ['error429', 1, 'turn_failed', 'quota'],
    ['error500', 1, 'turn_failed', 'service_error'],
    ['context-overflow', 1, 'turn_failed', 'context_overflow'],
    ['unknown-model', 1, 'turn_failed', null],
    ['refused', 0, 'turn_input_required', 'permission_refused'],
  ])('%s ends in %i, %s, %s', (name, exitCode, kind, reason) => {
    const { verdict } = playTurn(recordedLines(name), { exitCode });
    expect(verdict).toMatchObject({ kind: 'failed', error: kind, reason });
  });

  it('is completed when it went on after a refusal, which is told', () => {
    const { events, verdict } = playTurn(recordedLines('denied-then-on'));
    expect(verdict).toEqual({ kind: 'completed' });
    expect(said(events)[0]).toMatch(/^refused: bash: The user has specified a rule/);
  });

  it('is completed when it recovered from an error, though its exit code is 1', () => {
    const { verdict } = playTurn(recordedLines('compacted'), { exitCode: 1 });
    expect(verdict).toEqual({ kind: 'completed' });
  });

  it('is no second session_started when it resumes', () => {
    const { events } = playTurn(recordedLines('resume'), {}, newReader(RECORDED_ID));
    expect(events.map(({ kind }) => kind)).not.toContain('session_started');
  });
});

describe('the verdict', () => {
  it.each([
    ['a crash with the exit code 1 and no error', [step('stop')], { exitCode: 1 }],
    ['a death by signal', [step('stop')], { exitCode: null, signal: 'SIGKILL' }],
    ['an end between tool and answer', [tool({ status: 'completed' }), step('tool-calls')], {}],
    ['nothing at all', [], {}],
    ['a last line that was cut', [step('stop'), '{"type":"te'], { unterminatedLastLine: true }],
  ])('leaves %s to the way of ending', (_what, lines, end) => {
    expect(playTurn(lines, end).verdict).toBeNull();
  });

  it('is a refusal when the answer to it was only words', () => {
    const rejected = {
      status: 'error',
      error: 'The user rejected permission to use this specific tool call.',
    };
    const lines = [tool(rejected), step('tool-calls'), step('stop')];
    expect(playTurn(lines).verdict).toMatchObject({
      error: 'turn_input_required',
      reason: 'permission_refused',
    });
    const goneOn = [...lines.slice(0, 2), tool({ status: 'completed' }), step('tool-calls'), step('stop')];
    expect(playTurn(goneOn).verdict).toEqual({ kind: 'completed' });
  });

  it('is no refusal when a tool merely failed', () => {
    const lines = [tool({ status: 'error', error: 'no such file' }), step('tool-calls'), step('stop')];
    expect(playTurn(lines).verdict).toEqual({ kind: 'completed' });
  });

  it.each(['length', 'content-filter', 'error'])('is a failure when the model stopped for %s', (reason) => {
    expect(playTurn([step(reason)]).verdict).toMatchObject({ error: 'turn_failed', reason: null });
  });

  it.each([
    [{ statusCode: 402, message: 'x' }, 'turn_failed', 'quota'],
    [{ statusCode: 401, message: 'Insufficient balance' }, 'turn_failed', 'quota'],
    [{ statusCode: 429, responseBody: '{"type":"GoUsageLimitError"}' }, 'turn_failed', 'quota'],
    [{ statusCode: 403, message: 'forbidden' }, 'agent_config_error', 'authentication'],
    [{ statusCode: 400, message: 'prompt is too long' }, 'turn_failed', 'context_overflow'],
    [{ statusCode: 400, message: 'bad request' }, 'turn_failed', null],
    [{ statusCode: 529, message: 'overloaded' }, 'turn_failed', 'service_error'],
    [{ isRetryable: true, message: 'Unable to connect' }, 'turn_failed', 'service_error'],
    [{ isRetryable: false, message: 'odd' }, 'turn_failed', null],
    // Said within a stream, so without a status.
    [{ message: 'You exceeded your current quota' }, 'turn_failed', 'quota'],
    [{ message: 'maximum context length is 1000 tokens' }, 'turn_failed', 'context_overflow'],
    [{ statusCode: 503, message: 'quota service is down' }, 'turn_failed', 'service_error'],
  ])('of the error %j is %s, %s', (data, kind, reason) => {
    expect(playTurn([error(data)], { exitCode: 1 }).verdict).toMatchObject({ error: kind, reason });
  });

  it('of a provider without a login is authentication', () => {
    const { verdict } = playTurn([error({ providerID: 'x', message: 'no key' }, 'ProviderAuthError')]);
    expect(verdict).toMatchObject({ error: 'agent_config_error', reason: 'authentication' });
  });

  it.each([
    ['90', 91_000],
    ['0.5', 1_500],
    ['Thu, 01 Jan 2026 00:00:00 GMT', Date.UTC(2026, 0, 1)],
    ['soon', null],
    ['99999999999', null],
    ['', null],
  ])('knows from retry-after %j when it may go on', (after, resetAtMs) => {
    const data = { statusCode: 429, responseHeaders: { 'retry-after': after } };
    expect(playTurn([error(data)]).verdict).toMatchObject({ reason: 'quota', resetAtMs });
  });

  it.each([
    [
      '\u001b[91m\u001b[1mError: \u001b[0mSession not found\n',
      'ses_old',
      'response_error',
      'session_unknown',
    ],
    ['Error: Configuration is invalid at opencode.json\n↳ Expected x', '', 'agent_config_error', null],
    ['Config file at opencode.json is not valid JSON(C):', '', 'agent_config_error', null],
  ])('of the words %j is %s', (stderrText, sessionId, kind, reason) => {
    const { verdict } = playTurn([], { exitCode: 1, stderrText }, newReader(sessionId));
    expect(verdict).toMatchObject({ error: kind, reason });
  });

  it('forgets one turn for the next', () => {
    const reader = newReader();
    expect(playTurn(recordedLines('error401'), { exitCode: 1 }, reader).verdict).not.toBeNull();
    expect(playTurn([], { exitCode: 1 }, reader).verdict).toBeNull();
    expect(playTurn(recordedLines('refused'), {}, reader).verdict).not.toBeNull();
    expect(playTurn([step('stop')], {}, reader).verdict).toEqual({ kind: 'completed' });
  });
});

describe('single lines', () => {
  it('say that a file was written', () => {
    const { events } = playTurn([tool({ status: 'completed' }, 'write'), tool({ status: 'error' }, 'edit')]);
    const results = events.filter((event) => event.kind === 'tool_result');
    expect(results.map(({ ok, writes }) => [ok, writes])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it('tell what opencode remarks on stderr', () => {
    const stderrText = '\u001b[93m\u001b[1m! \u001b[0m agent "nope" not found. Falling back\nother\n';
    expect(said(playTurn([], { stderrText }).events)).toEqual(['agent "nope" not found. Falling back']);
  });

  it('count what is written to a cache as input', () => {
    const tokens = { input: 5, output: 1, reasoning: 2, cache: { read: 3, write: 40 } };
    const { events } = playTurn([line({ type: 'step_finish', part: { reason: 'stop', tokens, cost: 0 } })]);
    expect(events).toContainEqual({
      kind: 'token_usage',
      inputTokens: 45,
      outputTokens: 3,
      cacheReadTokens: 3,
      cacheWriteTokens: 40,
      model: 'fake/m',
      costUsd: null,
    });
  });

  it('never make an argument out of a session id that is none', () => {
    const ids = ['--auto', 'a b', 'a\nb', '', 'x'.repeat(300)];
    const { events } = playTurn(ids.map((sessionID) => JSON.stringify({ type: 'step_start', sessionID })));
    expect(events.map(({ kind }) => kind)).not.toContain('session_started');
  });
});

describe('any output', () => {
  const strange = fc.oneof(
    fc.string(),
    fc.constantFrom(...recordedLines('success'), ...recordedLines('error401'), ...recordedLines('refused')),
    fc
      .record(
        {
          type: fc.constantFrom('tool_use', 'step_finish', 'error', 'text', 'nonsense'),
          sessionID: fc.jsonValue(),
          timestamp: fc.jsonValue(),
          part: fc.oneof(
            fc.jsonValue(),
            fc.record({
              tokens: fc.jsonValue(),
              cost: fc.jsonValue(),
              reason: fc.jsonValue(),
              state: fc.jsonValue(),
            }),
          ),
          error: fc.oneof(fc.jsonValue(), fc.record({ name: fc.jsonValue(), data: fc.jsonValue() })),
        },
        { requiredKeys: ['type'] },
      )
      .map((value) => JSON.stringify(value)),
  );

  it('never throws and never yields a figure that is none', () => {
    fc.assert(
      fc.property(fc.array(strange, { maxLength: 30 }), fc.boolean(), (lines, unterminatedLastLine) => {
        const { events } = playTurn(lines, { exitCode: 1, unterminatedLastLine });
        for (const event of events) {
          if (event.kind !== 'token_usage') continue;
          for (const figure of [
            event.inputTokens,
            event.outputTokens,
            event.cacheReadTokens,
            event.costUsd ?? 0,
          ]) {
            expect(figure).toBeGreaterThanOrEqual(0);
            expect(Number.isFinite(figure)).toBe(true);
          }
        }
      }),
    );
  });

  it('sums any sequence of turns to the truth', () => {
    const counts = {
      success: 2,
      resume: 1,
      'mcp-http': 2,
      refused: 1,
      error401: 0,
      'denied-then-on': 3,
    } as const;
    const names = Object.keys(counts) as (keyof typeof counts)[];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { maxLength: 8 }), (played) => {
        const reader = newReader();
        const events = played.flatMap((name) => playTurn(recordedLines(name), {}, reader).events);
        expect(usageOf(events)).toEqual(callsOf(played.reduce((sum, name) => sum + counts[name], 0)));
      }),
    );
  });
});

describe('the process', () => {
  it.each([
    ['success', true],
    // It may try again.
    ['error401', false],
  ])('is done after %s: %s', (name, isDone) => {
    const reader = newReader();
    for (const text of recordedLines(name)) reader.take(text, 0);
    expect(reader.isDone?.()).toBe(isDone);
  });

  it('is not done while a model call that followed the last one goes on, nor in a new turn', () => {
    const reader = newReader();
    const isDoneAfter = (text: string): boolean | undefined => (reader.take(text, 0), reader.isDone?.());
    expect(isDoneAfter(line({ type: 'step_start' }))).toBe(false);
    expect(isDoneAfter(step('tool-calls'))).toBe(false);
    expect(isDoneAfter(step('stop'))).toBe(true);
    expect(isDoneAfter(line({ type: 'step_start' }))).toBe(false);
    expect(isDoneAfter(step('stop'))).toBe(true);
    reader.endTurn(EXITED, 0);
    expect(reader.isDone?.()).toBe(false);
  });
});

it('looks for a refusal only at the beginning of what a tool failed with', () => {
  const startedMs = performance.now();
  const { events } = playTurn([tool({ status: 'error', error: 'permission '.repeat(200_000) })]);
  expect(events).toContainEqual(expect.objectContaining({ kind: 'tool_result', ok: false }));
  expect(performance.now() - startedMs).toBeLessThan(20_000);
});
