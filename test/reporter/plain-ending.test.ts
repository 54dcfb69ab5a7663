// Runs vitest itself, as a child process, over small test files, and reads the ending that a person and
// `.ci/run` would read. The files live in a scratch folder that is removed afterwards.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sortie-reporter-'));
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const reporter = join(repository, 'test/reporter/plain-ending.ts');
  const config = { test: { reporters: [reporter], include: ['*.test.ts'] } };
  await writeFile(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};`);
});

afterEach(() => rm(folder, { recursive: true }));

async function endingOf(code: string): Promise<{ exit: number | null; lines: string[] }> {
  await writeFile(join(folder, 'a.test.ts'), `import { beforeEach, it } from 'vitest';\n${code}`);
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, [vitest, 'run'], { cwd: folder }, (_error, stdout) => {
      resolve({ exit: child.exitCode, lines: stdout.trim().split('\n') });
    });
  });
}

it('counts, and names each skipped test with its reason', async () => {
  const { exit, lines } = await endingOf(`
    it('a', () => {});
    it('b', (ctx) => ctx.skip(true, 'no PostgreSQL here'));
    it.skip('c', () => {});
  `);
  expect(lines.slice(-3)).toEqual([
    'skipped: a.test.ts > b: no PostgreSQL here',
    expect.stringMatching(/^skipped: a\.test\.ts > c: no reason given/),
    '1 passed, 0 failed, 2 skipped',
  ]);
  expect(exit).toBe(0);
});

it('takes a reason from a hook too', async () => {
  const { lines } = await endingOf(`
    beforeEach((ctx) => ctx.skip('no Chromium here'));
    it('a', () => { throw new Error('ran'); });
  `);
  expect(lines.slice(-2)).toEqual([
    'skipped: a.test.ts > a: no Chromium here',
    '0 passed, 0 failed, 1 skipped',
  ]);
});

it.each([
  ['a failed test', "it('a', () => { throw new Error('x'); });", '0 passed, 1 failed, 0 skipped'],
  ['a file that cannot be loaded', "throw new Error('x');", '0 passed, 1 failed, 0 skipped'],
  [
    'an error outside of a test',
    "it('a', async () => { void Promise.reject(new Error('x')); await 1; });",
    '1 passed, 1 failed, 0 skipped',
  ],
])('counts %s as a failure', async (_, code, last) => {
  const { exit, lines } = await endingOf(code);
  expect(lines.at(-1)).toBe(last);
  expect(exit).toBe(1);
});
