// One daemon a database: the lock is the kernel's, knows a file by whatever name, and dies with its owner.
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { acquireOwnership, openStore, type Ownership } from '../../src/store/index.ts';
import { startChild } from './child-process.ts';
import { tracker } from './rows.ts';
import { storeFolder } from './store-folder.ts';

async function own(path: string): Promise<Ownership> {
  const ownership = await acquireOwnership(path);
  onTestFinished(() => ownership.release());
  return ownership;
}

test('a second daemon is refused with the name of the file and what to do, until the first is killed', async () => {
  const path = join(storeFolder(), 'sortie.db');
  const first = startChild('child-owns.ts', path);
  await first.untilLines(1);
  expect(first.lines).toEqual(['owned']);

  await expect(acquireOwnership(path)).rejects.toMatchObject({ name: 'StoreError', kind: 'locked' });
  const second = startChild('child-owns.ts', path);
  await second.untilLines(1);
  expect(second.lines[0]).toContain(`locked: ${path}: another daemon owns this database: stop it`);
  expect(second.lines).toHaveLength(1);

  await first.kill();
  await own(path);
});

test('of daemons that start at the same instant exactly one owns the database', async () => {
  const path = join(storeFolder(), 'sortie.db');
  const children = [1, 2, 3].map(() => startChild('child-owns.ts', path));
  await Promise.all(children.map((child) => child.untilLines(1)));
  const said = children.map((child) => child.lines[0]);
  expect(said.filter((line) => line === 'owned')).toHaveLength(1);
  expect(said.filter((line) => line?.startsWith('store: locked: '))).toHaveLength(2);
});

test('another spelling of the same file collides: relative, through a linked folder, a linked file', async () => {
  const folder = storeFolder();
  const path = join(folder, 'sortie.db');
  mkdirSync(join(folder, 'deep'));
  symlinkSync(folder, join(folder, 'deep', 'up'));
  symlinkSync('../sortie.db', join(folder, 'deep', 'alias.db'));
  const ownership = await own(path);
  expect(ownership.path).toBe(path);
  const spellings = [
    relative(process.cwd(), path),
    join(folder, 'deep/up/sortie.db'),
    join(folder, 'deep/alias.db'),
  ];
  for (const spelling of spellings) {
    await expect(acquireOwnership(spelling)).rejects.toMatchObject({ kind: 'locked' });
  }
  writeFileSync(path, '');
  await expect(acquireOwnership(join(folder, 'deep/alias.db'))).rejects.toMatchObject({ kind: 'locked' });
});

test('a refused attempt inside of the owning process does not loosen its lock', async () => {
  const path = join(storeFolder(), 'sortie.db');
  await own(path);
  await expect(acquireOwnership(path)).rejects.toMatchObject({ kind: 'locked' });
  const rival = startChild('child-owns.ts', path);
  await rival.untilLines(1);
  expect(rival.lines[0]).toContain('store: locked: ');
});

test('the owner opens and closes the store as often as it likes and stays the owner', async () => {
  const { path } = await own(join(storeFolder(), 'sortie.db'));
  await (await openStore({ path, tracker })).close();
  await expect(acquireOwnership(path)).rejects.toMatchObject({ kind: 'locked' });
});

test('releasing lets the next one in, twice is once, and the lock file is private', async () => {
  const path = join(storeFolder(), 'sortie.db');
  const first = await acquireOwnership(path);
  expect(statSync(first.lockPath).mode & 0o777).toBe(0o600);
  first.release();
  const second = await own(path);
  first.release();
  await expect(acquireOwnership(path)).rejects.toMatchObject({ kind: 'locked' });
  expect(second.lockPath).toBe(`${path}.lock`);
});

test.for([
  ['', /name a file/],
  [':memory:', /name a file/],
  ['no/such/folder/sortie.db', /folder does not exist: create it/],
] as const)('a database path of %j is refused', async ([path, message]) => {
  await expect(acquireOwnership(path)).rejects.toMatchObject({
    kind: 'unreadable',
    message: expect.stringMatching(message) as string,
  });
});
