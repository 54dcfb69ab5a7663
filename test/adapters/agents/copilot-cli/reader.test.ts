// What the recorded turns of the real CLI come to.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCopilotReader } from '../../../../adapters/agents/copilot-cli/reader.ts';
import { USAGE_LINE } from '../../../../adapters/agents/copilot-cli/usage-file.ts';
import type { AgentEvent } from '../../../../src/contract/agent.ts';
import {
  callsOf,
  EXITED,
  FIXTURES,
  newReader,
  playTurn,
  RECORDED_ID,
  recordedLines,
  usageLine,
  usageOf,
} from './recorded.ts';

const event = (type: string, data: object): string => JSON.stringify({ type, data });
const result = (exitCode: number): string =>
  JSON.stringify({ type: 'result', sessionId: RECORDED_ID, exitCode });
const started = event('tool.execution_start', { toolCallId: 'a', toolName: 'bash' });
const complete = (data: object): string => event('tool.execution_complete', { toolCallId: 'a', ...data });
const said = (events: readonly AgentEvent[]): string[] =>
  events.flatMap((one) => (one.kind === 'notification' ? [one.message] : []));

describe('a recorded turn', () => {
  it('shows its tool with the time it took, and is completed', () => {
    const { events, verdict } = playTurn(recordedLines('success'));
    expect(verdict).toEqual({ kind: 'completed' });
    const call = events.find((one) => one.kind === 'tool_started');
    expect(call).toMatchObject({ name: 'bash' });
    const ended = events.find((one) => one.kind === 'tool_result');
    expect(ended).toMatchObject({ callId: call?.callId, name: 'bash', ok: true, writes: false });
    expect(ended?.durationMs).toBeGreaterThan(0);
    expect(said(events).at(-1)).toMatch(/^FAKE done after tool/);
    expect(events.map(({ kind }) => kind)).not.toContain('session_started');
  });

  it('says that it lives with each piece of an answer, and nothing about noise', () => {
    const noise = [
      event('session.background_tasks_changed', {}),
      event('user.message', { content: 'secret' }),
    ];
    expect(playTurn(noise).events).toEqual([]);
    const delta = event('assistant.message_delta', { deltaContent: 'x' });
    expect(playTurn([delta]).events).toEqual([{ kind: 'other_message', message: 'assistant.message_delta' }]);
  });

  it('says that a tool wrote a file', () => {
    const { events } = playTurn(recordedLines('write'));
    expect(events.find((one) => one.kind === 'tool_result')).toMatchObject({ name: 'create', writes: true });
  });

  it.each([
    ['error401', 1, 'agent_config_error', 'authentication'],
    ['error429', 1, 'turn_failed', 'quota'],
    ['quota', 1, 'turn_failed', 'quota'],
    ['error500', 1, 'turn_failed', 'service_error'],
    ['unreachable', 1, 'turn_failed', 'service_error'],
    ['context-overflow', 1, 'turn_failed', 'context_overflow'],
    ['refused', 0, 'turn_input_required', 'permission_refused'],
  ])('%s ends in %i, %s, %s', (name, exitCode, kind, reason) => {
    const { verdict } = playTurn(recordedLines(name), { exitCode });
    expect(verdict).toMatchObject({ kind: 'failed', error: kind, reason });
  });

  it('tells that the agent tries again', () => {
    expect(said(playTurn(recordedLines('error429')).events)).toContain('the agent tries again: rate_limit');
  });

  it('is completed when it went on after a refusal, which is told', () => {
    const { events, verdict } = playTurn(recordedLines('refused-then-on'));
    expect(verdict).toEqual({ kind: 'completed' });
    expect(said(events)).toContainEqual(expect.stringMatching(/^refused: bash: Permission denied/));
  });

  it.each(['interrupted-stream', 'interrupted-tool'])(
    '%s does not say how it went, in spite of exit 0',
    (name) => {
      expect(playTurn(recordedLines(name)).verdict).toBeNull();
    },
  );

  it('is over with the usage line that follows its result', () => {
    const reader = newReader();
    for (const line of recordedLines('success')) {
      reader.take(line, 0);
      expect(reader.isTurnOver()).toBe(false);
    }
    reader.take(usageLine(2), 0);
    expect(reader.isTurnOver()).toBe(true);
    reader.endTurn(EXITED, 0);
    expect(reader.isTurnOver()).toBe(false);
  });
});

