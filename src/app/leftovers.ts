// Nothing of ours may outlive us: what a dead daemon left is ended before anything is started, and what is still
// running when our own time is up is ended before we go.

import { lstat, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunExecutor } from '../contract/index.ts';
import { killLaunched, reapOrphans, runMarks } from '../process/index.ts';
import type { SqliteStore } from '../store/index.ts';
import type { Logger } from '../telemetry/index.ts';
import { removeTree } from '../workspace/index.ts';

/**
 * By recorded process, and by the mark in a process's environment when that run is in this store: also runs of
 * another tracker, because the settings may have named one when the daemon died. Their temporary folders go after them.
 */
export async function endOrphans(
  store: Pick<SqliteStore, 'load' | 'knownRunIds'>,
  graceMs: number,
  log: Logger,
  temporaryRoot: string = tmpdir(),
): Promise<void> {
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
  await removeTemporaryFolders(store, log, temporaryRoot);
}

const TEMPORARY_FOLDER = /^sortie-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** The TMPDIRs of dead runs. Only of runs of this store, and only folders of our own: the place is everybody's. */
async function removeTemporaryFolders(
  store: Pick<SqliteStore, 'knownRunIds'>,
  log: Logger,
  root: string,
): Promise<void> {
  const found = new Map<string, string>();
  for (const name of await readdir(root).catch(() => [])) {
    const runId = TEMPORARY_FOLDER.exec(name)?.[1];
    if (runId !== undefined) found.set(runId, join(root, name));
  }
  const known = await store.knownRunIds([...found.keys()]);
  for (const [runId, path] of found) {
    if (!known.has(runId)) continue;
    try {
      const stats = await lstat(path);
      if (!stats.isDirectory() || stats.uid !== process.getuid?.()) continue;
      await removeTree(path);
      log.info('temporary folder of a dead run removed', { run_id: runId, path });
    } catch (error) {
      log.warn('temporary folder of a dead run not removed', { run_id: runId, path, error });
    }
  }
}

/** After the shutdown deadline, or when the core broke. */
export async function cutOff(executor: RunExecutor, log: Logger): Promise<void> {
  const left = await executor.active();
  if (left.length === 0) return;
  for (const ref of left) await executor.cancel(ref, 'lost');
  log.warn('runs were cut off', { runs: left.length, processes: killLaunched() });
}
