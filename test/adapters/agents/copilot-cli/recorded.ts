// Recorded output of the real CLI, played through the reader as a whole turn, with the usage line that the adapter adds.

import { readFileSync } from 'node:fs';
import { createCopilotReader } from '../../../../adapters/agents/copilot-cli/reader.ts';
import { USAGE_LINE } from '../../../../adapters/agents/copilot-cli/usage-file.ts';
import type { CliReader } from '../../../../adapters/agents/driver/index.ts';
import type { AgentEvent, OutputEnd, OutputReader, TurnVerdict } from '../../../../src/contract/agent.ts';

export const FIXTURES = 'test/fixtures/agents/copilot-cli';
/** All recorded sessions have been given this name. */
export const RECORDED_ID = '22222222-2222-4222-8222-222222222222';

export function recordedLines(name: string): string[] {
  return readFileSync(`${FIXTURES}/${name}.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** What the CLI leaves in its usage file after so many calls of the session. */
export function usageFile(calls: number, model = 'fake-model'): string {
  const recorded: unknown = JSON.parse(readFileSync(`${FIXTURES}/usage.json`, 'utf8'));
  const usage = {
    inputTokens: 120 * calls,
    outputTokens: 10 * calls,
    cacheReadTokens: 20 * calls,
    cacheWriteTokens: 0,
    reasoningTokens: 3 * calls,
  };
  return JSON.stringify({
    ...(recorded as object),
    currentModel: model,
    modelMetrics: { [model]: { requests: { count: calls, cost: 0 }, usage } },
  });
}

/** Null = it left none. */
export function usageLine(calls: number | null): string {
  return `{"type":"${USAGE_LINE}","usage":${calls === null ? 'null' : usageFile(calls)}}`;
}

export function newReader(sessionId = RECORDED_ID): CliReader {
  return createCopilotReader({ sessionUsage: null, sessionId });
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

/** What so many recorded model calls come to. */
export function callsOf(count: number): ReturnType<typeof usageOf> {
  return { input: 100 * count, output: 10 * count, cacheRead: 20 * count };
}
