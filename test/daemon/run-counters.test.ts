// What only a run's own reports tell: tokens, tool calls, and how the move to `in_progress_state` went.

import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/index.ts';
import { createRunCounters } from '../../src/daemon/run-counters.ts';
import { rememberingCounters } from './hand-clock.ts';

const entered = (phase: Extract<RunEvent, { kind: 'phase_entered' }>['phase']): RunEvent => ({
  kind: 'phase_entered',
  phase,
});
const wrote = (state: string | null): RunEvent => ({ kind: 'tracker_write_confirmed', state });

function counted(...events: readonly (RunEvent | null)[]): string[] {
  const { counters, counted: lines } = rememberingCounters();
  const count = createRunCounters(counters);
  for (const event of events) count('r', event);
  return lines;
}

it('counts tokens as they come', () => {
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, model: 'm', costUsd: null };
  expect(counted({ kind: 'agent_event', event: { kind: 'token_usage', ...usage } })).toEqual([
    expect.stringMatching(/^countTokens .*"inputTokens":1,"outputTokens":2,"cacheReadTokens":3/),
  ]);
});

it('counts tool calls by their result', () => {
  const call = (ok: boolean): RunEvent => ({
    kind: 'agent_event',
    event: { kind: 'tool_result', name: 'search', durationMs: 1, ok },
  });
  expect(counted(call(true), call(false))).toEqual([
    'countToolCall search success',
    'countToolCall search error',
  ]);
});

it('leaves our own tools to where they are answered', () => {
  const event = { kind: 'tool_result', name: 'mcp__sortie-tools__search', durationMs: 1, ok: true } as const;
  expect(counted({ kind: 'agent_event', event })).toEqual([]);
});

it.each([
  [
    'confirmed',
    [entered('dispatch_transition'), wrote('In Progress'), entered('preparing_workspace')],
    'success',
  ],
  ['not confirmed', [entered('dispatch_transition'), entered('preparing_workspace')], 'error'],
  ['not asked for', [entered('preparing_workspace')], 'skipped'],
  ['a comment only', [entered('dispatch_transition'), wrote(null), entered('preparing_workspace')], 'error'],
] satisfies [string, RunEvent[], string][])('counts the move in progress: %s', (_what, events, result) => {
  expect(counted(...events)).toEqual([`countDispatchTransition ${result}`]);
});

it('counts nothing for a run that ended before, or for other reports', () => {
  expect(counted(entered('dispatch_transition'), wrote('In Progress'), null)).toEqual([]);
  expect(
    counted(wrote('In Progress'), entered('streaming_turn'), {
      kind: 'agent_event',
      event: { kind: 'turn_completed' },
    }),
  ).toEqual([]);
});
