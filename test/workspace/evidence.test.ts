// What counts as a sign of work in a workspace, and that an agent's repository can neither run nor hold anything up.

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareWorkspace, takeBaseline } from '../../src/workspace/index.ts';
import type { Difference, LookOptions } from '../../src/workspace/index.ts';
import { createRefsAllowance, readRepositoryHeads } from '../../src/workspace/git-heads.ts';
import { scratchFolder, withoutPrivileges } from './scratch.ts';

const NOTHING: Difference = { commits: [], changes: 0, unknown: null };

async function after(folder: string, work: () => void, options: LookOptions = {}): Promise<Difference> {
  const baseline = await takeBaseline(folder, options);
  work();
  return await compareWorkspace(baseline, folder, options);
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.com',
    },
  }).trim();
}

function commit(folder: string, message = 'work'): void {
  git(folder, 'commit', '-q', '--allow-empty', '-m', message);
}

/** A workspace that is a repository with one commit on main. */
function repository(folder = scratchFolder()): string {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q', '-b', 'main');
  writeFileSync(join(folder, 'README'), 'first');
  git(folder, 'add', '.');
  commit(folder, 'first');
  return folder;
}

describe('files', () => {
  function workspace(): string {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
    writeFileSync(join(folder, 'a.txt'), 'one');
    writeFileSync(join(folder, 'src', 'deep', 'b.txt'), 'two');
    return folder;
  }

  const changes: [string, (folder: string) => void, number][] = [
    ['nothing', () => undefined, 0],
    ['a new file', (folder) => writeFileSync(join(folder, 'src', 'new.txt'), ''), 1],
    ['a file with more in it', (folder) => appendFileSync(join(folder, 'src', 'deep', 'b.txt'), '!'), 1],
    ['a file of the same size', (folder) => writeFileSync(join(folder, 'a.txt'), 'eno'), 1],
    ['a file that may be executed now', (folder) => chmodSync(join(folder, 'a.txt'), 0o755), 1],
    ['a file that is gone', (folder) => rmSync(join(folder, 'a.txt')), 1],
    ['a file with another name', (folder) => renameSync(join(folder, 'a.txt'), join(folder, 'c.txt')), 2],
    ['a folder that is gone', (folder) => rmSync(join(folder, 'src'), { recursive: true }), 1],
    ['an empty folder', (folder) => mkdirSync(join(folder, 'empty')), 0],
    ['a new link', (folder) => symlinkSync('/etc/passwd', join(folder, 'link')), 1],
    [
      'a name that is no UTF-8',
      (folder) => writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]), ''),
      1,
    ],
    [
      'what belongs to us and to package managers',
      (folder) => {
        mkdirSync(join(folder, '.sortie'));
        writeFileSync(join(folder, '.sortie', 'status'), 'blocked');
        mkdirSync(join(folder, 'src', 'node_modules'));
        writeFileSync(join(folder, 'src', 'node_modules', 'x.js'), '');
      },
      0,
    ],
  ];

  it.each(changes)('count as changed: %s', async (_, change, count) => {
    const folder = workspace();
    expect(await after(folder, () => change(folder))).toEqual({ ...NOTHING, changes: count });
  });

  it('are told apart by nanoseconds', async () => {
    const folder = workspace();
    utimesSync(join(folder, 'a.txt'), 1000, 1000);
    const work = (): void => utimesSync(join(folder, 'a.txt'), 1000, 1000.001);
    expect((await after(folder, work)).changes).toBe(1);
  });

  it('behind a link are not looked at', async () => {
    const folder = workspace();
    const outside = scratchFolder();
    symlinkSync(outside, join(folder, 'outside'));
    symlinkSync(folder, join(folder, 'src', 'loop'));
    expect(await after(folder, () => writeFileSync(join(outside, 'x'), ''))).toEqual(NOTHING);
  });

  it('can be a pipe, which holds nobody up', async () => {
    const folder = workspace();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    mkdirSync(join(folder, 'sub'));
    execFileSync('mkfifo', [join(folder, 'sub', '.git')]);
    expect(await after(folder, () => undefined)).toEqual(NOTHING);
  });
});

