// Recorded output of the real CLI, played through the reader as a whole turn.

import { readFileSync } from 'node:fs';
import type { CliReader } from '../../../../adapters/agents/driver/index.ts';
import { createOpencodeReader } from '../../../../adapters/agents/opencode/reader.ts';
import type { AgentEvent, OutputEnd, OutputReader, TurnVerdict } from '../../../../src/contract/agent.ts';

export const FIXTURES = 'test/fixtures/agents/opencode';
/** All recorded sessions have been given this name. */
export const RECORDED_ID = 'ses_recorded0000000000000000';

export function recordedLines(name: string): string[] {
  return readFileSync(`${FIXTURES}/${name}.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

export function newReader(sessionId = ''): CliReader {
  return createOpencodeReader({ sessionUsage: null, sessionId }, { model: 'fake/m' });
}

export const EXITED: OutputEnd = { exitCode: 0, signal: null, unterminatedLastLine: false, stderrText: '' };

/** One turn; each line comes a second after the one before. */
export function playTurn(
  lines: readonly string[],
  end: Partial<OutputEnd> = {},
  reader: OutputReader = newReader(),
): { events: AgentEvent[]; verdict: TurnVerdict | null } {
  const events = lines.flatMap((line, at) => reader.take(line, at * 1000));
  const last = reader.endTurn({ ...EXITED, ...end }, lines.length * 1000);
  return { events: [...events, ...last.events], verdict: last.verdict };
}

export function usageOf(events: readonly AgentEvent[]): {
  input: number;
  output: number;
  cacheRead: number;
  costUsd: number;
} {
  const sum = { input: 0, output: 0, cacheRead: 0, costUsd: 0 };
  for (const event of events) {
    if (event.kind !== 'token_usage') continue;
    sum.input += event.inputTokens;
    sum.output += event.outputTokens;
    sum.cacheRead += event.cacheReadTokens;
    sum.costUsd += event.costUsd ?? 0;
  }
  return { ...sum, costUsd: Math.round(sum.costUsd * 1e9) / 1e9 };
}

/** What so many recorded model calls come to. */
export function callsOf(count: number): ReturnType<typeof usageOf> {
  const costUsd = Math.round(0.000122 * count * 1e9) / 1e9;
  return { input: 100 * count, output: 10 * count, cacheRead: 20 * count, costUsd };
}
