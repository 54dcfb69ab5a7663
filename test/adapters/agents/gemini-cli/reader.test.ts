// What the recorded turns of the real CLI come to.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newReader, playTurn, recordedLines, usageOf } from './recorded.ts';

const call = { input: 100, output: 10, cacheRead: 20 };
const calls = (count: number) => ({
  input: count * call.input,
  output: count * call.output,
  cacheRead: count * call.cacheRead,
});

describe('a recorded turn', () => {
  it('reports its session, its tool and what it used', () => {
    const { events, verdict } = playTurn(recordedLines('success'));
    expect(verdict).toEqual({ kind: 'completed' });
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'notification')).toEqual([
      'session_started',
      'tool_started',
      'tool_result',
      'token_usage',
    ]);
    expect(kinds.filter((kind) => kind === 'notification').length).toBeGreaterThan(1);
  });

  it('names the tool in its result, and times it', () => {
    const { events } = playTurn(recordedLines('success'));
    const started = events.find((event) => event.kind === 'tool_started');
    expect(started).toMatchObject({ name: 'run_shell_command' });
    expect(events.find((event) => event.kind === 'tool_result')).toEqual({
      kind: 'tool_result',
      callId: started?.callId,
      name: 'run_shell_command',
      durationMs: 1000,
      ok: true,
      writes: false,
    });
  });

  it.each([
    ['success', 2],
    ['resume', 1],
    ['mcp-http', 2],
    ['maxturns', 3],
    ['error401', 0],
  ])('counts %s as %i model calls', (name, count) => {
    const { events } = playTurn(recordedLines(name));
    expect(usageOf(events)).toEqual(calls(count));
    for (const event of events) {
      if (event.kind === 'token_usage')
        expect(event).toMatchObject({ model: 'gemini-2.5-flash', costUsd: null });
    }
  });

  it('adds up the turns of a session, which each report themselves alone', () => {
    const reader = newReader();
    const first = playTurn(recordedLines('success'), {}, reader);
    const second = playTurn(recordedLines('resume'), {}, reader);
    expect(usageOf([...first.events, ...second.events])).toEqual(calls(3));
  });

  it.each([
    ['error401', 145, 'agent_config_error', 'authentication'],
    ['error429', 173, 'turn_failed', 'quota'],
    ['error429-daily', 173, 'turn_failed', 'quota'],
    ['error500', 244, 'turn_failed', 'service_error'],
    ['context-overflow', 144, 'turn_failed', 'context_overflow'],
    ['maxturns', 53, 'turn_failed', 'turn_limit'],
    ['slash-prompt', 42, 'turn_failed', null],
  ])('%s ends in %s, %s', (name, exitCode, error, reason) => {
    expect(playTurn(recordedLines(name), { exitCode }).verdict).toMatchObject({
      kind: 'failed',
      error,
      reason,
    });
  });

  it('is over with its result line, and not before', () => {
    const reader = newReader();
    const lines = recordedLines('success');
    for (const line of lines.slice(0, -1)) {
      reader.take(line, 0);
      expect(reader.isTurnOver()).toBe(false);
    }
    reader.take(lines.at(-1) ?? '', 0);
    expect(reader.isTurnOver()).toBe(true);
    reader.endTurn({ exitCode: 0, signal: null, unterminatedLastLine: false, stderrText: '' }, 0);
    expect(reader.isTurnOver()).toBe(false);
  });

  it('says whole pieces of what the model said, in order', () => {
    const { events } = playTurn(recordedLines('mcp-http'));
    const said = events.flatMap((event) => (event.kind === 'notification' ? [event.message] : [])).join(' ');
    expect(said).toMatch(/^FAKE calling mcp_tracker_tracker_ping FAKE done after mcp: /);
  });
});

