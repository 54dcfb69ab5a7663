// A comment with a key is written once, however often it is sent, and the file keeps its looks. What failed says whether
// anything was written.
import { expect, it } from 'vitest';
import { systemCalls } from '../../../../adapters/trackers/file/replace-file.ts';
import { failure, never, record, withIssues } from './issues-file.ts';

const key = '3f0c4b1e-5a39-4d7c-9a55-2f0c9a8e7d61';

it('adds it once, under its key', async () => {
  await withIssues([record(1), record(2)], async (file) => {
    const tracker = file.tracker();
    expect(await tracker.findKeyedComment('1', key, never)).toBeNull();
    expect(await tracker.addKeyedComment('1', 'Hello', key, never)).toBe(key);
    const written = file.text();
    expect(await tracker.addKeyedComment('1', 'Hello', key, never)).toBe(key);
    expect(await file.tracker().addKeyedComment('1', 'Hello', key, never)).toBe(key);
    expect(file.text()).toBe(written);
    expect(await file.tracker().findKeyedComment('1', key, never)).toBe(key);
    expect(await tracker.findKeyedComment('2', key, never)).toBeNull();
    expect((await tracker.fetchIssueComments('1', never)).map(({ body }) => body)).toEqual(['Hello']);
  });
});

it('adds it once though it is sent ten times at once, by two trackers', async () => {
  await withIssues([record(1)], async (file) => {
    const trackers = [file.tracker(), file.tracker()].flatMap((one) => Array<typeof one>(5).fill(one));
    await Promise.all(trackers.map((tracker) => tracker.addKeyedComment('1', 'x', key, never)));
    expect((await file.tracker().fetchIssueComments('1', never)).length).toBe(1);
  });
});

it('keeps order, indentation and unknown fields', async () => {
  const text =
    '[\n\t{"zeta": 1, "id": "1", "identifier": "A-1", "title": "T", "state": "To Do", "alpha": [ ]}\n]\n';
  await withIssues(text, async (file) => {
    await file.tracker().addKeyedComment('1', 'Hello', key, never);
    expect(file.text().startsWith('[\n\t{"zeta": 1, "id": "1",')).toBe(true);
    expect(file.text().replace(/, "comments": \[.*\](?=\}\n)/, '')).toBe(text);
  });
});

it('refuses an issue that is not there and a key that is none', async () => {
  await withIssues([record(1)], async (file) => {
    const tracker = file.tracker();
    const gone = await failure(tracker.addKeyedComment('9', 'x', key, never));
    expect([gone.kind, gone.applied]).toEqual(['tracker_not_found', 'no']);
    expect((await failure(tracker.findKeyedComment('9', key, never))).kind).toBe('tracker_not_found');
    expect((await failure(tracker.addKeyedComment('1', 'x', ' ', never))).kind).toBe('tracker_payload_error');
  });
});

const planted = (code: string): Error => Object.assign(new Error(`${code}: planted`), { code });

it('says that nothing was written when the disk is full, and that it is not known when a write in place broke', async () => {
  await withIssues([record(1)], async (file) => {
    const before = file.text();
    const full = file.tracker({
      calls: { ...systemCalls, createTemporary: () => Promise.reject(planted('ENOSPC')) },
    });
    expect((await failure(full.addKeyedComment('1', 'x', key, never))).applied).toBe('no');
    expect(file.text()).toBe(before);
    let syncs = 0;
    const broken = file.tracker({
      calls: {
        ...systemCalls,
        rename: () => {
          throw planted('EBUSY');
        },
        // The first is that of the temporary file.
        sync: (handle) => (++syncs === 1 ? handle.sync() : Promise.reject(planted('EIO'))),
      },
    });
    const error = await failure(broken.addKeyedComment('1', 'x', key, never));
    expect([error.kind, error.applied]).toEqual(['tracker_transport_error', 'unknown']);
    expect(await file.tracker().findKeyedComment('1', key, never)).toBe(key);
  });
});
