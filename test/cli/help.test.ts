// `sortie --help` and docs/cli.md against the commands that there are.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../src/cli/commands.ts';
import { main as run } from '../../src/cli/run.ts';
import { runCommand } from './run-command.ts';

it('name every command', async () => {
  const { stdout } = await runCommand(run, ['--help']);
  const page = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  for (const name of COMMAND_NAMES) {
    expect(stdout, name).toMatch(new RegExp(`^  (?:\\w+, )?${name}\\b`, 'm'));
    expect(page, name).toMatch(new RegExp(`sortie (?:\\[)?(?:\\w+ \\| )?${name}\\b`));
  }
});
