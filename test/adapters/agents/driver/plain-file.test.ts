// Small files in places that an agent can reach: read as they are, or refused at once.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPlainText } from '../../../../adapters/agents/driver/index.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sortie-plain-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('reads a file up to its limit, also through a link', async () => {
  const path = join(folder, 'file');
  await writeFile(path, 'größe');
  await symlink(path, join(folder, 'link'));
  expect(await readPlainText(join(folder, 'link'), 7)).toBe('größe');
  await expect(readPlainText(path, 6)).rejects.toThrow('larger than 6 bytes');
});

it('waits for no pipe, and reads no device without end', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(readPlainText(pipe, 100)).rejects.toThrow('not a plain file');
  await expect(readPlainText('/dev/zero', 100)).rejects.toThrow('not a plain file');
  await expect(readPlainText(folder, 100)).rejects.toThrow('not a plain file');
});

it('says what is missing as the file system does', async () => {
  await expect(readPlainText(join(folder, 'none'), 100)).rejects.toMatchObject({ code: 'ENOENT' });
});
