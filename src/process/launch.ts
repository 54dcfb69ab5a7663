// Starts one program in a session of its own and stays responsible for everything that grows from it.
// The promise of a result never rejects, and it settles only when the whole tree is gone: the program, its
// process group, its session and every process that carries its mark, or when a bounded last resort has failed.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ProcessIdentity } from '../contract/agent.ts';
import { explainLaunchFailure } from './launch-error.ts';
import type { LaunchError } from './launch-error.ts';
import { remember } from './live-launches.ts';
import type { EndingStages } from './staged-ending.ts';
import { notStarted, reasonText, supervise } from './supervise.ts';

/** Takes one line, without its line end. A returned promise holds the stream back until it settles. */
export type LineHandler = (line: string) => void | Promise<void>;

/** What to run, and what becomes of its streams. */
export interface LaunchOptions {
  /** A path, or a name that is looked for in `env.PATH`. Never a shell line; run `sh -c` for one. */
  readonly file: string;
  /** Visible to everybody on the machine: no secrets and no prompts. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment; see `buildEnvironment`. `PWD` and git's "never ask" settings are added to it. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Put into the environment as `SORTIE_RUN_ID`; every process that carries it belongs to this tree and is
   * ended with it, so never let two programs live at once under one mark. Null: find the tree without a mark.
   */
  readonly mark: string | null;
  /** Text to write, after which stdin is closed; `null`: an empty stdin; `open`: for `write`, until `closeInput`. */
  readonly stdin: string | null | { readonly open: true };
  /** Called for each line of stdout in order, one at a time. If it fails, the tree is ended (`aborted`). */
  readonly onStdoutLine?: LineHandler;
  readonly onStderrLine?: LineHandler;
  /** Longer lines are skipped and counted. Default 10 MiB. */
  readonly lineLimitBytes?: number;
  /** How much of stdout, and how much of stderr, is kept as text: half of it head, half tail. Default 64 KiB. */
  readonly outputLimitBytes?: number;
  /** Absent = no limit. */
  readonly timeoutMs?: number;
  /** Aborting it ends the tree; aborted already = nothing is started. */
  readonly signal?: AbortSignal;
  /** Between the gentle and the hard end, all stages together. */
  readonly graceMs: number;
  /** How long what the program leaves when it exits may take to end by itself. Default 100. */
  readonly leftoversMs?: number;
  /** What comes before SIGTERM when the program is aborted or out of time. */
  readonly ending?: EndingStages;
}

/** Why the program is over: the first thing that happened. */
export type EndCause = 'exited' | 'timeout' | 'aborted' | 'spawn_failed';

/** How a launched program ended. */
export interface ProcessResult {
  /** Null when a signal ended it, or when it never began. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly cause: EndCause;
  /** What was given to `end`, or the text of the abort signal's reason; null otherwise. */
  readonly reason: string | null;
  /** A `LaunchError` with `spawn_failed`; what a line handler threw with `aborted`. */
  readonly error?: LaunchError | Error;
  /** Head and tail; says in the middle how many bytes were left out. */
  readonly stdoutText: string;
  readonly stderrText: string;
  /** Lines of either stream that were over the limit and skipped. */
  readonly oversizedLines: number;
  /** Stdout did not end in a line end: its last line (handed over like the others) may have been cut. */
  readonly unterminatedLastLine: boolean;
  /** Pids that outlived even the last resort, which is bounded. Empty unless the kernel would not end them. */
  readonly survivors: readonly number[];
  readonly durationMs: number;
}

/** A program that was started, or could not be. */
export interface LaunchedProcess {
  /** Undefined when nothing was started. */
  readonly pid: number | undefined;
  /** To be stored before the program does anything that matters; null when nothing was started or known. */
  readonly identity: ProcessIdentity | null;
  /** Never rejects. */
  readonly result: Promise<ProcessResult>;
  /**
   * Writes to a stdin that was left open; resolves when the program's pipe has taken it (back-pressure). Rejects when the
   * input is closed or the program is over; never throws.
   */
  write(text: string): Promise<void>;
  /** Ends a stdin that was left open. Harmless otherwise. */
  closeInput(): void;
  /** Ends the tree gently, then hard; resolves with the result's settling. Harmless when it is over already. */
  end(reason: string): Promise<void>;
  /** SIGKILL to the process group, now and synchronously: for a daemon that is about to exit at once. */
  killNow(): void;
}

/** Starts a program. Never throws: what goes wrong is in the result. */
export function launchProcess(options: LaunchOptions): LaunchedProcess {
  if (options.signal?.aborted === true) {
    return notStarted({ cause: 'aborted', reason: reasonText(options.signal) });
  }
  let child: ChildProcess;
  try {
    child = spawn(options.file, options.args, {
      cwd: options.cwd,
      env: childEnvironment(options),
      detached: true,
      stdio: [options.stdin === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    return notStarted({
      cause: 'spawn_failed',
      error: explainLaunchFailure(options.file, options.cwd, error),
    });
  }
  if (child.pid === undefined) {
    const failure = once(child, 'error').then(([error]: unknown[]) => error);
    return notStarted(
      failure.then((error) => ({
        cause: 'spawn_failed',
        error: explainLaunchFailure(options.file, options.cwd, error),
      })),
    );
  }
  const launched = supervise(child, child.pid, options);
  remember(launched);
  return launched;
}

/** Settings under which git and ssh fail instead of asking a person who is not there. */
const NEVER_ASK = { GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', GIT_SSH_COMMAND: 'ssh -oBatchMode=yes' };

function childEnvironment(options: LaunchOptions): Record<string, string> {
  const environment: Record<string, string> = { ...NEVER_ASK, PWD: options.cwd };
  for (const [name, value] of Object.entries(options.env)) {
    // A tracker's text may hold NUL; with one in a variable, no process could be started at all.
    if (name !== 'PWD') environment[name] = value.replaceAll('\0', '');
  }
  return options.mark === null ? environment : { ...environment, SORTIE_RUN_ID: options.mark };
}
