// What becomes of the file that the CLI leaves, and of what its tools may have put there instead.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  readUsageLine,
  USAGE_LINE,
  usageFileIn,
} from '../../../../adapters/agents/copilot-cli/usage-file.ts';

const NOTHING = JSON.stringify({ type: USAGE_LINE, usage: null });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sortie-usage-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('makes one line of what the CLI has written', async () => {
  await writeFile(usageFileIn(folder), '{\n  "a": 1\n}\n');
  expect(JSON.parse(await readUsageLine(folder))).toEqual({ type: USAGE_LINE, usage: { a: 1 } });
});

it('says so when there is none', async () => {
  expect(await readUsageLine(folder)).toBe(NOTHING);
});

it('is held up by nothing that a tool put in its place', async () => {
  execFileSync('mkfifo', [usageFileIn(folder)]);
  expect(await readUsageLine(folder)).toBe(NOTHING);
  await rm(usageFileIn(folder));
  await symlink('/dev/zero', usageFileIn(folder));
  expect(await readUsageLine(folder)).toBe(NOTHING);
  await rm(usageFileIn(folder));
  await writeFile(usageFileIn(folder), `${'['.repeat(500_000)}${']'.repeat(500_000)}`);
  expect(await readUsageLine(folder)).toBe(NOTHING);
});
