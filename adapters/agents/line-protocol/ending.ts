// What the end of a turn's program means: the table of exit codes. It judges by facts only (who ended it, with
// which code), never by what was printed; docs/agents/command.md shows the same table to users.

import { constants } from 'node:os';
import { AgentError } from '../../../src/contract/agent.ts';
import type { AgentErrorKind } from '../../../src/contract/agent.ts';
import { LaunchError } from '../../../src/process/index.ts';
import type { LaunchErrorKind, ProcessResult } from '../../../src/process/index.ts';
import { cleanText } from '../driver/index.ts';

/** Exit codes with a meaning of their own; any other but 0 is a failed turn, worth another try. */
export const EXIT_CODE = {
  completed: 0,
  /** EX_TEMPFAIL: the same as any other failure, for programs that like to say so. */
  temporaryFailure: 75,
  /** EX_NOPERM: a person must answer first. */
  inputRequired: 77,
  /** EX_CONFIG: credentials or configuration must change first. */
  configError: 78,
  /** The shell's own: found, but cannot be executed. */
  notExecutable: 126,
  /** The shell's own: no such command. */
  notFound: 127,
} as const;

const LAUNCH_FAILURES: Readonly<Record<LaunchErrorKind, AgentErrorKind>> = {
  command_missing: 'agent_not_found',
  command_not_executable: 'agent_not_found',
  cwd_missing: 'invalid_workspace_cwd',
  spawn_failed: 'port_exit',
};

const EXIT_CODES: Readonly<Record<number, { readonly kind: AgentErrorKind; readonly meaning: string }>> = {
  [EXIT_CODE.inputRequired]: { kind: 'turn_input_required', meaning: 'a person must answer' },
  [EXIT_CODE.configError]: { kind: 'agent_config_error', meaning: 'its configuration must change first' },
  [EXIT_CODE.notExecutable]: {
    kind: 'agent_not_found',
    meaning: 'not executable; check the mode of the file',
  },
  [EXIT_CODE.notFound]: { kind: 'agent_not_found', meaning: 'no such command; check agent.command and PATH' },
};

const STDERR_TAIL_CHARACTERS = 4000;
const LAST_WORDS_CHARACTERS = 300;

/**
 * Null when the turn is completed; otherwise the error that `runTurn` throws. `lastMessage` is what the program
 * said last on stdout: the question, when it asks for a person.
 */
export function judgeEnding(result: ProcessResult, lastMessage: string): AgentError | null {
  const fail = (kind: AgentErrorKind, detail: string): AgentError =>
    new AgentError(kind, detail, {
      exitCode: result.exitCode,
      stderrTail: result.stderrText.slice(-STDERR_TAIL_CHARACTERS),
      cause: result.error,
    });
  const { cause, error, exitCode } = result;
  if (cause === 'spawn_failed') {
    const kind = error instanceof LaunchError ? LAUNCH_FAILURES[error.kind] : 'port_exit';
    return fail(kind, error?.message ?? 'the program could not be started');
  }
  if (error !== undefined) return fail('response_error', `an event could not be handed on: ${error.message}`);
  if (cause === 'aborted')
    return fail('turn_cancelled', cleanText(result.reason ?? '', LAST_WORDS_CHARACTERS));
  if (cause === 'timeout') return fail('turn_timeout', `ended after ${Math.round(result.durationMs)} ms`);
  if (exitCode === EXIT_CODE.completed) return null;
  if (exitCode === null) return fail('port_exit', `ended by ${result.signal ?? 'a signal'}`);

  const { kind, meaning } = EXIT_CODES[exitCode] ?? { kind: 'turn_failed', meaning: shellSignal(exitCode) };
  const asked = exitCode === EXIT_CODE.inputRequired ? cleanText(lastMessage, LAST_WORDS_CHARACTERS) : '';
  const words = asked === '' ? lastLine(result.stderrText) : asked;
  return fail(kind, [`exit code ${exitCode}`, meaning, words].filter((part) => part !== '').join(': '));
}

/** A shell whose command died of a signal exits with 128 plus its number. */
function shellSignal(code: number): string {
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return name === undefined ? '' : `the shell's word for ${name}`;
}

function lastLine(stderr: string): string {
  const lines = stderr.slice(-STDERR_TAIL_CHARACTERS).split('\n');
  return cleanText(lines.findLast((line) => line.trim() !== '') ?? '', LAST_WORDS_CHARACTERS);
}
