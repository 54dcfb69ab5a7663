// docs/cli.md against the program itself: each command is listed, each option that its `--help` prints is explained, no
// option is explained that does not exist, and each verdict that an issue can get has its line.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../src/cli/commands.ts';
import { DAEMON_CONTROLS, ISSUE_CONTROLS } from '../../src/contract/controls.ts';
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

/** Those that ask no daemon. */
const OFFLINE = new Set(['run', 'validate', 'doctor', 'stats', 'audit', 'mcp-server']);
/** Those that have commands of their own, each with its `--help`. */
const SUB_COMMANDS: Readonly<Record<string, readonly string[]>> = {
  approvals: ['list', 'show', 'approve', 'reject'],
  audit: ['verify', 'export', 'head'],
};
const WORDS: readonly string[] = [...DAEMON_CONTROLS, ...ISSUE_CONTROLS];
/** In a table that several commands share. */
const SHARED_BY: Readonly<Record<string, readonly string[]>> = {
  '--wait': ['drain'],
  '--reason': [...WORDS, 'refresh'],
  '--yes': WORDS,
};

/** The first cells of the tables of a command's own section, and of those that it shares. */
function explainedFor(command: string): readonly string[] {
  const isOwn = (title: string): boolean =>
    new RegExp(`\\bsortie \\[?${command}\\b`).test(title) ||
    (title.startsWith('Operators') && [...WORDS, 'refresh'].includes(command)) ||
    (title.startsWith('Commands that ask') && !OFFLINE.has(command));
  const cells = page
    .split(/^## /m)
    .filter((section) => isOwn(section.split('\n', 1)[0] ?? ''))
    .flatMap((section) => [...section.matchAll(/^\| ((?:[^|\\]|\\.)*)/gm)].map(([, cell = '']) => cell));
  return optionsIn(cells.join('\n')).filter((option) => SHARED_BY[option]?.includes(command) ?? true);
}

/** The lines of its `--help` that begin with an option. */
async function offeredBy(...words: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [program, ...words, '--help']);
  expect(stdout).toContain('Usage: sortie');
  expect(stderr).toBe('');
  return [...stdout.matchAll(/^ {2}-.*(?:\n {6}.*)*/gm)].join('\n');
}

it.for(Object.entries(SUB_COMMANDS))('names all commands of `sortie %s`', async ([command, words], ctx) => {
  if (notBuilt !== false) ctx.skip(notBuilt);
  const { stdout } = await run(process.execPath, [program, command, '--help']);
  const listed = [...(stdout.split('Commands:\n')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)].map(
    ([, word]) => word,
  );
  expect(listed).toEqual(words);
  for (const word of words) expect(page).toContain(`sortie ${command} ${word}`);
});

it.for(COMMAND_NAMES)('explains the options that `sortie %s` has, and no others', async (command, ctx) => {
  if (notBuilt !== false) ctx.skip(notBuilt);
  const words = SUB_COMMANDS[command] ?? [];
  const own = await offeredBy(command);
  const offered = optionsIn(
    (await Promise.all(words.map((word) => offeredBy(command, word)))).join('\n') + own,
  );
  expect(offered.length).toBeGreaterThan(1);
  // Every command has it; the page says so once.
  const isOther = (option: string): boolean => option !== '--help';
  expect(explainedFor(command).filter(isOther)).toEqual(offered.filter(isOther));
});

it('lists every command, as `sortie --help` does', async (ctx) => {
  if (notBuilt !== false) ctx.skip(notBuilt);
  const { stdout, stderr } = await run(process.execPath, [program, '--help']);
  expect(stderr).toBe('');
  expect(await run(process.execPath, [program, 'help'])).toEqual({ stdout, stderr });
  const listed = /^Commands:\n((?: .*\n)+)/m.exec(stdout)?.[1] ?? '';
  const overview = /^```\n([\s\S]*?)^```/m.exec(page)?.[1] ?? '';
  for (const command of COMMAND_NAMES) {
    expect(listed).toMatch(new RegExp(`^ {2}.*\\b${command}\\b`, 'm'));
    expect(overview).toMatch(new RegExp(`^sortie .*\\b${command}\\b`, 'm'));
  }
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
  const rows = [...page.matchAll(/^\| `([a-z_]+)` \| \S/gm)].map(([, verdict]) => verdict);
  expect(rows.filter((row) => (VERDICTS as readonly (string | undefined)[]).includes(row)).sort()).toEqual(
    [...VERDICTS].sort(),
  );
});
