// Opens the database of a workflow to read it, for commands that need no daemon.

import { resolve } from 'node:path';
import { agents, loadTrackerAdapter, trackers } from '../../adapters/index.ts';
import { openStoreReader, type StoreReader, type TrackerIdentity } from '../store/index.ts';
import { loadWorkflow, trackerContext } from '../workflow/index.ts';
import { problemLine } from './command-line.ts';

export interface OpenedStore {
  readonly store: StoreReader;
  readonly tracker: TrackerIdentity;
}

/** null = the workflow is wrong, and that was said. Throws StoreError. */
export async function openStore({
  workflow,
  envFile,
}: {
  readonly workflow: string;
  readonly envFile?: string;
}): Promise<OpenedStore | null> {
  const loaded = await loadWorkflow({
    path: resolve(workflow),
    env: process.env,
    envFile,
    trackers,
    agents,
    loadTracker: loadTrackerAdapter,
  });
  if (!loaded.ok) {
    const errors = loaded.problems.filter(({ severity }) => severity === 'error');
    for (const problem of errors) process.stderr.write(problemLine(problem));
    return null;
  }
  const { settings } = loaded.workflow;
  const context = trackerContext(loaded.workflow, () => undefined);
  const tracker = { kind: loaded.tracker.kind, identity: loaded.tracker.identity(context) };
  return { store: await openStoreReader({ path: settings.dbPath, tracker }), tracker };
}
