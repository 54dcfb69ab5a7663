// How a write reaches the disk: whole or not at all, through links, with its mode, and nothing left beside the file.
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemCalls, type ReplaceCalls } from '../../../../adapters/trackers/file/replace-file.ts';
import { startProgram } from './child-program.ts';
import { failure, never, record, withIssues, type IssuesFile } from './issues-file.ts';

const failing = (code: string) => (): never => {
  throw Object.assign(new Error(`${code}: planted`), { code });
};

const inodeOf = ({ path }: IssuesFile): number => statSync(path).ino;

it('replaces the file in one step and keeps its mode', async () => {
  await withIssues([record(1), record(2)], async (file) => {
    chmodSync(file.path, 0o640);
    const before = inodeOf(file);
    await file.tracker().transitionIssue('2', 'Done', {}, never);
    expect(file.records().map(({ state }) => state)).toEqual(['To Do', 'Done']);
    expect(statSync(file.path).mode & 0o7777).toBe(0o640);
    expect(inodeOf(file)).not.toBe(before);
    expect(file.leftovers()).toEqual([]);
  });
});

it('keeps the owner when it may', async (context) => {
  context.skip(process.getuid?.() !== 0, 'only root may give files away');
  await withIssues([record(1)], async (file) => {
    chownSync(file.path, 1234, 2345);
    await file.tracker().transitionIssue('1', 'Done', {}, never);
    expect(statSync(file.path)).toMatchObject({ uid: 1234, gid: 2345 });
  });
});

it('writes through a symbolic link, which stays one', async () => {
  await withIssues([record(1)], async (file) => {
    const folder = join(file.folder, 'elsewhere');
    mkdirSync(folder);
    const link = join(folder, 'link.json');
    symlinkSync('../issues.json', link);
    await file.tracker({ path: link }).transitionIssue('1', 'Done', {}, never);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(file.records()[0]?.['state']).toBe('Done');
  });
});

it('does not write when the issue is there already, in any case', async () => {
  await withIssues([record(1, { state: 'In Review' })], async (file) => {
    const before = inodeOf(file);
    await file.tracker().transitionIssue('1', 'in review', {}, never);
    expect(inodeOf(file)).toBe(before);
    expect(file.records()[0]?.['state']).toBe('In Review');
  });
});

it('sets updated_at only where there is one', async () => {
  await withIssues([record(1, { updated_at: '2025-01-01' }), record(2)], async (file) => {
    const tracker = file.tracker();
    await tracker.transitionIssue('1', 'Done', {}, never);
    await tracker.addComment('2', 'hello', never);
    expect(file.records()[0]?.['updated_at']).toBe('2026-11-22T10:00:00.000Z');
    expect(file.records()[1]).not.toHaveProperty('updated_at');
  });
});

it('writes comments that survive: quotes, emoji, U+2028, half a surrogate pair', async () => {
  const body = 'a "b" \\ \u2028 \u2029 🎉 \ud83c \u0000 </script>';
  await withIssues([record(1)], async (file) => {
    const tracker = file.tracker();
    const id = await tracker.addComment('1', body, never);
    const comment = { id, author: 'sortie', body, createdAt: '2026-11-22T10:00:00.000Z' };
    expect(await tracker.fetchIssueComments('1', never)).toEqual([comment]);
    expect(await file.tracker().fetchIssueComments('1', never)).toEqual([comment]);
  });
});

it('gives the comment’s id back and refuses a blank state', async () => {
  await withIssues([record(1)], async (file) => {
    const error = await failure(file.tracker().transitionIssue('1', ' ', {}, never));
    expect(error.message).toBe(
      `tracker: tracker_payload_error: transition ${file.path}: issue "1": no state to move to was given`,
    );
  });
});

it.each(['EBUSY', 'EXDEV', 'EPERM'])(
  'writes in place when a rename says %s, as a bind mount does',
  async (code) => {
    await withIssues([record(1, { state: 'A rather long state' })], async (file) => {
      const before = inodeOf(file);
      const tracker = file.tracker({ calls: { ...systemCalls, rename: failing(code) } });
      await tracker.transitionIssue('1', 'Short', {}, never);
      expect(file.records()).toEqual([record(1, { state: 'Short' })]);
      await tracker.transitionIssue('1', 'A much, much longer state', {}, never);
      expect(file.records()).toEqual([record(1, { state: 'A much, much longer state' })]);
      expect(inodeOf(file)).toBe(before);
      expect(file.leftovers()).toEqual([]);
    });
  },
);

