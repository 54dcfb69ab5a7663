// Recorded output of the real CLI, played through the reader as a whole turn.

import { readFileSync } from 'node:fs';
import { createGeminiReader } from '../../../../adapters/agents/gemini-cli/reader.ts';
import type { AgentEvent, OutputEnd, OutputReader, TurnVerdict } from '../../../../src/contract/agent.ts';

export const FIXTURES = 'test/fixtures/agents/gemini-cli';

export function recordedLines(name: string): string[] {
  return readFileSync(`${FIXTURES}/${name}.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

export function newReader(): OutputReader {
  return createGeminiReader({ sessionUsage: null, sessionId: '' });
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

export function usageOf(events: readonly AgentEvent[]): { input: number; output: number; cacheRead: number } {
  const sum = { input: 0, output: 0, cacheRead: 0 };
  for (const event of events) {
    if (event.kind !== 'token_usage') continue;
    sum.input += event.inputTokens;
    sum.output += event.outputTokens;
    sum.cacheRead += event.cacheReadTokens;
  }
  return sum;
}
