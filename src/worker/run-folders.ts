// The folders that belong to one run alone and are gone when it is over: one for prompt files and the like in the
// daemon's own folder, and a temporary one that the agent and all that it starts gets as TMPDIR. Both lie outside
// of the workspace. Refuses a folder that is there already: in a shared place anybody may have made it. A place for
// temporary files that cannot be used costs no run: then both are in the daemon's own folder.

import { mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../workspace/index.ts';
import type { RunContext } from './run-context.ts';
import { messageOf, RunProblem } from './run-problem.ts';

export interface RunFolders {
  readonly privateDirectory: string;
  /** Absolute real path. */
  readonly temporary: string;
  /** Never rejects: what cannot be removed is a warning. */
  remove(): Promise<void>;
}

/** Named after the run, so that the next daemon knows those of a dead one (src/app/leftovers.ts). */
const TEMPORARY_PREFIX = 'sortie-';

/** Ends with RunProblem `workspace_error`. */
export async function makeRunFolders(run: RunContext): Promise<RunFolders> {
  const { privateRoot, temporaryRoot = tmpdir() } = run.dependencies;
  const { runId } = run.spec;
  const made: string[] = [];
  const make = async (path: string): Promise<string> => {
    await mkdir(path, { mode: 0o700 });
    made.push(path);
    return path;
  };
  const remove = async (): Promise<void> => {
    for (const path of made.splice(0).reverse()) {
      await removeTree(path).catch((error: unknown) =>
        run.warn('private files not removed', messageOf(error)).catch(() => undefined),
      );
    }
  };
  try {
    await mkdir(privateRoot, { recursive: true, mode: 0o700 });
    const privateDirectory = await make(join(privateRoot, runId));
    const makeTemporary = async (): Promise<string> => {
      try {
        return await make(join(await realpath(temporaryRoot), `${TEMPORARY_PREFIX}${runId}`));
      } catch (error) {
        if (codeOf(error) === 'EEXIST') throw error;
        await run.warn(
          `no temporary folder in ${temporaryRoot}; check TMPDIR of the daemon`,
          messageOf(error),
        );
        return await make(await realpath(privateDirectory).then((path) => join(path, 'tmp')));
      }
    };
    return { privateDirectory, temporary: await makeTemporary(), remove };
  } catch (error) {
    await remove();
    throw new RunProblem(
      'workspace_error',
      `the folders of the run could not be made: ${messageOf(error)}`,
      error,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
