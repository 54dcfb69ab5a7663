// `.sortie/` inside of a workspace: `.gitignore` so that it is never committed, and `status`, by which an agent
// tells that it cannot go on, or that nothing has to be done. An agent may have put anything here, so no link is
// ever followed and nothing here may make the daemon wait or read without limit.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { whatIsAt } from './folder-check.ts';
import { readPlainFile } from './read-plain-file.ts';
import { removeTree } from './remove-tree.ts';
import { errorCode, fromFileSystem, refused } from './workspace-error.ts';

/** An honest first line is 18 bytes long. */
const READ_LIMIT_BYTES = 4096;
const SHOWN_LIMIT = 80;

const STATUSES = ['', 'blocked', 'needs-human-review', 'no-change-needed'] as const;

/** "" = the agent said nothing. */
export type AgentStatus = (typeof STATUSES)[number];

export interface FoundStatus {
  readonly status: AgentStatus;
  /** One line for a person when what was there could not be used; null otherwise. */
  readonly warning: string | null;
}

/** Before each run: no status left over, `.gitignore` in place. Rejects with WorkspaceError. */
export async function resetStatusFolder(workspacePath: string): Promise<void> {
  const folder = join(workspacePath, '.sortie');
  try {
    await mkdir(folder).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    const found = await whatIsAt(folder);
    if (found === 'symlink') throw refused(folder, 'is a symbolic link; remove it by hand');
    if (found !== 'folder') throw refused(folder, 'is not a folder; remove it by hand');
    await removeTree(join(folder, 'status'));
    await removeTree(join(folder, '.gitignore'));
    // `wx` refuses to write through whatever may have appeared in between.
    await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    throw fromFileSystem(folder, 'preparing the status folder', error);
  }
}

/** After each turn. Never rejects: what cannot be used is a warning. */
export async function readStatus(workspacePath: string): Promise<FoundStatus> {
  try {
    const folder = await whatIsAt(join(workspacePath, '.sortie'));
    if (folder === 'absent') return { status: '', warning: null };
    if (folder !== 'folder')
      return unusable(`.sortie is ${folder === 'symlink' ? 'a symbolic link' : 'no folder'}`);
    const firstLine = await readFirstLine(join(workspacePath, '.sortie', 'status'));
    const status = STATUSES.find((known) => known === firstLine);
    if (status !== undefined) return { status, warning: null };
    return unusable(
      `.sortie/status says ${JSON.stringify(firstLine.slice(0, SHOWN_LIMIT))}, which means nothing`,
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const detail = errorCode(error) === 'ELOOP' ? 'it is a symbolic link' : why;
    return unusable(`.sortie/status cannot be read: ${detail}`);
  }
}

async function readFirstLine(path: string): Promise<string> {
  const file = await readPlainFile(path, READ_LIMIT_BYTES);
  return (file?.bytes.toString('utf8').split('\n', 1)[0] ?? '').trim();
}

function unusable(warning: string): FoundStatus {
  return { status: '', warning };
}