describe('what cannot be looked at', () => {
  it('is said when there are too many entries, and what was not reached is neither new nor gone', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'many'));
    for (let n = 0; n < 200; n += 1) writeFileSync(join(folder, 'many', `f${n}`), '');
    const limits = { entries: 100, timeMs: 10_000 };
    const work = (): void => {
      for (let n = 0; n < 150; n += 1) rmSync(join(folder, 'many', `f${n}`));
    };
    const found = await after(folder, work, { limits });
    expect(found.unknown).toBe('more than 100 entries');
    expect(found.changes).toBeLessThanOrEqual(100);
  });

  it('is said when it takes too long', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'a'), '');
    expect(await after(folder, () => undefined, { limits: { entries: 10, timeMs: -1 } })).toEqual({
      ...NOTHING,
      unknown: 'it took longer than -1 ms',
    });
  });

  it('is said of a folder that may not be read; the rest still counts', async () => {
    const folder = scratchFolder();
    await withoutPrivileges(folder, async () => {
      mkdirSync(join(folder, 'shut'), 0o000);
      expect(await after(folder, () => writeFileSync(join(folder, 'new'), ''))).toEqual({
        commits: [],
        changes: 0,
        unknown: 'a folder cannot be read (EACCES)',
      });
      chmodSync(join(folder, 'shut'), 0o700);
    });
  });

  it('is nothing at all when the workspace is gone', async () => {
    const folder = join(scratchFolder(), 'gone');
    expect(await after(folder, () => undefined)).toEqual(NOTHING);
  });
});