describe('output that is not as it should be', () => {
  const line = (value: unknown): string => JSON.stringify(value);
  const result = (changes: object) => line({ type: 'result', status: 'success', stats: {}, ...changes });

  it('has no verdict when it stops before the result', () => {
    expect(playTurn(recordedLines('success').slice(0, -1)).verdict).toBeNull();
  });

  it('takes noise for noise and half an event for malformed', () => {
    const { events } = playTurn(['Loaded cached credentials.', '', '{"type":"mess', result({})]);
    expect(events).toEqual([
      { kind: 'other_message', message: 'Loaded cached credentials.' },
      { kind: 'malformed', message: '{"type":"mess' },
    ]);
  });

  it('counts a file written by a tool as a write, and a failed one not', () => {
    const turn = (status: string) =>
      playTurn([
        line({ type: 'tool_use', tool_id: 'a', tool_name: 'write_file' }),
        line({ type: 'tool_result', tool_id: 'a', status }),
        result({}),
      ]).events.find((event) => event.kind === 'tool_result');
    expect(turn('success')).toMatchObject({ ok: true, writes: true });
    expect(turn('error')).toMatchObject({ ok: false, writes: false });
  });

  const refused = [
    line({ type: 'tool_use', tool_id: 'a', tool_name: 'replace' }),
    line({
      type: 'tool_result',
      tool_id: 'a',
      status: 'error',
      error: { type: 'policy_violation', message: 'no' },
    }),
  ];

  it('asks for a person when the last tool call was refused', () => {
    expect(playTurn([...refused, result({})]).verdict).toMatchObject({
      error: 'turn_input_required',
      reason: 'permission_refused',
    });
  });

  it('does not when the agent found another way', () => {
    const other = [
      line({ type: 'tool_use', tool_id: 'b', tool_name: 'write_file' }),
      line({ type: 'tool_result', tool_id: 'b', status: 'success' }),
    ];
    const { events, verdict } = playTurn([...refused, ...other, result({})]);
    expect(verdict).toEqual({ kind: 'completed' });
    expect(events).toContainEqual({ kind: 'notification', message: 'refused: replace: no' });
  });

  it('uses the last error line when the result does not say why', () => {
    const lines = [
      line({ type: 'error', severity: 'error', message: 'Invalid stream' }),
      result({ status: 'error' }),
    ];
    expect(playTurn(lines, { exitCode: 1 }).verdict).toMatchObject({
      error: 'turn_failed',
      reason: null,
      detail: 'Invalid stream',
    });
  });

  it.each([
    ['{"code":503,"message":"overloaded"}', 'turn_failed', 'service_error'],
    ['{"error":{"code": 403}}', 'agent_config_error', 'authentication'],
    ['{"error":{"code": 429}}', 'turn_failed', 'quota'],
    ['exception TypeError: fetch failed sending request', 'turn_failed', 'service_error'],
    [
      'You have exhausted your capacity on this model. Your quota will reset after 5h.',
      'turn_failed',
      'quota',
    ],
  ])('judges %s', (message, error, reason) => {
    const failure = result({
      status: 'error',
      error: { type: 'unknown', message: `[API Error: ${message}]` },
    });
    expect(playTurn([failure], { exitCode: 1 }).verdict).toMatchObject({ error, reason });
  });
});

describe('a CLI that died before it could say anything', () => {
  it.each([
    [41, '', 'agent_config_error', 'authentication'],
    [42, 'Error resuming session: Invalid session identifier "x".', 'response_error', 'session_unknown'],
    [
      42,
      'Error resuming session: No previous sessions found for this project.',
      'response_error',
      'session_unknown',
    ],
    [42, 'Error starting session: Session ID "x" already exists.', 'response_error', null],
    [52, '', 'agent_config_error', null],
    [53, '', 'turn_failed', 'turn_limit'],
    [145, '', 'agent_config_error', 'authentication'],
    [173, '', 'turn_failed', 'quota'],
    [244, '', 'turn_failed', 'service_error'],
  ])('exit code %i with "%s"', (exitCode, stderrText, error, reason) => {
    expect(playTurn([], { exitCode, stderrText }).verdict).toMatchObject({ error, reason });
  });

  it.each([0, 1, 130, 143, null])('exit code %s says nothing', (exitCode) => {
    expect(playTurn([], { exitCode }).verdict).toBeNull();
  });

  it('quotes the line of stderr that tells what is wrong', () => {
    const stderrText =
      'YOLO mode is enabled.\nError resuming session: gone\n  Searched for sessions in /x.\n';
    expect(playTurn([], { exitCode: 42, stderrText }).verdict).toMatchObject({
      detail: 'exit code 42: Error resuming session: gone',
    });
  });
});

describe('whatever it reads', () => {
  const names = ['success', 'resume', 'mcp-http', 'maxturns', 'error401'];
  const known = names.flatMap(recordedLines);
  const strange = fc.oneof(
    fc.constantFrom(...known),
    fc.constantFrom(...known).chain((text) => fc.nat(text.length).map((at) => text.slice(0, at))),
    fc.string(),
    fc.json(),
    fc
      .record({
        type: fc.constantFrom('init', 'message', 'tool_use', 'tool_result', 'error', 'result'),
        stats: fc.anything(),
        error: fc.anything(),
        tool_id: fc.anything(),
        content: fc.anything(),
        status: fc.anything(),
      })
      .map((value) => {
        try {
          return JSON.stringify(value);
        } catch {
          return '{}';
        }
      }),
  );

  it('never throws, and its usage is never negative', () => {
    fc.assert(
      fc.property(fc.array(strange, { maxLength: 40 }), (lines) => {
        const { events } = playTurn(lines, { exitCode: 1 });
        for (const event of events) {
          if (event.kind !== 'token_usage') continue;
          for (const figure of [event.inputTokens, event.outputTokens, event.cacheReadTokens]) {
            expect(figure).toBeGreaterThanOrEqual(0);
            expect(Number.isFinite(figure)).toBe(true);
          }
        }
      }),
    );
  });

  it('sums any sequence of turns to the truth', () => {
    const turns = { success: 2, resume: 1, 'mcp-http': 2, maxturns: 3, error401: 0 } as const;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...(Object.keys(turns) as (keyof typeof turns)[])), { maxLength: 8 }),
        (played) => {
          const reader = newReader();
          const events = played.flatMap((name) => playTurn(recordedLines(name), {}, reader).events);
          expect(usageOf(events)).toEqual(calls(played.reduce((sum, name) => sum + turns[name], 0)));
        },
      ),
    );
  });
});
