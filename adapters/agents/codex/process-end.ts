// What a turn is told about the process that served it: how it ended, or that it goes on.

import type { OutputEnd } from '../../../src/contract/agent.ts';
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