describe('commits', () => {
  it('count on the branch that is checked out', async () => {
    const folder = repository();
    expect(await after(folder, () => commit(folder))).toEqual({ ...NOTHING, commits: ['commit on main'] });
  });

  it('count on a new branch, also after the old one was checked out again', async () => {
    const folder = repository();
    const found = await after(folder, () => {
      git(folder, 'switch', '-q', '-c', 'fix/door');
      commit(folder);
      git(folder, 'switch', '-q', 'main');
    });
    expect(found.commits).toEqual(['commit on fix/door']);
  });

  it('count on a detached HEAD', async () => {
    const folder = repository();
    const found = await after(folder, () => {
      git(folder, 'checkout', '-q', '--detach');
      commit(folder);
    });
    expect(found.commits).toEqual(['commit on a detached HEAD']);
  });

  it('count when all refs were packed meanwhile', async () => {
    const folder = repository();
    const found = await after(folder, () => {
      commit(folder);
      git(folder, 'pack-refs', '--all');
    });
    expect(found.commits).toEqual(['commit on main']);
  });

  it('count in repositories below, and say where', async () => {
    const folder = scratchFolder();
    const inner = repository(join(folder, 'services', 'shop'));
    expect((await after(folder, () => commit(inner))).commits).toEqual(['commit on main in services/shop']);
  });

  it('are not looked for deeper than four folders down', async () => {
    const folder = scratchFolder();
    const near = repository(join(folder, '1', '2', '3', '4'));
    const far = repository(join(folder, 'a', 'b', 'c', 'd', 'e'));
    const found = await after(folder, () => [near, far].forEach((one) => commit(one)));
    expect(found.commits).toEqual(['commit on main in 1/2/3/4']);
  });

  it.each([
    ['checking out a branch that was there', ['switch', '-q', 'other']],
    ['making a branch', ['switch', '-q', '-c', 'new']],
    ['packing refs', ['pack-refs', '--all']],
    ['deleting a branch', ['branch', '-q', '-D', 'other']],
    ['tagging', ['tag', 'v1']],
  ])('are not seen in %s', async (_, args) => {
    const folder = repository();
    git(folder, 'branch', 'other');
    const found = await after(folder, () => git(folder, ...args));
    expect(found.commits).toEqual([]);
  });

  it('are not those that a fetch brings', async () => {
    const origin = repository();
    const folder = scratchFolder();
    git(folder, 'clone', '-q', origin, '.');
    commit(origin);
    expect((await after(folder, () => git(folder, 'fetch', '-q'))).commits).toEqual([]);
  });

  it('are not those of a clone, but those that were made in it, even when they were pushed', async () => {
    const origin = repository();
    git(origin, 'config', 'receive.denyCurrentBranch', 'ignore');
    const folder = scratchFolder();
    const cloned = await after(folder, () => git(folder, 'clone', '-q', origin, 'shop'));
    expect(cloned).toEqual({ ...NOTHING, changes: 1 });
    const other = scratchFolder();
    const worked = await after(other, () => {
      git(other, 'clone', '-q', origin, 'shop');
      commit(join(other, 'shop'));
      git(join(other, 'shop'), 'push', '-q', 'origin', 'main');
    });
    expect(worked.commits).toEqual(['commit on main in shop']);
  });

  it('count in a linked worktree for its own branch only', async () => {
    const main = repository();
    const root = scratchFolder();
    for (const name of ['one', 'two']) git(main, 'worktree', 'add', '-q', '-b', name, join(root, name));
    const two = await takeBaseline(join(root, 'two'));
    const one = await after(join(root, 'one'), () => commit(join(root, 'one')));
    expect(one.commits).toEqual(['commit on one']);
    expect(await compareWorkspace(two, join(root, 'two'))).toEqual(NOTHING);
  });

  it('run nothing that the repository asks for', async () => {
    const folder = repository();
    const trap = join(folder, '.git', 'trap');
    writeFileSync(trap, `#!/bin/sh\ntouch ${join(folder, 'sprung')}\n`, { mode: 0o755 });
    git(folder, 'config', 'core.fsmonitor', trap);
    git(folder, 'config', 'core.pager', trap);
    expect(await after(folder, () => undefined)).toEqual(NOTHING);
  });

  it('are not read through links, pipes or paths that lead out of the refs', async () => {
    const folder = repository();
    const secret = join(scratchFolder(), 'secret');
    writeFileSync(secret, `${'a'.repeat(40)}\n`);
    const found = await after(folder, () => {
      symlinkSync(secret, join(folder, '.git', 'refs', 'heads', 'link'));
      execFileSync('mkfifo', [join(folder, '.git', 'refs', 'heads', 'pipe')]);
      writeFileSync(join(folder, '.git', 'HEAD'), `ref: refs/heads/../../../../${secret}\n`);
      writeFileSync(join(folder, '.git', 'refs', 'heads', 'odd'), 'no object id\n');
    });
    expect(found).toEqual(NOTHING);
  });

  it('are not looked for behind refs that are a link, however much there is', async () => {
    const folder = repository();
    const outside = scratchFolder();
    mkdirSync(join(outside, 'heads'));
    const refs = join(folder, '.git', 'refs');
    const found = await after(folder, () => {
      renameSync(refs, join(folder, '.git', 'old-refs'));
      writeFileSync(join(outside, 'heads', 'main'), `${'a'.repeat(40)}\n`);
      symlinkSync(outside, refs);
    });
    expect(found.commits).toEqual([]);
  });

  it('are found below a name that is no UTF-8', async () => {
    const folder = scratchFolder();
    const inner = repository(join(folder, 'inner'));
    const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff])]);
    const baseline = async (): Promise<Difference> => {
      renameSync(inner, odd);
      const before = await takeBaseline(folder);
      renameSync(odd, inner);
      commit(inner);
      renameSync(inner, odd);
      return await compareWorkspace(before, folder);
    };
    expect((await baseline()).commits).toEqual(['commit on main in ?']);
  });

  it('are not those of a repository, or a branch, that only the second look reached', async () => {
    const folder = scratchFolder();
    const inner = repository(join(folder, 'shop'));
    const blind = await takeBaseline(folder, { limits: { entries: 10_000, timeMs: -1 } });
    expect((await compareWorkspace(blind, folder)).commits).toEqual([]);

    mkdirSync(join(inner, '.git', 'reftable'));
    const without = await takeBaseline(folder);
    rmSync(join(inner, '.git', 'reftable'), { recursive: true });
    expect((await compareWorkspace(without, folder)).commits).toEqual([]);
  });

  it('cost no more time than files may, however many refs there are', async () => {
    const folder = repository();
    const heads = join(folder, '.git', 'refs', 'heads');
    for (let n = 0; n < 50; n += 1) writeFileSync(join(heads, `b${n}`), `${'b'.repeat(40)}\n`);
    let looks = 0;
    const allowance = createRefsAllowance(() => (++looks > 10 ? 'no time' : null));
    const read = await readRepositoryHeads(Buffer.from(folder), allowance);
    expect(read).toMatchObject({ problem: 'no time' });
    expect(read?.heads.size).toBeLessThan(12);
  });

  it('are not known where branches are kept in a reftable', async () => {
    const folder = repository();
    mkdirSync(join(folder, '.git', 'reftable'));
    expect((await after(folder, () => undefined)).unknown).toMatch(/reftable/);
  });
});
