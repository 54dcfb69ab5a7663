// The watcher, with real files: every way in which editors save is seen, other files are not, and what breaks
// the watch never breaks the daemon. Waits are polls with a deadline.
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import {
  loadWorkflow,
  watchWorkflow,
  type WatchOptions,
  type WorkflowWatcher,
} from '../../src/workflow/index.ts';
import { minimal, newFolder, optionsFor } from './workflow-file.ts';

const open: WorkflowWatcher[] = [];

afterEach(() => {
  for (const watcher of open.splice(0)) watcher.close();
});

interface Watched {
  readonly path: string;
  readonly folder: string;
  readonly calls: () => number;
  readonly errors: string[];
  readonly watcher: WorkflowWatcher;
}

function watched(folder = newFolder(), options: Partial<WatchOptions> = {}): Watched {
  const path = join(folder, 'WORKFLOW.md');
  writeFileSync(path, 'one');
  let calls = 0;
  const errors: string[] = [];
  const watcher = watchWorkflow({
    path,
    debounceMs: 20,
    retryMs: 50,
    onChange: () => (calls += 1),
    onError: ({ message }) => errors.push(message),
    ...options,
  });
  open.push(watcher);
  return { path, folder, calls: () => calls, errors, watcher };
}

function newFolderBelow(): string {
  const folder = join(newFolder(), 'below');
  mkdirSync(folder);
  return folder;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 45_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await wait(10);
  }
}

/** Until every event that is on its way has come: inotify is ordered, so a last event of our own ends it. */
async function settled(of: Watched): Promise<number> {
  const before = of.calls();
  writeFileSync(join(of.folder, 'last'), 'x');
  renameSync(join(of.folder, 'last'), of.path);
  await until('the last event came', () => of.calls() > before);
  return of.calls();
}

it.each<[string, (path: string, folder: string) => void]>([
  ['a write in place', (path) => writeFileSync(path, 'two')],
  ['an appended line', (path) => appendFileSync(path, 'two')],
  [
    'an atomic rename',
    (path) => {
      writeFileSync(`${path}.tmp`, 'two');
      renameSync(`${path}.tmp`, path);
    },
  ],
  [
    "vim's save with a backup",
    (path) => {
      renameSync(path, `${path}~`);
      writeFileSync(path, 'two');
      unlinkSync(`${path}~`);
    },
  ],
  ['a deletion', (path) => unlinkSync(path)],
  [
    'a swapped symlink beside it',
    (path, folder) => {
      writeFileSync(join(folder, 'target'), 'two');
      symlinkSync('target', join(folder, 'link'));
      renameSync(join(folder, 'link'), path);
    },
  ],
])('sees %s, and again the next one', async (_name, save) => {
  const one = watched();
  save(one.path, one.folder);
  await until('the change was seen', () => one.calls() > 0);
  const before = await settled(one);
  save(one.path, one.folder);
  await until('the second change was seen', () => one.calls() > before);
  expect(one.errors).toEqual([]);
});

it('makes one call of a burst', async () => {
  const due: (() => void)[] = [];
  let cancelled = 0;
  const timers = {
    after: (_delayMs: number, run: () => void) => {
      due.push(run);
      return () => (cancelled += 1);
    },
  };
  const one = watched(newFolder(), { timers });
  for (let round = 0; round < 5; round += 1) {
    appendFileSync(one.path, 'x');
    await until('the event came', () => due.length > round);
  }
  expect(one.calls()).toBe(0);
  expect(cancelled).toBe(due.length - 1);
  due.at(-1)?.();
  expect(one.calls()).toBe(1);
});

it('takes no notice of other files of the folder', async () => {
  let events = 0;
  const timers = {
    after: () => {
      events += 1;
      return () => {};
    },
  };
  const one = watched(newFolder(), { timers });
  for (const name of ['other.md', 'WORKFLOW.md.swp', '.WORKFLOW.md', 'workflow.md', 'x-WORKFLOW.md']) {
    writeFileSync(join(one.folder, name), 'x');
  }
  writeFileSync(join(one.folder, 'last'), 'x');
  // Events come in order, so those of the other files would have come before this one.
  renameSync(join(one.folder, 'last'), one.path);
  await until('the last event came', () => events > 0);
  expect(events).toBeLessThanOrEqual(2);
});

it('goes on when the folder is removed and made again', async () => {
  const one = watched(newFolderBelow());
  rmSync(one.folder, { recursive: true });
  await until('the end of the folder was seen', () => one.errors.length > 0);
  const before = one.calls();
  mkdirSync(one.folder);
  await until('its return was seen', () => one.calls() > before);
  const again = one.calls();
  writeFileSync(one.path, 'new');
  await until('the new file was seen', () => one.calls() > again);
});

it('calls no more once it is closed, not even for what was on its way', async () => {
  const one = watched();
  const other = watched(one.folder);
  writeFileSync(one.path, 'two');
  one.watcher.close();
  await until('somebody else saw it', () => other.calls() > 0);
  expect(one.calls()).toBe(0);
});

it('says once that there is no folder, and watches it when it is there again', async () => {
  const folder = join(newFolder(), 'later');
  mkdirSync(folder);
  const path = join(folder, 'WORKFLOW.md');
  rmSync(folder, { recursive: true });
  let calls = 0;
  let errors = 0;
  const watcher = watchWorkflow({
    path,
    debounceMs: 5,
    retryMs: 10,
    onChange: () => (calls += 1),
    onError: () => (errors += 1),
  });
  open.push(watcher);
  await wait(60);
  expect(errors).toBe(1);
  mkdirSync(folder);
  await until('the return was noticed', () => calls > 0);
  const before = calls;
  writeFileSync(path, 'new');
  await until('the new file was seen', () => calls > before);
});

it('survives a callback that throws', async () => {
  let calls = 0;
  const one = watched(newFolder(), {
    onChange: () => {
      calls += 1;
      throw new Error('the reload broke');
    },
  });
  writeFileSync(one.path, 'two');
  await until('it was called', () => calls === 1);
  writeFileSync(one.path, 'three');
  await until('it was called again', () => calls === 2);
  expect(one.errors).toEqual(['the reload broke']);
});

it("shows a config map's swap by the content hash, though no event names the file", async () => {
  const options = optionsFor({});
  const mount = join(options.folder, 'mount');
  for (const [data, turns] of [
    ['..data1', 3],
    ['..data2', 4],
  ] as const) {
    mkdirSync(join(mount, data), { recursive: true });
    writeFileSync(join(mount, data, 'WORKFLOW.md'), `---\n${minimal}  max_turns: ${turns}\n---\nx\n`);
  }
  symlinkSync('..data1', join(mount, '..data'));
  symlinkSync('..data/WORKFLOW.md', join(mount, 'WORKFLOW.md'));
  const load = async (): Promise<[number, string]> => {
    const result = await loadWorkflow({ ...options, path: join(mount, 'WORKFLOW.md') });
    if (!result.ok) throw new Error('expected a good load');
    return [result.workflow.settings.agent.maxTurns, result.workflow.contentHash];
  };
  const [before, firstHash] = await load();
  symlinkSync('..data2', join(mount, '..data_tmp'));
  renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
  const [after, secondHash] = await load();
  expect([before, after]).toEqual([3, 4]);
  expect(secondHash).not.toBe(firstHash);
  copyFileSync(join(mount, '..data1/WORKFLOW.md'), join(mount, '..data2/WORKFLOW.md'));
  expect((await load())[1]).toBe(firstHash);
});
