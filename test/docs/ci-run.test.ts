// `.ci/run` itself, with stand-ins for npm and npx: it must never be green when something failed, and its last
// line must always be the counts. The real tools run in CI; here only what the script makes of their answers.
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from './repository-files.ts';

let scratch = '';

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sortie-ci-'));
  await mkdir(join(scratch, '.ci'));
  await mkdir(join(scratch, 'bin'));
  await copyFile(join(root, '.ci/run'), join(scratch, '.ci/run'));
});

afterEach(() => rm(scratch, { recursive: true }));

/** `bodies`: a shell script each for `npm ci`, `npm run lint`, …; what is not named succeeds in silence. */
async function runCi(
  bodies: Readonly<Record<string, string>>,
): Promise<{ exit: number | null; last: string }> {
  const cases = Object.entries(bodies).map(([call, body]) => `  "${call}"*) ${body} ;;`);
  const script = [
    '#!/bin/bash',
    'case "$(basename "$0") $*" in',
    ...cases,
    '  *) exit 0 ;;',
    'esac',
    '',
  ].join('\n');
  for (const name of ['npm', 'npx', 'chromium', 'promtool']) {
    await writeFile(join(scratch, 'bin', name), script);
    await chmod(join(scratch, 'bin', name), 0o755);
  }
  const env = { PATH: `${join(scratch, 'bin')}:${process.env['PATH'] ?? ''}`, NODE_ENV: 'production' };
  return await new Promise((resolve) => {
    const child = execFile(join(scratch, '.ci/run'), { cwd: '/', env }, (_error, stdout) => {
      resolve({ exit: child.exitCode, last: stdout.trimEnd().split('\n').at(-1) ?? '' });
    });
  });
}

const green = 'echo "12 passed, 0 failed, 0 skipped"';

it('is green when everything is, and keeps quiet about no skips', async () => {
  expect(await runCi({ 'npm test': green })).toEqual({ exit: 0, last: '12 passed, 0 failed' });
});

it('says how many were skipped', async () => {
  const answer = await runCi({ 'npm test': 'echo "12 passed, 0 failed, 3 skipped"' });
  expect(answer).toEqual({ exit: 0, last: '12 passed, 0 failed, 3 skipped' });
});

it.each([
  ['a failed test', { 'npm test': 'echo "11 passed, 1 failed, 0 skipped"; exit 1' }, '11 passed, 1 failed'],
  ['a leak after green tests', { 'npm test': `${green}; exit 1` }, '12 passed, 1 failed'],
  ['lint', { 'npm run --silent lint': 'exit 1', 'npm test': green }, '12 passed, 1 failed'],
  ['types', { 'npm run --silent typecheck': 'exit 2', 'npm test': green }, '12 passed, 1 failed'],
  ['a forbidden arrow', { npx: 'exit 1', 'npm test': green }, '12 passed, 1 failed'],
  [
    'lint and types',
    { 'npm run --silent lint': 'exit 1', 'npm run --silent typecheck': 'exit 1', 'npm test': green },
    '12 passed, 2 failed',
  ],
  ['a run that broke off', { 'npm test': 'exit 137' }, '0 passed, 1 failed'],
  ['a run that says nothing', { 'npm test': 'exit 0' }, '0 passed, 1 failed'],
  ['npm ci', { 'npm ci': 'exit 1', 'npm test': green }, '0 passed, 1 failed'],
  ['the build', { 'npm run --silent build': 'exit 1', 'npm test': green }, '0 passed, 1 failed'],
])('is red after %s', async (_, bodies, last) => {
  expect(await runCi(bodies)).toEqual({ exit: 1, last });
});

it('installs the tools although NODE_ENV says production', async () => {
  const seen = join(scratch, 'seen');
  await runCi({ 'npm ci': `echo "\${NODE_ENV-unset} $*" > ${seen}`, 'npm test': green });
  expect(await readFile(seen, 'utf8')).toMatch(/^unset .*--include=dev/);
});
