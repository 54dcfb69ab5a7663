// A database that cannot be had or cannot grow: a second daemon is turned away, garbage is refused, and a full disk
// pauses dispatch until there is room, with nothing lost.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startDaemon } from './daemon.ts';
import { baseSettings, freePort, makeFolder, makeIssue, until, type Folder } from './program.ts';

const CANNOT_MOUNT = 'a small file system cannot be mounted here (not root)';

let folder: Folder;
/** "" = none. */
let mounted = '';
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  if (mounted !== '') execFileSync('umount', ['-l', mounted]);
  mounted = '';
  expect(await folder.close()).toEqual([]);
});

/** 2 MB; null when this process may not mount. */
async function mountDisk(): Promise<string | null> {
  const disk = folder.file('disk');
  await mkdir(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch {
    return null;
  }
  mounted = disk;
  return disk;
}

it('turns a second daemon away, by whatever path it comes, and leaves the first unharmed', async () => {
  await mkdir(folder.file('state'));
  await symlink('state', folder.file('link'));
  await symlink(folder.file('state/db'), folder.file('alias'));
  await folder.writeIssues([makeIssue(1)]);
  await folder.writeWorkflow({ ...baseSettings(folder, 'sleep 300'), db_path: './state/db' });
  const first = await startDaemon(folder);
  await until('the run', async () => (await first.running('E2E-1'))?.phase === 'streaming_turn');
  const session = (await first.running('E2E-1'))?.session_id;

  for (const path of ['state/db', 'link/db', 'alias']) {
    const env = { SORTIE_DB_PATH: folder.file(path) };
    const second = await folder.run(['--port', await freePort()], env);
    expect(second.code, path).toBe(1);
    expect(second.stderr).toMatch(
      /^error: store: [^\n]*state\/db: another daemon owns this database[^\n]*\n$/,
    );
  }
  await first.ticks(2);
  expect((await first.running('E2E-1'))?.session_id).toBe(session);
  await first.stop();
});

it.each([
  ['garbage', (path: string) => writeFile(path, 'this is not a database at all '.repeat(200))],
  ['a folder', (path: string) => mkdir(path)],
])('refuses %s in place of the database, and does not touch it', async (name, put) => {
  await folder.writeIssues([makeIssue(1)]);
  await folder.writeWorkflow(baseSettings(folder, 'true'));
  const path = folder.file('.sortie.db');
  await put(path);
  const before = name === 'garbage' ? readFileSync(path, 'utf8') : '';
  const { code, stdout, stderr } = await folder.run(['--port', await freePort()]);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^error: store: [^\n]*\.sortie\.db[^\n]*\n$/);
  if (name === 'garbage') expect(readFileSync(path, 'utf8')).toBe(before);
  expect((await folder.issues())[0]?.state).toBe('To Do');
});

it('refuses a database that it may not write', async (ctx) => {
  const disk = await mountDisk();
  ctx.skip(disk === null, CANNOT_MOUNT);
  await folder.writeIssues([makeIssue(1)]);
  await folder.writeWorkflow({ ...baseSettings(folder, 'true'), db_path: `${disk}/db` });
  expect((await folder.run(['--until-idle', '--port', '0'])).code).toBe(0);
  execFileSync('mount', ['-o', 'remount,ro', disk ?? '']);
  const { code, stderr } = await folder.run(['--port', await freePort()]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: store: [^\n]*disk\/db[^\n]*\n$/);
});

it(
  'pauses while the disk is full, says so, and goes on when there is room',
  { timeout: 180_000 },
  async (ctx) => {
    const disk = await mountDisk();
    ctx.skip(disk === null, CANNOT_MOUNT);
    const go = folder.file('go');
    await folder.writeIssues([makeIssue(1)]);
    await folder.writeWorkflow({
      ...baseSettings(
        folder,
        `echo $SORTIE_ISSUE_ID >> ${folder.file('starts.txt')}; while [ ! -e ${go} ]; do sleep 0.05; done`,
      ),
      db_path: `${disk}/db`,
    });
    const daemon = await startDaemon(folder);
    await until('the agent', () => existsSync(folder.file('starts.txt')));
    execFileSync('sh', ['-c', `cat /dev/zero > ${disk}/ballast 2>/dev/null || true`]);
    await folder.write('go', '');
    await until(
      'the daemon to say so',
      () => daemon.says(/level=ERROR msg="the store cannot be written/) > 0,
    );
    await folder.writeIssues([makeIssue(1), makeIssue(2)]);
    await daemon.ticks(3);
    expect(await daemon.ready()).toMatchObject({ httpStatus: 503, checks: { database: 'fail' } });
    expect(readFileSync(folder.file('starts.txt'), 'utf8')).toBe('1\n');

    await rm(`${disk}/ballast`);
    await until('both to be handed off', async () =>
      (await folder.issues()).every(({ state }) => state === 'In Review'),
    );
    expect(daemon.says('the store can be written again')).toBe(1);
    expect(await daemon.ready()).toMatchObject({ httpStatus: 200, checks: { database: 'pass' } });
    expect((await daemon.runs()).map(({ issue_identifier, status }) => [issue_identifier, status])).toEqual([
      ['E2E-2', 'succeeded'],
      ['E2E-1', 'succeeded'],
    ]);
    expect(readFileSync(folder.file('starts.txt'), 'utf8')).toBe('1\n2\n');
    await daemon.stop();
  },
);

it('ends in order when its lock file is removed, because a second daemon could now start', async () => {
  await folder.writeIssues([makeIssue(1)]);
  await folder.writeWorkflow(baseSettings(folder, 'sleep 300'));
  const daemon = await startDaemon(folder);
  await until('the run', async () => (await daemon.running('E2E-1'))?.phase === 'streaming_turn');
  await rm(folder.file('.sortie.db.lock'));
  expect(await daemon.program.exit).toEqual({ code: 0, signal: null });
  expect(daemon.says('the lock file of the database was removed or replaced')).toBe(1);
});
