// A file of issues that is missing, wrong, huge or being written: the daemon says where and goes on with the rest.

import { rm, mkdir, open } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startDaemon, type Daemon } from './daemon.ts';
import { baseSettings, makeFolder, makeIssue, until, type Folder } from './program.ts';
import { replaceFile } from './saves.ts';

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
  await folder.writeWorkflow(baseSettings(folder, 'true'));
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

const handedOff = (daemon: Daemon, identifier: string): Promise<unknown> =>
  until(`${identifier} to be handed off`, async () =>
    (await daemon.runs(identifier)).some(({ status }) => status === 'succeeded'),
  );

it('starts without the file, waits for it, and survives a folder in its place', async () => {
  const daemon = await startDaemon(folder);
  await until('the failure', () => daemon.says(/level=WARN .*issues\.json/) > 0);
  await mkdir(folder.file('issues.json'));
  await until('the other failure', () => daemon.says(/level=WARN .*issues\.json.*folder/) > 0);
  expect((await daemon.ready()).httpStatus).toBe(200);
  await rm(folder.file('issues.json'), { recursive: true });
  await folder.writeIssues([makeIssue(1)]);
  await handedOff(daemon, 'E2E-1');
  await daemon.stop();
});

it('leaves out records that break the rules, says which field of which, and works on the others', async () => {
  await folder.writeIssues([
    makeIssue(1, { labels: null }),
    makeIssue(2, { blocked_by: null }),
    makeIssue(3, { title: '' }),
    makeIssue(4, { identifier: '' }),
    makeIssue(5, { comments: null, priority: 'high' }),
    { id: '6' },
    5 as unknown as object,
    makeIssue(8),
  ]);
  const daemon = await startDaemon(folder);
  await handedOff(daemon, 'E2E-5');
  await handedOff(daemon, 'E2E-8');
  for (const place of [
    /\b0\b.*labels/,
    /\b1\b.*blocked_by/,
    /\b2\b.*title/,
    /\b3\b.*identifier/,
    /\b5\b/,
    /\b6\b/,
  ]) {
    const lines = daemon.program.stderr().split('\n');
    expect(
      lines.filter((line) => line.includes('level=WARN') && place.test(line.slice(30))).length,
    ).toBeGreaterThan(0);
  }
  expect((await daemon.runs()).map(({ issue_identifier }) => issue_identifier).sort()).toEqual([
    'E2E-5',
    'E2E-8',
  ]);
  const said = daemon.says(/level=WARN.*labels/);
  await daemon.ticks(3);
  expect(daemon.says(/level=WARN.*labels/)).toBe(said);
  await daemon.stop();
});

it('reads a file of 10 MB, and a file that is written slowly in place never stops work or loses an issue', async () => {
  const many = Array.from({ length: 5000 }, (_, n) =>
    makeIssue(n + 10, { state: 'Backlog', description: 'x'.repeat(2000) }),
  );
  await replaceFile(folder.file('issues.json'), JSON.stringify([makeIssue(1), ...many]));
  const daemon = await startDaemon(folder);
  await handedOff(daemon, 'E2E-1');

  const base = baseSettings(folder, 'sleep 300');
  await folder.writeWorkflow(base);
  await until('the reload', () => daemon.says('workflow reloaded') === 1);
  await folder.writeIssues([makeIssue(2)]);
  await until('the run', async () => (await daemon.running('E2E-2'))?.phase === 'streaming_turn');
  const before = (await daemon.running('E2E-2'))?.session_id;
  const text = JSON.stringify([makeIssue(2), makeIssue(3)], null, 2);
  const file = await open(folder.file('issues.json'), 'w');
  for (let at = 0; at < text.length; at += Math.ceil(text.length / 5)) {
    await file.write(text.slice(at, at + Math.ceil(text.length / 5)));
    await daemon.ticks(1);
  }
  await file.close();
  await until('the new issue', () => daemon.running('E2E-3'));
  expect((await daemon.running('E2E-2'))?.session_id).toBe(before);
  expect((await daemon.runs()).filter(({ issue_identifier }) => issue_identifier === 'E2E-2')).toMatchObject(
    [],
  );
  await daemon.stop();
});
