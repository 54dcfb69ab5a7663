// At daemon start: ends what a dead daemon left running. Only processes that can be proven to be ours are
// touched, by a recorded identity that still matches or by a mark that is in our own store.

import type { ProcessIdentity } from './process-identity.ts';

/** What the store knows about runs that a dead daemon left. */
export interface ReapOptions {
  readonly identities: readonly ProcessIdentity[];
  /** Ids of runs in this daemon's own store: marks that are ours. */
  readonly runIds: ReadonlySet<string>;
  readonly graceMs: number;
}

/** Pids that were ended, and pids that outlived SIGKILL or may not be signalled. */
export interface ReapReport {
  readonly ended: readonly number[];
  readonly resisted: readonly number[];
}

/** Ends orphans of earlier daemons. Never rejects because of a single process. */
export function reapOrphans(options: ReapOptions): Promise<ReapReport> {
  throw new Error(`not written yet: ${String(options.graceMs)}`);
}
