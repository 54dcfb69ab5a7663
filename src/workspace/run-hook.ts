// Runs one of the user's scripts under `sh -c` in the workspace, as a tree that is ended at the time limit with
// all that it started. The environment is an allow-list; output is kept up to a limit and handed back for the
// log. The script is the user's own text and stands in argv; secrets belong into variables or files.

import { buildEnvironment, launchProcess } from '../process/index.ts';
import type { ProcessResult } from '../process/index.ts';
import type { ProcessIdentity } from '../contract/agent.ts';

const OUTPUT_LIMIT_BYTES = 16 * 1024;
const SHOWN_LIMIT = 300;

export type HookName = 'after_create' | 'before_run' | 'after_run' | 'before_remove';

export interface HookSubject {
  readonly issueId: string;
  readonly issueIdentifier: string;
  /** Absolute real path: cwd and `SORTIE_WORKSPACE`. */
  readonly workspacePath: string;
  /** 0 where there is no attempt (`before_remove`). */
  readonly attempt: number;
}

export interface HookEnvironment {
  /** The daemon's own environment, to choose from. */
  readonly from: Readonly<Record<string, string | undefined>>;
  /** Names that a secret setting came from: never passed. */
  readonly secretNames: readonly string[];
}

export interface HookRequest {
  readonly name: HookName;
  readonly script: string;
  readonly subject: HookSubject;
  readonly environment: HookEnvironment;
  readonly timeoutMs: number;
  readonly graceMs: number;
  /** `SORTIE_RUN_ID` of the script and its children. Nothing else may run under it meanwhile. */
  readonly mark: string;
  /** Aborting it ends the script. */
  readonly signal?: AbortSignal | undefined;
  readonly onProcess?: ((identity: ProcessIdentity) => void) | undefined;
}

/** How a script ended; meant for one log line. */
export interface HookResult {
  readonly name: HookName;
  readonly outcome: 'succeeded' | 'failed' | 'timed_out' | 'aborted';
  /** One line; "" when it succeeded. */
  readonly message: string;
  /** Stdout, then stderr: head and tail, saying how much was left out. */
  readonly output: string;
  readonly durationMs: number;
}

/** Never rejects. Resolves when nothing that the script started is left. */
export async function runHook(request: HookRequest): Promise<HookResult> {
  const { name, subject, environment } = request;
  const launched = launchProcess({
    file: 'sh',
    args: ['-c', request.script],
    cwd: subject.workspacePath,
    env: buildEnvironment({
      from: environment.from,
      secretNames: new Set(environment.secretNames),
      pass: [],
      extra: {
        // A NUL, which no environment can hold, would keep the script from starting.
        SORTIE_ISSUE_ID: subject.issueId.replaceAll('\0', ''),
        SORTIE_ISSUE_IDENTIFIER: subject.issueIdentifier.replaceAll('\0', ''),
        SORTIE_WORKSPACE: subject.workspacePath,
        SORTIE_ATTEMPT: String(subject.attempt),
      },
    }),
    mark: request.mark,
    stdin: null,
    outputLimitBytes: OUTPUT_LIMIT_BYTES,
    timeoutMs: request.timeoutMs,
    graceMs: request.graceMs,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  if (launched.identity !== null) request.onProcess?.(launched.identity);
  const result = await launched.result;
  const outcome = outcomeOf(result);
  return {
    name,
    outcome,
    message: outcome === 'succeeded' ? '' : `hook ${name} ${describeFailure(outcome, result, request)}`,
    output: [result.stdoutText, result.stderrText].filter((text) => text !== '').join('\n'),
    durationMs: result.durationMs,
  };
}

function outcomeOf(result: ProcessResult): HookResult['outcome'] {
  if (result.cause === 'timeout') return 'timed_out';
  if (result.cause === 'aborted') return 'aborted';
  return result.cause === 'exited' && result.exitCode === 0 ? 'succeeded' : 'failed';
}

function describeFailure(
  outcome: HookResult['outcome'],
  result: ProcessResult,
  request: HookRequest,
): string {
  if (outcome === 'timed_out') {
    return `did not end within ${request.timeoutMs} ms (hooks.timeout_ms) and was ended`;
  }
  if (outcome === 'aborted') return `was ended: ${result.reason ?? 'aborted'}`;
  if (result.error !== undefined) return `could not be started: ${result.error.message}`;
  const how =
    result.signal === null ? `exit code ${result.exitCode ?? 'unknown'}` : `signal ${result.signal}`;
  const lastWords = result.stderrText.trim().split('\n').at(-1)?.trim().slice(0, SHOWN_LIMIT) ?? '';
  return `failed with ${how}${lastWords === '' ? '' : `: ${lastWords}`}`;
}
