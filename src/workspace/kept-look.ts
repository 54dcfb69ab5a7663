// What is known of a workspace from runs whose work was never judged, because they failed, were stopped, or the daemon
// died: the next run that ends well must not be told that nothing was done. One file a workspace, beside the owner
// records and not inside of the workspace; it goes with the workspace. Losing it only costs an agent another turn, so
// nothing here rejects.

import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Baseline, Difference } from './evidence.ts';
import type { RepositoryHeads } from './git-heads.ts';
import { OWNERS_FOLDER } from './workspace-key.ts';

/** 200,000 files, twice 8 bytes each, and the branches. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/** What was found so far, by all runs that were not judged. */
export interface CarriedWork extends Difference {
  readonly toolWrites: number;
}

export const NO_WORK: CarriedWork = { commits: [], changes: 0, unknown: null, toolWrites: 0 };

export interface KeptLook {
  /** The workspace when its last run began; null = that run has been looked at since, and is in `carried`. */
  readonly baseline: Baseline | null;
  readonly carried: CarriedWork;
}

/** Replaces what was kept. */
export async function keepLook(workspacePath: string, look: KeptLook): Promise<void> {
  const path = pathOf(workspacePath);
  const temporary = `${path}-${randomUUID()}`;
  try {
    await writeFile(temporary, serialize(look), { flag: 'wx', mode: 0o600 });
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** null = nothing is kept, or nothing that can be used. */
export async function keptLook(workspacePath: string): Promise<KeptLook | null> {
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(pathOf(workspacePath), flags);
    try {
      const { size } = await file.stat();
      if (size > LIMIT_BYTES) return null;
      const value: unknown = deserialize(await file.readFile());
      return isKeptLook(value) ? value : null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

export async function dropLook(workspacePath: string): Promise<void> {
  await rm(pathOf(workspacePath), { force: true }).catch(() => undefined);
}

/** `~` never occurs in a key, so this is never taken for an owner's record. */
function pathOf(workspacePath: string): string {
  return join(dirname(workspacePath), OWNERS_FOLDER, `~look-${basename(workspacePath)}`);
}

function isKeptLook(value: unknown): value is KeptLook {
  if (typeof value !== 'object' || value === null) return false;
  const { baseline, carried } = value as Partial<KeptLook>;
  if (typeof carried !== 'object' || !Array.isArray(carried.commits) || typeof carried.changes !== 'number')
    return false;
  if (baseline === null) return true;
  const { paths, files, repositories } = (baseline ?? {}) as Partial<Baseline>;
  if (!(paths instanceof Float64Array) || !(files instanceof Float64Array)) return false;
  return repositories instanceof Map && [...repositories.values()].every(isRepository);
}

/** Another version of this program may have kept something else. */
function isRepository(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { heads, elsewhere } = value as Partial<RepositoryHeads>;
  return heads instanceof Map && elsewhere instanceof Set;
}
