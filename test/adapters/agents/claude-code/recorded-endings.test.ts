// Every ending that was recorded from the real CLI comes out as the verdict that the core acts on, and with the
// figures that the model's service gave.
import { expect, it } from 'vitest';
import type { AgentErrorKind, AgentFailureReason, SessionUsage } from '../../../../src/contract/agent.ts';
import { calls, readTurn, recordedLines, spent } from './recorded.ts';

const NOTHING = calls(0, 0);

it.each<[string, SessionUsage]>([
  ['success', calls(2, 0.001208)],
  ['resume', calls(1, 0.000604)],
  ['partial-tool', calls(2, 0.001208)],
  ['partial-resume', calls(1, 0.000604)],
  ['partial-write', calls(2, 0.001208)],
  ['mcp-http', calls(2, 0.001208)],
  ['mcp-failed', calls(1, 0.000604)],
  ['rate-limits', calls(1, 0.000302)],
  // Two of its four calls are a subagent's: `result.usage` does not know them.
  ['subagent', calls(4, 0.002416)],
  // Two results of one process.
  ['background-task', calls(3, 0.001812)],
  ['subagent-2.1.197', calls(4, 0.00304)],
  ['background-task-2.1.197', calls(3, 0.00228)],
  ['success-2.1.197', calls(2, 0.00152)],
  ['resume-2.1.197', calls(1, 0.00076)],
])('%s completes', (name, usage) => {
  const { events, verdict } = readTurn(recordedLines(name));
  expect(verdict).toEqual({ kind: 'completed' });
  expect(spent(events)).toEqual(usage);
  expect(events.filter(({ kind }) => kind === 'session_started')).toHaveLength(1);
  expect(events.filter(({ kind }) => kind === 'malformed')).toEqual([]);
});

it.each<[string, AgentErrorKind, AgentFailureReason | null, SessionUsage, string]>([
  ['error401', 'agent_config_error', 'authentication', NOTHING, 'claude auth login'],
  ['credit', 'agent_config_error', null, NOTHING, 'Credit balance is too low'],
  ['model-not-found', 'agent_config_error', null, NOTHING, 'selected model'],
  ['error429', 'turn_failed', 'quota', NOTHING, '429'],
  ['usage-limit', 'turn_failed', 'quota', NOTHING, '5-hour limit'],
  ['usage-limit-2.1.197', 'turn_failed', 'quota', NOTHING, 'session limit'],
  ['error500', 'turn_failed', 'service_error', NOTHING, '500'],
  ['error529', 'turn_failed', 'service_error', NOTHING, 'Overloaded'],
  ['connection-refused', 'turn_failed', 'service_error', NOTHING, 'ECONNREFUSED'],
  ['maxturns', 'turn_failed', 'turn_limit', calls(3, 0.001812), 'claude-code.max_turns'],
  // `result.usage` knows three of its four calls.
  ['budget', 'turn_failed', 'budget', calls(4, 0.002416), 'claude-code.max_budget_usd'],
  ['prompt-too-long', 'turn_failed', 'context_overflow', NOTHING, 'too long'],
  ['dontask', 'turn_input_required', 'permission_refused', calls(2, 0.001208), 'Bash'],
  ['resume-unknown', 'response_error', 'session_unknown', NOTHING, 'No conversation found'],
  ['interrupted-tool', 'turn_failed', null, calls(1, 0.000604), 'interrupted'],
])('%s fails as %s, %s', (name, error, reason, usage, words) => {
  const { events, verdict } = readTurn(recordedLines(name), { end: { exitCode: 1 } });
  expect(verdict).toMatchObject({
    kind: 'failed',
    error,
    reason,
    detail: expect.stringContaining(words) as string,
  });
  expect(spent(events)).toEqual(usage);
});

it('takes its own words for it when nothing else says that nobody is signed in', () => {
  const said = (result: string, more: object = {}) =>
    readTurn([JSON.stringify({ type: 'result', subtype: 'success', is_error: true, result, ...more })])
      .verdict;
  const words = 'Invalid API key · Please run /login';
  expect(said(words)).toMatchObject({ error: 'agent_config_error', reason: 'authentication' });
  expect(said(words, { api_error_status: 500 })).toMatchObject({ reason: 'service_error' });
  expect(said('Something else')).toMatchObject({ error: 'turn_failed', reason: null });
});

it('knows when a refused subscriber may go on', () => {
  for (const [name, resetAtMs] of [
    ['usage-limit', 1_795_325_252_000],
    ['usage-limit-2.1.197', 1_795_325_397_000],
  ] as const) {
    expect(readTurn(recordedLines(name)).verdict).toMatchObject({ reason: 'quota', resetAtMs });
  }
  expect(readTurn(recordedLines('error429')).verdict).toMatchObject({ reason: 'quota', resetAtMs: null });
});

it('counts what a call had written before it was interrupted', () => {
  const { events } = readTurn(recordedLines('interrupted-stream'));
  expect(spent(events)).toEqual({
    inputTokens: 100,
    outputTokens: 3,
    cacheReadTokens: 20,
    costUsd: 0.000464,
  });
});

it('says nothing of a turn that was killed in a tool, but what it has used', () => {
  const { events, verdict } = readTurn(recordedLines('killed-in-tool'), { end: { exitCode: null } });
  expect(verdict).toBeNull();
  expect(spent(events)).toEqual(calls(1, 0));
  expect(events.filter(({ kind }) => kind === 'tool_started')).toHaveLength(1);
});

it('reads many turns of one process, as a persistent one prints them', () => {
  const lines = recordedLines('streaming');
  const ends = lines.flatMap((line, index) => (line.includes('"type":"result"') ? [index + 1] : []));
  expect(ends).toHaveLength(4);
  const { events, verdict } = readTurn(lines);
  expect(verdict).toEqual({ kind: 'completed' });
  expect(spent(events)).toEqual(calls(5, 0.00302));
});
