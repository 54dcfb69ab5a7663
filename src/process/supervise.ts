// Watches one started program until nothing of it is left: its exit, its time limit, its abort signal, its
// streams. The first cause wins (`cause ??=`), each leads to the same ending of the tree, and only after that is
// the result told. It acts on 'exit' and never waits for 'close': a grandchild may hold the pipes for ever.

import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_OUTPUT_LIMIT_BYTES } from './bounded-text.ts';
import { signalGroup } from './ending.ts';
import type { EndCause, LaunchedProcess, LaunchOptions, LineHandler, ProcessResult } from './launch.ts';
import { DEFAULT_LINE_LIMIT_BYTES } from './line-splitter.ts';
import { pumpOutput } from './output-pump.ts';
import type { OutputPump } from './output-pump.ts';
import { readIdentity } from './process-identity.ts';
import { endInStages } from './staged-ending.ts';
import { endTree } from './tree-ending.ts';

/** `setTimeout` fires at once above this; 24.8 days is as good as any longer limit. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** What follows in a pipeline may need a moment to end after the program has; then it is asked to. */
const LEFTOVERS_MS = 100;
/** From the tree being gone to Node having fetched the exit code. */
const EXIT_CODE_MS = 1000;

const NOTHING: ProcessResult = {
  exitCode: null,
  signal: null,
  cause: 'spawn_failed',
  reason: null,
  stdoutText: '',
  stderrText: '',
  oversizedLines: 0,
  unterminatedLastLine: false,
  survivors: [],
  durationMs: 0,
};

/** The answer for a program that never began. */
export function notStarted(why: Partial<ProcessResult> | Promise<Partial<ProcessResult>>): LaunchedProcess {
  const result = Promise.resolve(why).then((facts) => ({ ...NOTHING, ...facts }));
  const over = async (): Promise<void> => {
    await result;
  };
  const write = (): Promise<void> => Promise.reject(new Error('the program was not started'));
  const nothing = (): void => undefined;
  return { pid: undefined, identity: null, result, write, closeInput: nothing, end: over, killNow: nothing };
}

/** The text of an abort signal's reason. */
export function reasonText(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason.message : String(reason);
}

/** Takes charge of a child that has a pid and leads its own session. */
export function supervise(child: ChildProcess, pid: number, options: LaunchOptions): LaunchedProcess {
  const startedMs = performance.now();
  // The pid cannot be somebody else's yet: Node has not fetched this child, should it be over already.
  const identity = readIdentity(pid);
  const over = new AbortController();
  let cause: EndCause | null = null;
  let reason: string | null = null;
  let error: Error | undefined;
  let isSettled = false;

  const { promise: isEnding, resolve: startEnding } = deferred();
  const endBecauseOf = (because: EndCause, why: string | null): void => {
    if (cause !== null) return;
    cause = because;
    reason = why;
    startEnding();
  };

  const { promise: exited, resolve: noteExit } = deferred();
  child.once('exit', () => {
    endBecauseOf('exited', null);
    noteExit();
  });
  // Node also reports a failed kill or send here; neither is used, and unheard it would end the daemon.
  child.on('error', () => undefined);
  writeInput(child, options.stdin);
  const onHandlerFailure = (failure: Error): void => {
    error ??= failure;
    endBecauseOf('aborted', 'a line handler failed');
  };
  const pump = (stream: ChildProcess['stdout'], onLine: LineHandler | undefined): OutputPump | null =>
    stream &&
    pumpOutput(stream, {
      onLine,
      onHandlerFailure,
      lineLimitBytes: options.lineLimitBytes ?? DEFAULT_LINE_LIMIT_BYTES,
      outputLimitBytes: options.outputLimitBytes ?? DEFAULT_OUTPUT_LIMIT_BYTES,
    });
  const stdout = pump(child.stdout, options.onStdoutLine);
  const stderr = pump(child.stderr, options.onStderrLine);

  if (options.timeoutMs !== undefined) {
    const limitMs = Math.min(options.timeoutMs, LONGEST_TIMER_MS);
    const timer = setTimeout(() => endBecauseOf('timeout', `ran longer than ${limitMs} ms`), limitMs);
    over.signal.addEventListener('abort', () => clearTimeout(timer));
  }
  const { signal } = options;
  signal?.addEventListener('abort', () => endBecauseOf('aborted', reasonText(signal)), {
    signal: over.signal,
  });

  const finish = async (): Promise<ProcessResult> => {
    await isEnding;
    over.abort();
    // After the exit was fetched the pid may be anybody's, so then an unknown root stays unknown.
    const root = identity ?? (hasExited(child) ? null : readIdentity(pid));
    const voluntaryMs = cause === 'exited' ? (options.leftoversMs ?? LEFTOVERS_MS) : 0;
    const graceMs =
      cause === 'exited' || options.ending === undefined
        ? options.graceMs
        : await endInStages(child, options.ending, exited, options.graceMs);
    const { survivors: left } = await endTree({
      root,
      mark: options.mark,
      voluntaryMs,
      graceMs,
    });
    await Promise.race([exited, sleep(EXIT_CODE_MS, undefined, { ref: false })]);
    if (!hasExited(child)) {
      // The machine could not be looked at (out of files, say). Until its exit is fetched the pid is surely ours.
      signalGroup(pid, 'SIGKILL');
      await Promise.race([exited, sleep(EXIT_CODE_MS, undefined, { ref: false })]);
    }
    const survivors = hasExited(child) || left.includes(pid) ? left : [...left, pid];
    await Promise.all([stdout?.finish(), stderr?.finish()]);
    child.stdin?.destroy();
    if (survivors.length > 0) child.unref();
    isSettled = true;
    return {
      exitCode: child.exitCode,
      signal: child.signalCode,
      cause: cause ?? 'exited',
      reason,
      ...(error === undefined ? {} : { error }),
      stdoutText: stdout?.text() ?? '',
      stderrText: stderr?.text() ?? '',
      oversizedLines: (stdout?.oversizedLines() ?? 0) + (stderr?.oversizedLines() ?? 0),
      unterminatedLastLine: stdout?.unterminated() ?? false,
      survivors,
      durationMs: performance.now() - startedMs,
    };
  };
  const result = finish();

  return {
    pid,
    identity,
    result,
    write: (text) => writeMore(child, text),
    closeInput() {
      child.stdin?.end();
    },
    async end(why) {
      endBecauseOf('aborted', why);
      await result;
    },
    killNow() {
      const now = readIdentity(pid);
      const isRecycled = now !== null && now.startTime !== identity?.startTime;
      if (!isSettled && !isRecycled) signalGroup(pid, 'SIGKILL');
    },
  };
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function writeInput(child: ChildProcess, input: LaunchOptions['stdin']): void {
  // A program may close its stdin or end before it has read it all; that is its own affair (EPIPE).
  child.stdin?.on('error', () => undefined);
  if (typeof input === 'string') child.stdin?.end(input);
}

function writeMore(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const { stdin } = child;
    if (stdin === null || !stdin.writable) {
      reject(new Error("the program's input is closed"));
      return;
    }
    stdin.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
