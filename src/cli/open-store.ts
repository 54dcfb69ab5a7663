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

export interface StorePlace {
  readonly path: string;
  readonly tracker: TrackerIdentity;
}

interface StoreFlags {
  readonly workflow: string;
  readonly envFile?: string;
}

/** null = the workflow is wrong, and that was said. Throws StoreError. */
export async function openStore(flags: StoreFlags): Promise<OpenedStore | null> {
  const place = await findStore(flags);
  return place && { store: await openStoreReader(place), tracker: place.tracker };
}

/** Where it is, or should be; null = the workflow is wrong, and that was said. */
export async function findStore({ workflow, envFile }: StoreFlags): Promise<StorePlace | null> {
  const loaded = await loadWorkflow({
    path: resolve(workflow),
    env: process.env,
    envFile,
    trackers,
    agents,
    loadTracker: loadTrackerAdapter,
    // Who proves the audit need not hold the credentials.
    secretsMayLack: true,
  });
  if (!loaded.ok) {
    const errors = loaded.problems.filter(({ severity }) => severity === 'error');
    for (const problem of errors) process.stderr.write(problemLine(problem));
    return null;
  }
  const { settings } = loaded.workflow;
  const context = trackerContext(loaded.workflow, () => undefined);
  const tracker = { kind: loaded.tracker.kind, identity: loaded.tracker.identity(context) };
  return { path: settings.dbPath, tracker };
}