describe('usage', () => {
  it('is that of the recorded file', () => {
    const usage = readFileSync(`${FIXTURES}/usage.json`, 'utf8').replaceAll('\n', ' ');
    const { events } = playTurn([...recordedLines('success'), `{"type":"${USAGE_LINE}","usage":${usage}}`]);
    expect(events.filter(({ kind }) => kind === 'token_usage')).toEqual([
      {
        kind: 'token_usage',
        inputTokens: 200,
        outputTokens: 20,
        cacheReadTokens: 40,
        model: 'fake-model',
        costUsd: null,
      },
    ]);
  });

  it('adds up what several models used', () => {
    const used = (inputTokens: number, cacheReadTokens: number, cacheWriteTokens: number) => ({
      usage: { inputTokens, outputTokens: 1, cacheReadTokens, cacheWriteTokens },
    });
    const usage = { currentModel: 'b', modelMetrics: { a: used(100, 40, 30), b: used(10, 0, 5) } };
    const { events } = playTurn([JSON.stringify({ type: USAGE_LINE, usage })]);
    expect(events).toEqual([
      {
        kind: 'token_usage',
        inputTokens: 70,
        outputTokens: 2,
        cacheReadTokens: 40,
        cacheWriteTokens: 35,
        model: 'b',
        costUsd: null,
      },
    ]);
  });

  it('goes on from what the session had used before', () => {
    const sessionUsage = { inputTokens: 200, outputTokens: 20, cacheReadTokens: 40, costUsd: 0 };
    const reader = createCopilotReader({ sessionUsage, sessionId: RECORDED_ID });
    expect(usageOf(playTurn([usageLine(3)], {}, reader).events)).toEqual(callsOf(1));
  });

  it('of a turn that left no file is counted with the next one', () => {
    const reader = newReader();
    expect(usageOf(playTurn([usageLine(null)], {}, reader).events)).toEqual(callsOf(0));
    expect(usageOf(playTurn([usageLine(5)], {}, reader).events)).toEqual(callsOf(5));
  });

  it('sums any interleaving of turns, lost files and restarts to the truth', () => {
    const step = fc.record({ calls: fc.nat(9), isLost: fc.boolean(), isRestarted: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let reader = newReader();
        let calls = 0;
        let counted = 0;
        const events: AgentEvent[] = [];
        for (const { calls: more, isLost, isRestarted } of steps) {
          calls += more;
          events.push(...playTurn([usageLine(isLost ? null : calls)], {}, reader).events);
          if (!isLost) counted = calls;
          if (!isRestarted) continue;
          const { input, output, cacheRead } = usageOf(events);
          const sessionUsage = {
            inputTokens: input,
            outputTokens: output,
            cacheReadTokens: cacheRead,
            costUsd: 0,
          };
          reader = createCopilotReader({ sessionUsage, sessionId: RECORDED_ID });
        }
        expect(usageOf(events)).toEqual(callsOf(counted));
      }),
    );
  });
});

