// What the daemon is handed. It imports the contract and the core only; every clock, adapter, database, log
// and counter comes in through here, so that the same loop runs in production and in the simulation.

import type {
  Effect,
  Event,
  RunExecutor,
  Store,
  TrackerAdapter,
  TrackerWriter,
  Workflow,
} from '../contract/index.ts';
import type { Counters } from '../contract/counters.ts';
import type { CoreState } from '../core/state.ts';

export type { Counters } from '../contract/counters.ts';

export interface Clock {
  /** Wall clock, milliseconds since the epoch. */
  nowMs(): number;
  /** Monotonic milliseconds, any origin. */
  monotonicMs(): number;
  /** Calls `fire` once after `delayMs` (0 to 2^31−1); the answer cancels it. */
  after(delayMs: number, fire: () => void): () => void;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** error = a person must act; warn = we coped; info = the world changed; debug = why. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** The workflow in force. */
export interface WorkflowSource {
  current(): Workflow;
  /** Looks whether the file has changed without an event; called before each tick. Never rejects. */
  recheck(): Promise<void>;
  /** "" when the last reload was good. */
  reloadError(): string;
  /** When the file was last read well, and when it was last refused (null = never). */
  readAtMs(): { readonly loaded: number; readonly failed: number | null };
}

export interface DaemonParts {
  readonly store: Pick<Store, 'load' | 'apply'> & Partial<Pick<Store, 'findIssue'>>;
  /** Reads; already behind the door that counts them and honours Retry-After. */
  readonly tracker: TrackerAdapter;
  readonly writer: TrackerWriter;
  readonly executor: RunExecutor;
  readonly workflow: WorkflowSource;
  /** One line a problem; [] = dispatch may go on. Never rejects. */
  readonly preflight: () => Promise<readonly string[]>;
  /** Runs `before_remove`, then removes the folder. Rejects with a one-line message. */
  readonly removeWorkspace: (request: {
    readonly issueId: string;
    readonly issueIdentifier: string;
    readonly path: string;
  }) => Promise<void>;
  readonly clock: Clock;
  readonly newUuid: () => string;
  readonly log: Log;
  readonly counters: Counters;
  /** Only for simulations, which plant bugs and look at the state; absent = the core's own. */
  readonly step?: ((state: CoreState, event: Event) => Effect[]) | undefined;
}
