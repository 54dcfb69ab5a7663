// People and other programs edit the file while the tracker writes: neither edit is lost.
import { renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemCalls, type ReplaceCalls } from '../../../../adapters/trackers/file/replace-file.ts';
import { startProgram } from './child-program.ts';
import { failure, never, record, withIssues, type IssuesFile } from './issues-file.ts';

/** Edits by somebody else, at the worst moment: our new content is on disk, and about to get its name. */
function editedMeanwhile(edits: readonly (() => void)[]): ReplaceCalls {
  const waiting = [...edits];
  return {
    ...systemCalls,
    async sync(handle) {
      await handle.sync();
      waiting.shift()?.();
    },
  };
}

const inPlace = (file: IssuesFile, from: string, to: string) => (): void => {
  writeFileSync(file.path, file.text().replace(from, to));
};

const byRename = (file: IssuesFile, from: string, to: string) => (): void => {
  const other = join(file.folder, 'edited');
  writeFileSync(other, file.text().replace(from, to));
  renameSync(other, file.path);
};

/** Same length, same inode, same times but ctime. */
const unseen = (file: IssuesFile, from: string, to: string) => (): void => {
  const { atime, mtime } = statSync(file.path);
  inPlace(file, from, to)();
  utimesSync(file.path, atime, mtime);
};

it.each([
  ['in place', inPlace],
  ['by rename', byRename],
  ['in place with the old times', unseen],
])('an edit %s between read and rename stays, and so does ours', async (_, edit) => {
  await withIssues([record(1), record(2)], async (file) => {
    const calls = editedMeanwhile([edit(file, 'Issue 2', 'Title 2'), edit(file, 'Issue 1', 'Title 1')]);
    await file.tracker({ calls }).transitionIssue('1', 'Done', {}, never);
    expect(file.records()).toEqual([
      record(1, { title: 'Title 1', state: 'Done' }),
      record(2, { title: 'Title 2' }),
    ]);
    expect(file.leftovers()).toEqual([]);
  });
});

it('what a person decides between read and rename wins over `from`', async () => {
  await withIssues([record(1)], async (file) => {
    const calls = editedMeanwhile([inPlace(file, 'To Do', 'Cancelled')]);
    const moved = file.tracker({ calls }).transitionIssue('1', 'In Review', { from: ['To Do'] }, never);
    const error = await failure(moved);
    expect(error.kind).toBe('tracker_payload_error');
    expect(error.message).toContain('is in "Cancelled", not in one of: "To Do"');
    expect(file.records()[0]?.['state']).toBe('Cancelled');
  });
});

it('an issue that is removed between read and rename is not found, and does not come back', async () => {
  await withIssues([record(1), record(2)], async (file) => {
    const calls = editedMeanwhile([() => file.write([record(2)])]);
    const error = await failure(file.tracker({ calls }).transitionIssue('1', 'Done', {}, never));
    expect(error.kind).toBe('tracker_not_found');
    expect(file.records()).toEqual([record(2)]);
  });
});

it('a half-written file is waited for, and a broken one is an error in the end', async () => {
  await withIssues('[{"id": "1", "ident', async (file) => {
    const moved = file.tracker().transitionIssue('1', 'Done', {}, never);
    setTimeout(() => file.write([record(1)]), 60);
    await moved;
    expect(file.records()).toEqual([record(1, { state: 'Done' })]);
    file.write('[{"id": "1", "ident');
    expect((await failure(file.tracker().transitionIssue('1', 'To Do', {}, never))).message).toContain(
      'line 1',
    );
    expect(file.text()).toBe('[{"id": "1", "ident');
  });
});

it('gives up on a file that never rests, with an error that is worth a retry', async () => {
  await withIssues([record(1)], async (file) => {
    let edits = 0;
    const sync: ReplaceCalls['sync'] = async (handle) => {
      await handle.sync();
      edits += 1;
      file.write([record(1, { edits })]);
    };
    const error = await failure(
      file.tracker({ calls: { ...systemCalls, sync } }).transitionIssue('1', 'Done', {}, never),
    );
    expect(error.kind).toBe('tracker_transport_error');
    expect(file.records()).toEqual([record(1, { edits })]);
    expect(file.leftovers()).toEqual([]);
  });
});

it('many writers of one process, through several trackers and a link, lose nothing', async () => {
  const count = 30;
  await withIssues(
    Array.from({ length: count }, (_, index) => record(index)),
    async (file) => {
      const trackers = [
        file.tracker(),
        file.tracker(),
        file.tracker({ path: `${file.folder}/./issues.json` }),
      ];
      const jobs = Array.from({ length: count }, async (_, index) => {
        const tracker = trackers[index % trackers.length] ?? file.tracker();
        await Promise.all([
          tracker.transitionIssue(String(index), 'Done', { from: ['To Do'] }, never),
          tracker.addComment(String(index), `comment ${index}`, never),
        ]);
      });
      await Promise.all(jobs);
      for (const { state, comments } of file.records()) {
        expect(state).toBe('Done');
        expect(comments).toHaveLength(1);
      }
    },
  );
});

it('another process that edits in a loop loses none of its edits, nor we ours', async () => {
  const count = 40;
  // Large, so that from read to rename takes longer than the editor waits before it looks again.
  const padding = 'x'.repeat(200_000);
  const records = Array.from({ length: count }, (_, index) =>
    record(index, { description: padding, ...(index === 0 && { note: '000000' }) }),
  );
  await withIssues(records, async (file) => {
    const edits = 60;
    const editor = startProgram('editor-program.ts', [file.path, String(edits)]);
    try {
      await editor.ready;
      const tracker = file.tracker();
      for (let index = 0; index < count; index += 1) {
        await tracker.transitionIssue(String(index), 'Done', { from: ['To Do'] }, never);
      }
      await editor.ended;
      expect(editor.lines()).toEqual([`0 lost of ${edits}`]);
      const note = String(edits).padStart(6, '0');
      expect(file.records()).toEqual(
        records.map((one, index) => ({ ...one, state: 'Done', ...(index === 0 && { note }) })),
      );
      expect(file.leftovers()).toEqual([]);
    } finally {
      editor.child.kill('SIGKILL');
      await editor.ended;
    }
  });
});
