// Nothing of ours may outlive us: what a dead daemon left is ended before anything is started, and what is still
// running when our own time is up is ended before we go.

import type { RunExecutor } from '../contract/index.ts';
import { killLaunched, reapOrphans, runMarks } from '../process/index.ts';
import type { SqliteStore } from '../store/index.ts';
import type { Logger } from '../telemetry/index.ts';

/**
 * By recorded process, and by the mark in a process's environment when that run is in this store: also runs of
 * another tracker, because the settings may have named one when the daemon died.
 */
export async function endOrphans(store: SqliteStore, graceMs: number, log: Logger): Promise<void> {
  const { openRuns } = await store.load();
  if (openRuns.length > 0) log.info('ending what the last daemon left running', { runs: openRuns.length });
  const marks = await runMarks();
  const known = await store.knownRunIds([...marks]);
  const report = await reapOrphans({
    identities: openRuns.flatMap(({ processes }) => processes),
    runIds: new Set([...known, ...openRuns.map(({ runId }) => runId)]),
    graceMs,
  });
  if (report.ended.length > 0) log.info('orphaned processes ended', { pids: report.ended.join(',') });
  if (report.resisted.length > 0) {
    log.error('orphaned processes could not be ended', { pids: report.resisted.join(',') });
  }
}

/** After the shutdown deadline, or when the core broke. */
export async function cutOff(executor: RunExecutor, log: Logger): Promise<void> {
  const left = await executor.active();
  if (left.length === 0) return;
  for (const ref of left) await executor.cancel(ref, 'lost');
  log.warn('runs were cut off', { runs: left.length, processes: killLaunched() });
}
