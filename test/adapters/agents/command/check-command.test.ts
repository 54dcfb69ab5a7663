// The check before any dispatch: it complains about what is plainly missing, and about nothing else.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/command/index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sortie-check-'));
  await writeFile(join(folder, 'my-agent'), '#!/bin/sh\n');
  await chmod(join(folder, 'my-agent'), 0o755);
  await writeFile(join(folder, 'plain-file'), 'text');
});
afterAll(() => rm(folder, { recursive: true }));

const check = (command: string): Promise<string | null> =>
  agent.checkCommand(command.replaceAll('$FOLDER', folder), { PATH: `/nonexistent:${folder}` });

describe('can start', () => {
  it.each([
    'my-agent',
    '  my-agent --flag "a b" < "$SORTIE_PROMPT_FILE" | tee log',
    '$FOLDER/my-agent -x',
    './scripts/agent.sh',
    'cd repo && missing',
    'exec missing',
    'KEY=value missing',
    '"quoted program" x',
    '$AGENT run',
    '~/bin/agent',
    'if true; then missing; fi',
    '{ missing; }',
    '(missing)',
    '[ -f x ] && missing',
    'f() { :; }; f',
    'missing || my-agent',
    'set -e\nmissing',
    '# a comment\nmissing',
    'missing; true',
  ])('as far as can be told: %s', async (command) => {
    expect(await check(command)).toBeNull();
  });

  it('when nothing is known of PATH', async () => {
    expect(await agent.checkCommand('missing', {})).toBeNull();
  });

  it('when PATH has the workspace on it', async () => {
    expect(await agent.checkCommand('missing', { PATH: '/nonexistent::/bin' })).toBeNull();
  });
});

describe('cannot start', () => {
  it.each([
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['missing', '"missing" was not found on PATH'],
    ['missing --flag | tee log', '"missing" was not found on PATH'],
    ['plain-file', '"plain-file" was not found on PATH'],
    ['$FOLDER/plain-file', 'not executable'],
    ['$FOLDER', 'not executable'],
    ['/nonexistent/agent run', 'does not exist'],
  ])('%j', async (command, complaint) => {
    const found = await check(command);
    expect(found).toContain(complaint);
    expect(found).not.toContain('\n');
  });
});
