// The prompt as a file, for programs that do not read their stdin. It lies outside of the workspace, where it is
// neither committed nor found by the next run, and only the owner may read it.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const OWNER_ONLY = 0o600;

/** A prompt file that exists. */
export interface PromptFile {
  readonly path: string;
  /** Never throws. */
  remove(): Promise<void>;
}

/** Writes it anew; a file or link of that name is replaced, never followed. */
export async function writePromptFile(directory: string, turn: number, prompt: string): Promise<PromptFile> {
  const path = join(directory, `prompt-turn-${turn}.md`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await rm(path, { force: true });
  await writeFile(path, prompt, { mode: OWNER_ONLY, flag: 'wx' });
  return {
    path,
    async remove() {
      // The whole folder is removed after the run: a file that resists until then is no reason to fail a turn.
      await rm(path, { force: true }).catch(() => undefined);
    },
  };
}
