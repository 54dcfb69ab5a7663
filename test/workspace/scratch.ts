// A folder of its own for each test, by its real path, gone after the test whatever was put into it.

import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const open: string[] = [];

afterEach(() => {
  for (const folder of open.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sortie-test-')));
  open.push(folder);
  return folder;
}

/** File permissions do not bind root, so a test about them has to be somebody else for a while. */
export async function withoutPrivileges(folder: string, work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return await work();
  chmodSync(folder, 0o777);
  process.setegid?.(65534);
  process.seteuid?.(65534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

/** Pids of running processes that have this text in their environment. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readQuietly(`/proc/${pid}/environ`).includes(text) && !isZombie(pid))
    .map(Number);
}

function isZombie(pid: string): boolean {
  return /\) [ZX] /.test(readQuietly(`/proc/${pid}/stat`)) || !existsSync(`/proc/${pid}`);
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