it('sees a change by somebody else before it writes in place', async () => {
  await withIssues([record(1)], async (file) => {
    const edited = [record(1), record(2)];
    let once = true;
    const rename = (): never => {
      if (once) file.write(edited);
      once = false;
      return failing('EXDEV')();
    };
    await file.tracker({ calls: { ...systemCalls, rename } }).transitionIssue('1', 'Done', {}, never);
    expect(file.records()).toEqual([record(1, { state: 'Done' }), record(2)]);
  });
});

it.each<[string, Partial<ReplaceCalls>]>([
  ['no space for a temporary file', { createTemporary: failing('ENOSPC') }],
  ['no space at fsync', { sync: () => Promise.resolve().then(failing('ENOSPC')) }],
  ['a failing disk', { rename: failing('EIO') }],
])('changes and leaves nothing when there is %s', async (_, broken) => {
  await withIssues([record(1)], async (file) => {
    const before = file.text();
    const tracker = file.tracker({ calls: { ...systemCalls, ...broken } });
    const error = await failure(tracker.transitionIssue('1', 'Done', {}, never));
    expect(error.kind).toBe('tracker_transport_error');
    expect(error.message).toMatch(/: cannot be written \((?:ENOSPC|EIO)\); /);
    expect(file.text()).toBe(before);
    expect(file.leftovers()).toEqual([]);
  });
});

it('sends no write whose signal fires before the rename', async () => {
  await withIssues([record(1)], async (file) => {
    const before = file.text();
    const controller = new AbortController();
    const sync: ReplaceCalls['sync'] = async (handle) => {
      await handle.sync();
      controller.abort(new Error('cancelled'));
    };
    const tracker = file.tracker({ calls: { ...systemCalls, sync } });
    await expect(tracker.transitionIssue('1', 'Done', {}, controller.signal)).rejects.toThrow('cancelled');
    expect(file.text()).toBe(before);
    expect(file.leftovers()).toEqual([]);
  });
});

it('removes what a killed process left, but not what may still be in use', async () => {
  await withIssues([record(1)], async (file) => {
    const [old, young, foreign] = ['.issues.json.sortie-1.tmp', '.issues.json.sortie-2.tmp', '.other.tmp'];
    for (const name of [old, young, foreign]) writeFileSync(join(file.folder, name ?? ''), '');
    utimesSync(join(file.folder, old ?? ''), 1, 1);
    utimesSync(join(file.folder, foreign ?? ''), 1, 1);
    await file.tracker().transitionIssue('1', 'Done', {}, never);
    expect(file.leftovers().sort()).toEqual([young, foreign].sort());
  });
});

it('without rights: in place in a folder that is not ours, an error for a file that is not', async (context) => {
  context.skip(process.getuid?.() !== 0, 'only root can start a process with fewer rights');
  await withIssues([record(1)], async (file) => {
    chmodSync(file.folder, 0o755);
    const asNobody = async (): Promise<string> => {
      const program = startProgram('transition-program.ts', [file.path, '1'], { uid: 65_534, gid: 65_534 });
      await program.ended;
      return program.lines().join('\n');
    };
    chmodSync(file.path, 0o666);
    expect(await asNobody()).toBe('ok');
    expect(file.records()[0]?.['state']).toBe('xx');
    file.write([record(1)]);
    chmodSync(file.path, 0o644);
    expect(await asNobody()).toMatch(
      /tracker_auth_error: transition .*: cannot be written \(EACCES\); allow/,
    );
    expect(file.records()).toEqual([record(1)]);
    chmodSync(file.path, 0o600);
    expect(await asNobody()).toMatch(/tracker_payload_error: transition .*: permission denied; allow/);
    expect(readFileSync(file.path, 'utf8')).toContain('To Do');
    expect(file.leftovers()).toEqual([]);
  });
});
