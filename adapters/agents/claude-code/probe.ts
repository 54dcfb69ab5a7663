// Short calls of the CLI that spend no tokens: what it says is looked at, how it fails is not. They run in the session's
// workspace with its environment and mark, before its first turn, and are ended like every process of a run.

import { AgentError } from '../../../src/contract/agent.ts';
import { launchProcess } from '../../../src/process/index.ts';
import type { ProcessResult } from '../../../src/process/index.ts';
import { noteStart } from '../driver/index.ts';
import type { SessionStart } from '../driver/index.ts';
import { defaultEnv } from './call.ts';

/** They take a third of a second; whoever takes longer has said nothing. */
const TIMEOUT_MS = 10_000;

/** Throws only `turn_cancelled`, and what `onProcess` throws; a program that is missing, slow or broken is in the result. */
export async function probeClaude(
  { request, program }: SessionStart,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ProcessResult> {
  const launched = launchProcess({
    file: program.file,
    args: [...program.args, ...args],
    cwd: request.workspacePath,
    env: { ...request.env, ...defaultEnv(request.env) },
    mark: request.runId,
    stdin: null,
    timeoutMs: TIMEOUT_MS,
    signal,
    graceMs: request.stopGraceMs,
  });
  await noteStart(launched, request);
  const result = await launched.result;
  if (signal.aborted) throw new AgentError('turn_cancelled', 'cancelled before its first turn');
  return result;
}
