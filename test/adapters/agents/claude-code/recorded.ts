// Recorded output of the real CLI, and a reader's answer to it. In the recordings each model call used 100 input
// tokens, 20 from a cache, and 10 output tokens.

import { readFileSync } from 'node:fs';
import { createClaudeReader } from '../../../../adapters/agents/claude-code/reader.ts';
import type {
  AgentEvent,
  OutputEnd,
  OutputReader,
  SessionUsage,
  TurnVerdict,
} from '../../../../src/contract/agent.ts';

export const FIXTURES = 'test/fixtures/agents/claude-code';

export const GOOD_EXIT: OutputEnd = {
  exitCode: 0,
  signal: null,
  unterminatedLastLine: false,
  stderrText: '',
};

export function recordedLines(name: string): string[] {
  const text = readFileSync(`${FIXTURES}/${name}.jsonl`, 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

export interface ReadTurn {
  readonly events: AgentEvent[];
  readonly verdict: TurnVerdict | null;
}

/** Lines a millisecond apart. */
export function readTurn(
  lines: readonly string[],
  { reader = newReader(), end = {} }: { reader?: OutputReader; end?: Partial<OutputEnd> } = {},
): ReadTurn {
  const events = lines.flatMap((line, index) => [...reader.take(line, index)]);
  const ended = reader.endTurn({ ...GOOD_EXIT, ...end }, lines.length);
  return { events: [...events, ...ended.events], verdict: ended.verdict };
}

export function newReader(sessionUsage: SessionUsage | null = null): OutputReader {
  return createClaudeReader({ sessionUsage, sessionId: '' });
}

/** Sums of the increments. */
export function spent(events: readonly AgentEvent[]): SessionUsage {
  const total = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 };
  for (const event of events) {
    if (event.kind !== 'token_usage') continue;
    total.inputTokens += event.inputTokens;
    total.outputTokens += event.outputTokens;
    total.cacheReadTokens += event.cacheReadTokens;
    total.costUsd += event.costUsd ?? 0;
  }
  return { ...total, costUsd: Math.round(total.costUsd * 1e9) / 1e9 };
}

/** What so many model calls used. */
export function calls(count: number, costUsd: number): SessionUsage {
  return { inputTokens: 100 * count, outputTokens: 10 * count, cacheReadTokens: 20 * count, costUsd };
}
