// What one call of a fake agent plays, and what a test may read about it afterwards: the words that the installers
// here and the programs that they install (agent-program.mjs, server-program.mjs) share, as JSON.
// Lines are counted from 1; a misbehaviour happens once that many lines were written, 0 = before the first.

/** Where a value comes from when the fake agent is called. A flag is found as `--flag value` and as `--flag=value`. */
export type FakePlace =
  | { readonly flag: string | readonly string[] }
  | { readonly env: string; readonly path?: string }
  /** A path below the agent's cwd. */
  | { readonly cwd: string };

/** What is written to stdout, byte for byte: a recorded file, lines (each gets its line end), or bytes. */
export type FakeOutput =
  { readonly file: string } | { readonly lines: readonly string[] } | { readonly bytes: Buffer };

/** What a signal does; without an entry it has its usual effect. */
export type FakeSignalAnswer =
  | 'ignore'
  | {
      /** Last words, before the exit. */
      readonly lines?: readonly string[];
      readonly exitCode?: number;
      /** Ends its tool children first, as a clean agent does. Default false: they are orphaned. */
      readonly endsChildren?: boolean;
      readonly delayMs?: number;
    };

export type FakeMisbehaviour =
  /** Starts a program in a session of its own that lives on, with the whole environment, like a shell tool. */
  | { readonly kind: 'child-in-new-session'; readonly afterLine?: number; readonly ignoresSignals?: boolean }
  /** A grandchild keeps stdout open long after the agent's exit. */
  | { readonly kind: 'stdout-held-by-grandchild'; readonly afterLine?: number }
  /** Says nothing more and does not end; with a tool child when `withTool`. `hanging` is then true in its record. */
  | { readonly kind: 'hang'; readonly afterLine: number; readonly withTool?: boolean }
  /** One more line of so many bytes: a JSON object. */
  | { readonly kind: 'huge-line'; readonly afterLine: number; readonly bytes: number }
  /** One more line: a JSON object that holds bytes which are not UTF-8. */
  | { readonly kind: 'invalid-utf8'; readonly afterLine: number }
  /** The output ends in the middle of its last line, without a line end; `exitCode` stays as it is (0). */
  | { readonly kind: 'cut-last-line' }
  /** Leaves stdin alone. Otherwise it is read to its end before anything is written, so an open one hangs. */
  | { readonly kind: 'never-reads-stdin' };

export interface FakeTurn {
  /** Default: nothing. */
  readonly output?: FakeOutput | readonly FakeOutput[];
  /** Recorded texts that are replaced by what this call was given, e.g. the session id. */
  readonly replace?: Readonly<Record<string, string | FakePlace>>;
  /** `random` (default): seeded pieces of 1 to 4096 bytes with small real delays. `whole`: at once. */
  readonly pieces?: 'random' | 'whole';
  readonly stderr?: string;
  /** Default 0. */
  readonly exitCode?: number;
  /** Dies by this signal instead of an exit. */
  readonly diesBy?: 'SIGKILL' | 'SIGSEGV' | 'SIGTERM';
  /** Files that the agent writes, before its output or (default) after it. */
  readonly files?: readonly {
    readonly at: FakePlace;
    readonly text: string;
    readonly when?: 'before' | 'after';
  }[];
  readonly onSignal?: Readonly<Partial<Record<'SIGINT' | 'SIGTERM', FakeSignalAnswer>>>;
  readonly misbehave?: readonly FakeMisbehaviour[];
}

/** A call with exactly these first arguments (`--version`, `auth status`) gets this answer and uses up no turn. */
export interface FakeProbe {
  readonly args: readonly string[];
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}

export interface FakeProcess {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: a pid alone may have been given to somebody else. */
  readonly startTime: string;
  readonly what: 'agent' | 'tool' | 'grandchild';
}

/** One call of the fake agent, as far as it has come. */
export interface FakeCall {
  /** From 0, in the order in which the calls began. */
  readonly index: number;
  readonly isProbe: boolean;
  /** Without the program itself. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly pid: number;
  /** Itself and whatever it started. */
  readonly processes: readonly FakeProcess[];
  /** "" when it was empty; null when it is not (yet) read to its end. */
  readonly stdin: string | null;
  /** What the places given as `readFiles` held at the start, by the flag's or variable's name; null = no such file. */
  readonly files: Readonly<Record<string, string | null>>;
  /** Signals that were taken by `onSignal`, in order. */
  readonly signals: readonly string[];
  readonly hanging: boolean;
  /** A fake server only: every message of the client, parsed, in order. */
  readonly messages: readonly Record<string, unknown>[];
  /** A fake agent only: in how many its output was written. */
  readonly pieces: number;
  /** The agent ended by itself with this code; null = not yet, or by a signal. */
  readonly exitCode: number | null;
}
