// The block `file:` of WORKFLOW.md, and what it says about where the issues are. No file is written or read here;
// folders' symlinks are followed only to tell whether two paths are one list.
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { TrackerContext } from '../../../src/contract/tracker.ts';

export const fileSettings = z.object({
  path: z
    .string()
    .min(1, 'must name the JSON file of issues')
    .describe('JSON file of issues; relative to the folder of WORKFLOW.md'),
  seed: z
    .string()
    .min(1, 'must name a file, or be left out')
    .describe('file that is copied to file.path when that does not exist')
    .optional(),
});

/** Absolute, as the user named it: error messages show this one. */
export function issuesPath(context: TrackerContext): string {
  return resolve(context.workflowDirectory, fileSettings.parse(context.settings).path);
}

/** Absolute; null when there is no seed. */
export function seedPath(context: TrackerContext): string | null {
  const { seed } = fileSettings.parse(context.settings);
  return seed === undefined ? null : resolve(context.workflowDirectory, seed);
}

/**
 * Which list of issues this is: the file's name in its real folder. The file itself is not followed, because a
 * config map or a deployment swaps the link behind that name, and it stays the same list.
 */
export function placeOf(path: string): string {
  return join(realFolderOf(dirname(path)), basename(path));
}

/** The same before and after a folder is created: what does not exist yet is named through its real parent. */
function realFolderOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realFolderOf(parent), basename(path));
  }
}
