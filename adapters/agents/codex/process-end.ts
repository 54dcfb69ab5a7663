// What a turn is told about the process that served it: how it ended, or that it goes on.

import type { AgentEvent, OutputEnd } from '../../../src/contract/agent.ts';
import type { ProcessResult } from '../../../src/process/index.ts';

/** What `judgeOutput` is told of a process that goes on after its turn. */
export const STILL_RUNNING: ProcessResult = {
  exitCode: null,
  signal: null,
  cause: 'exited',
  reason: null,
  stdoutText: '',
  stderrText: '',
  oversizedLines: 0,
  unterminatedLastLine: false,
  survivors: [],
  durationMs: 0,
};

/** null = it goes on. */
export function outputEnd(result: ProcessResult | null): OutputEnd {
  const { exitCode, signal, unterminatedLastLine, stderrText } = result ?? STILL_RUNNING;
  return { exitCode, signal, unterminatedLastLine, stderrText };
}

/** What people should know about it, beside the verdict. */
export function remarks(result: ProcessResult | null): AgentEvent[] {
  const events: AgentEvent[] = [];
  if (result !== null && result.oversizedLines > 0) {
    events.push({ kind: 'malformed', message: `${result.oversizedLines} line(s) over 10 MiB were skipped` });
  }
  if (result !== null && result.survivors.length > 0) {
    const pids = result.survivors.join(', ');
    events.push({ kind: 'other_message', message: `these processes could not be ended: ${pids}` });
  }
  return events;
}