describe('the verdict', () => {
  it.each([
    ['nothing at all', [], {}],
    ['a death by signal', [started], { exitCode: null, signal: 'SIGKILL' }],
    ['an end before the result', recordedLines('success').slice(0, -1), {}],
    ['a result that was cut', ['{"type":"resu'], { unterminatedLastLine: true }],
    ['words that nobody knows', [], { exitCode: 1, stderrText: 'Error executing prompt' }],
  ])('leaves %s to the way of ending', (_what, lines, end) => {
    expect(playTurn(lines, end).verdict).toBeNull();
  });

  it('believes the result and not the exit code', () => {
    expect(playTurn([result(0)], { exitCode: 1 }).verdict).toEqual({ kind: 'completed' });
    expect(playTurn([result(1)], { exitCode: 0 }).verdict).toMatchObject({
      error: 'turn_failed',
      reason: null,
    });
    expect(playTurn([event('session.error', { statusCode: 500 }), result(0)]).verdict).toEqual({
      kind: 'completed',
    });
  });

  it('is no refusal when a tool merely failed', () => {
    const lines = [
      started,
      complete({ success: false, error: { code: 'failure', message: 'no' } }),
      result(0),
    ];
    expect(playTurn(lines).verdict).toEqual({ kind: 'completed' });
  });

  it.each([
    [{ errorType: 'quota', message: 'x' }, 'turn_failed', 'quota'],
    [{ errorType: 'query', statusCode: 402 }, 'turn_failed', 'quota'],
    [{ statusCode: 403, message: 'You have no premium requests left' }, 'turn_failed', 'quota'],
    [{ statusCode: 403, message: 'policy' }, 'agent_config_error', 'authentication'],
    [{ errorType: 'context_limit' }, 'turn_failed', 'context_overflow'],
    [{ statusCode: 400, message: 'bad' }, 'turn_failed', null],
    [{ statusCode: 503 }, 'turn_failed', 'service_error'],
    [{ errorType: 'query', message: 'odd' }, 'turn_failed', null],
  ])('of the error %j is %s, %s', (data, kind, reason) => {
    const { verdict } = playTurn([event('session.error', data), result(1)], { exitCode: 1 });
    expect(verdict).toMatchObject({ error: kind, reason });
  });

  it.each([
    ["Error: No session, task, or name matched 'x'.\n", 'response_error', 'session_unknown'],
    ['Error: No authentication information found.\n\nCopilot can', 'agent_config_error', 'authentication'],
    [
      'Error: Classic Personal Access Tokens (ghp_) are not supported by Copilot.',
      'agent_config_error',
      'authentication',
    ],
    ['Failed to read MCP config file "/x": No such file', 'agent_config_error', null],
    ['No such agent: nope, available: ', 'agent_config_error', null],
  ])('of the words %j is %s', (stderrText, kind, reason) => {
    expect(playTurn([], { exitCode: 1, stderrText }).verdict).toMatchObject({ error: kind, reason });
  });

  it('forgets one turn for the next', () => {
    const reader = newReader();
    for (const name of ['error401', 'refused', 'success'])
      playTurn(recordedLines(name), { exitCode: 1 }, reader);
    expect(playTurn([], {}, reader).verdict).toBeNull();
    playTurn(recordedLines('refused'), {}, reader);
    expect(playTurn([result(0)], {}, reader).verdict).toEqual({ kind: 'completed' });
  });
});

describe('any output', () => {
  const types = [
    'result',
    'session.error',
    'tool.execution_start',
    'tool.execution_complete',
    USAGE_LINE,
    'odd',
  ];
  const strange = fc.oneof(
    fc.string(),
    fc.constantFrom(...recordedLines('success'), ...recordedLines('error401')),
    fc
      .record(
        {
          type: fc.constantFrom(...types),
          data: fc.jsonValue(),
          usage: fc.oneof(
            fc.jsonValue(),
            fc.record({ modelMetrics: fc.dictionary(fc.string(), fc.record({ usage: fc.jsonValue() })) }),
          ),
          sessionId: fc.jsonValue(),
          exitCode: fc.jsonValue(),
        },
        { requiredKeys: ['type'] },
      )
      .map((value) => JSON.stringify(value)),
  );

  it('never throws, never yields a figure that is none, and names no session by an option', () => {
    fc.assert(
      fc.property(fc.array(strange, { maxLength: 30 }), fc.boolean(), (lines, unterminatedLastLine) => {
        for (const one of playTurn(lines, { exitCode: 1, unterminatedLastLine }).events) {
          if (one.kind === 'session_started') expect(one.sessionId).toMatch(/^[A-Za-z0-9][\x21-\x7e]*$/);
          if (one.kind !== 'token_usage') continue;
          for (const figure of [one.inputTokens, one.outputTokens, one.cacheReadTokens]) {
            expect(figure).toBeGreaterThanOrEqual(0);
            expect(Number.isFinite(figure)).toBe(true);
          }
        }
      }),
    );
  });
});

it('expects nothing more of the process after its result, though the usage is still to come', () => {
  const reader = newReader();
  const lines = recordedLines('success');
  for (const line of lines.slice(0, -1)) reader.take(line, 0);
  expect(reader.isDone?.()).toBe(false);
  reader.take(lines.at(-1) ?? '', 0);
  expect(reader.isDone?.()).toBe(true);
  expect(reader.isTurnOver()).toBe(false);
});

it('does not blame a crash on an error that the agent got over', () => {
  const error = event('session.error', { errorType: 'authentication', statusCode: 401, message: 'no' });
  const crash = { exitCode: 139 };
  expect(playTurn([error], crash).verdict).toMatchObject({ reason: 'authentication' });
  expect(playTurn([error, event('assistant.message', { content: 'on' })], crash).verdict).toBeNull();
});
