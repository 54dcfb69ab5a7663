// docs/cli.md against the program itself: each option that `--help` prints is explained, no option is explained
// that does not exist, and each verdict that an issue can get is listed.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { VERDICTS } from '../../src/contract/snapshot.ts';
import { read, root } from './repository-files.ts';

const run = promisify(execFile);
const program = join(root, 'dist/src/main.js');
const notBuilt = existsSync(program) ? false : 'dist/ is not built (npm run build)';
const page = read('docs/cli.md');

const optionsIn = (text: string): string[] =>
  [
    ...new Set(
      [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*|(?<![\w-])-dumpversion/g)].map(([option]) => option),
    ),
  ].sort();

it('explains the options that there are, and no others', async (ctx) => {
  if (notBuilt !== false) ctx.skip(notBuilt);
  const commands = [['--help'], ['run', '--help'], ['validate', '--help']];
  const helps = await Promise.all(commands.map((args) => run(process.execPath, [program, ...args])));
  for (const { stdout, stderr } of helps) {
    expect(stdout).toContain('Usage:');
    expect(stderr).toBe('');
  }
  const offered = optionsIn(helps.map(({ stdout }) => stdout).join('\n'));
  expect(offered).toContain('--until-idle');
  expect(optionsIn(page)).toEqual(offered);
});

it('answers -V, --version and -dumpversion', async (ctx) => {
  if (notBuilt !== false) ctx.skip(notBuilt);
  const { version } = JSON.parse(read('package.json')) as { version: string };
  for (const option of ['-V', '--version', '-dumpversion']) {
    const { stdout } = await run(process.execPath, [program, option]);
    expect(stdout).toContain(version);
  }
});

it('lists every verdict', () => {
  expect(VERDICTS.filter((verdict) => !page.includes(`\`${verdict}\``))).toEqual([]);
});
