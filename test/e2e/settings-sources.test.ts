// Where a setting may come from, seen in what the daemon does: the environment over the .env file over the front
// matter over the default, and flags over all.

import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { baseSettings, freePort, makeFolder, makeIssue, until, type Folder } from './program.ts';

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
  await folder.writeIssues([makeIssue(1), makeIssue(2, { state: 'Ready' }), makeIssue(3, { state: 'Next' })]);
  await folder.writeWorkflow({ ...baseSettings(folder, 'true'), server: { port: 0 } });
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

const candidates = async (args: readonly string[], env: Record<string, string> = {}): Promise<string[]> => {
  const { code, stdout, stderr } = await folder.run(['--dry-run', ...args], env);
  expect(code, stderr).toBe(0);
  return [...stdout.matchAll(/^(\S+)\teligible/gm)].map(([, identifier]) => identifier ?? '');
};

describe('a setting', () => {
  it('is taken from the environment, then the .env file, then the front matter', async () => {
    await folder.write('.env', 'SORTIE_TRACKER_ACTIVE_STATES=Ready\nOTHER=1\n');
    const fromEnvironment = { SORTIE_TRACKER_ACTIVE_STATES: 'Next' };
    expect(await candidates([])).toEqual(['E2E-1']);
    expect(await candidates(['--env-file', '.env'])).toEqual(['E2E-2']);
    expect(await candidates([], { SORTIE_ENV_FILE: folder.file('.env') })).toEqual(['E2E-2']);
    expect(await candidates(['--env-file', '.env'], fromEnvironment)).toEqual(['E2E-3']);
    expect(await candidates(['--env-file', '.env'], { SORTIE_TRACKER_ACTIVE_STATES: '' })).toEqual(['E2E-2']);
  });

  it('is missed with a warning when the .env file is missing', async () => {
    const { code, stderr } = await folder.run(['--dry-run', '--env-file', 'none.env']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: [^\n]*none\.env[^\n]*\n$/);
  });

  it('stops the start when a line of the .env file cannot be read', async () => {
    await folder.write('.env', 'SORTIE_POLLING_INTERVAL_MS=100\nwhat is this\n');
    const { code, stderr } = await folder.run(['--env-file', '.env']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: [^\n]*\.env:2[^\n]*\n$/);
  });
});

describe('the web server', () => {
  let taken: Server;
  let port = '';
  beforeEach(async () => {
    port = await freePort();
    taken = createServer();
    await new Promise<void>((settle) => taken.listen(Number(port), '127.0.0.1', settle));
  });
  afterEach(async () => {
    await new Promise((settle) => taken.close(settle));
  });

  it.each([
    ['by flag', (): [string[], Record<string, string>] => [['--port', port], {}]],
    ['by variable', (): [string[], Record<string, string>] => [[], { SORTIE_SERVER_PORT: port }]],
  ])('ends the program when the port that was asked for %s is taken', async (_name, ask) => {
    const { code, stdout, stderr } = await folder.run(...ask());
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(new RegExp(`^error: config\\.server\\.port: [^\\n]*${port}[^\\n]*$`, 'm'));
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('is missed with a warning when only the default port is taken', async () => {
    const blocker = createServer();
    const blocked = await new Promise<boolean>((settle) => {
      blocker.once('error', () => {
        settle(false);
      });
      blocker.listen(7678, '127.0.0.1', () => {
        settle(true);
      });
    });
    // When somebody else holds the default port, it is just as taken.
    await folder.writeWorkflow(baseSettings(folder, 'true'));
    const program = folder.start([]);
    await until('the start', () => program.stderr().includes('sortie started'));
    expect(program.stderr()).toMatch(/level=WARN [^\n]*7678/);
    await until('work without a server', async () => (await folder.issues())[0]?.state === 'In Review');
    program.child.kill('SIGTERM');
    expect((await program.exit).code).toBe(0);
    if (blocked) await new Promise((settle) => blocker.close(settle));
  });

  it('refuses an address that others can reach without a token', async () => {
    const { code, stderr } = await folder.run(['--host', '0.0.0.0', '--port', await freePort()]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: [^\n]*server\.token[^\n]*\n$/);
  });
});
