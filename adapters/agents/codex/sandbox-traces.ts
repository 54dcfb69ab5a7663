// Codex' sandbox mounts over a few folders of the workspace and makes them when they are not there; after a turn that
// was cancelled they stay behind, empty (0.169). Only what is empty and was not there before is removed.

import { lstat, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

const MOUNT_TARGETS = ['.git', '.codex', '.agents', '.aws'] as const;

/** The mount targets that are not in a workspace. Never rejects. */
export async function missingTargets(workspacePath: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const name of MOUNT_TARGETS) {
    const path = join(workspacePath, name);
    const code = await lstat(path).then(
      () => '',
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (code === 'ENOENT') missing.push(path);
  }
  return missing;
}

/** Never rejects; what holds anything stays, because rmdir refuses it. */
export async function removeEmpty(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rmdir(path).catch(() => undefined);
}
