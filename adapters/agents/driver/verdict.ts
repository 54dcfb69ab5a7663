// From how a turn's process ended and what its output said to the error that the turn ends in, and to the event that
// says so. The terminal event decides, not the exit code: an agent may exit with 0 after a refusal, and with 1 after
// success. Only where there is no terminal event does the way of ending count, and then it is never a success.

import { stat } from 'node:fs/promises';
import { AgentError } from '../../../src/contract/agent.ts';
import type { AgentErrorKind, AgentEvent, TurnVerdict } from '../../../src/contract/agent.ts';
import { LaunchError } from '../../../src/process/index.ts';
import type { LaunchErrorKind, ProcessResult } from '../../../src/process/index.ts';
import { cleanText } from './clean-text.ts';

const LAUNCH_FAILURES: Readonly<Record<LaunchErrorKind, AgentErrorKind>> = {
  command_missing: 'agent_not_found',
  command_not_executable: 'agent_not_found',
  cwd_missing: 'invalid_workspace_cwd',
  spawn_failed: 'port_exit',
};

const STDERR_TAIL_CHARACTERS = 4000;
const DETAIL_CHARACTERS = 500;

/**
 * null when the turn is completed. @param verdict what the output said, null when it said nothing.
 * @param install how one gets the program, for the message when it is not there.
 */
export function judgeOutput(
  result: ProcessResult,
  verdict: TurnVerdict | null,
  { install = '' }: { readonly install?: string } = {},
): AgentError | null {
  const stderrTail = result.stderrText.slice(-STDERR_TAIL_CHARACTERS);
  const facts = { exitCode: result.exitCode, stderrTail, cause: result.error };
  const { cause, error, exitCode, signal } = result;
  if (cause === 'spawn_failed') {
    const kind = error instanceof LaunchError ? LAUNCH_FAILURES[error.kind] : 'port_exit';
    const remedy = kind === 'agent_not_found' && install !== '' ? `; install it: ${install}` : '';
    return new AgentError(kind, `${error?.message ?? 'the program could not be started'}${remedy}`, facts);
  }
  if (error !== undefined) {
    return new AgentError('response_error', `an event could not be handed on: ${error.message}`, facts);
  }
  if (cause === 'aborted') {
    return new AgentError('turn_cancelled', cleanText(result.reason ?? '', DETAIL_CHARACTERS), facts);
  }
  if (cause === 'timeout') {
    return new AgentError('turn_timeout', `ended after ${Math.round(result.durationMs)} ms`, facts);
  }
  if (verdict?.kind === 'completed') return null;
  if (verdict?.kind === 'failed') {
    return new AgentError(verdict.error, cleanText(verdict.detail, DETAIL_CHARACTERS), {
      ...facts,
      reason: verdict.reason,
      resetAtMs: verdict.resetAtMs ?? null,
    });
  }
  const words = lastLine(result.stderrText);
  const told = words === '' ? '' : `: ${words}`;
  if (exitCode === 0 || result.unterminatedLastLine) {
    const how = result.unterminatedLastLine ? 'its output was cut' : 'exit code 0';
    const detail = `the agent ended without saying how its turn went (${how})${told}`;
    return new AgentError('turn_failed', detail, { ...facts, reason: 'truncated_output' });
  }
  const how = exitCode === null ? `ended by ${signal ?? 'a signal'}` : `exit code ${exitCode}`;
  return new AgentError('port_exit', `the agent died in its turn (${how})${told}`, {
    ...facts,
    reason: 'crash',
  });
}

/** The event that ends a turn's events. */
export function endEvent(failure: AgentError | null): AgentEvent {
  if (failure === null) return { kind: 'turn_completed' };
  const { kind, message } = failure;
  switch (kind) {
    case 'turn_cancelled':
    case 'turn_input_required':
    case 'turn_failed':
      return { kind, message };
    case 'agent_not_found':
    case 'invalid_workspace_cwd':
      return { kind: 'startup_failed', message };
    default:
      return { kind: 'turn_ended_with_error', message };
  }
}

/** What people should know about the process of a turn, beside the verdict. */
export function remarks(result: ProcessResult): AgentEvent[] {
  const events: AgentEvent[] = [];
  if (result.cause === 'exited' && result.reason !== null) {
    events.push({ kind: 'notification', message: `the process was made to end: ${result.reason}` });
  }
  if (result.oversizedLines > 0) {
    events.push({ kind: 'malformed', message: `${result.oversizedLines} line(s) over 10 MiB were skipped` });
  }
  if (result.survivors.length > 0) {
    const pids = result.survivors.join(', ');
    events.push({ kind: 'other_message', message: `these processes could not be ended: ${pids}` });
  }
  return events;
}

/** Throws `invalid_workspace_cwd`. */
export async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true) {
    throw new AgentError('invalid_workspace_cwd', `the workspace ${path} does not exist or is no folder`);
  }
}

function lastLine(stderr: string): string {
  const lines = stderr.slice(-STDERR_TAIL_CHARACTERS).split('\n');
  return cleanText(lines.findLast((line) => line.trim() !== '') ?? '', DETAIL_CHARACTERS);
}
