// Broken edits while the daemon runs: the last good workflow stays in force, running work is left alone, the reason
// is said once in the log and shown on /readyz, and a good edit clears it. The same for the issues file.

import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDaemon, type Daemon } from './daemon.ts';
import { replaceFile } from './saves.ts';
import { baseSettings, makeFolder, makeIssue, until, type Folder } from './program.ts';

let folder: Folder;
let daemon: Daemon;
let settings: Record<string, unknown>;

beforeAll(async () => {
  folder = await makeFolder();
  settings = baseSettings(folder, 'sleep 300');
  await folder.writeIssues([makeIssue(1)]);
  await folder.writeWorkflow(settings);
  daemon = await startDaemon(folder);
  await until('the run', async () => (await daemon.running('E2E-1'))?.phase === 'streaming_turn');
});
afterAll(async () => {
  await daemon.stop();
  expect(await folder.close()).toEqual([]);
});

const session = async (): Promise<string | null | undefined> => (await daemon.running('E2E-1'))?.session_id;

describe('WORKFLOW.md broken by', () => {
  it.each([
    ['bad YAML', '---\ntracker: {kind: file\n---\nhello\n', /WORKFLOW\.md:\d+:\d+/],
    ['a wrong type', '---\ntracker: {kind: file}\npolling: {interval_ms: soon}\n---\nhello\n', /interval_ms/],
    ['half of its front matter', '---\ntracker:\n  kind: file\n', /---/],
    ['a template that does not parse', '---\ntracker: {kind: file}\n---\nhi {{ issue.\n', /WORKFLOW\.md:\d+/],
    ['deletion', null, /WORKFLOW\.md/],
  ])('%s', async (_name, text, place) => {
    const before = await session();
    const said = daemon.says('workflow reload failed');
    if (text === null) await rm(folder.file('WORKFLOW.md'));
    else await replaceFile(folder.file('WORKFLOW.md'), text);
    const ready = await until('the warning', async () => {
      const answer = await daemon.ready();
      return answer.checks['workflow'] === 'warn' ? answer : null;
    });
    await daemon.ticks(3);

    expect(ready.httpStatus).toBe(200);
    expect(ready.reload_error).toMatch(place);
    expect(daemon.says('workflow reload failed')).toBe(said + 1);
    expect(await session()).toBe(before);
    expect((await daemon.state()).reload_error).toBe(ready.reload_error);

    await folder.writeWorkflow(settings);
    await until('it to clear', async () => (await daemon.ready()).checks['workflow'] === 'pass');
    expect((await daemon.ready()).reload_error ?? null).toBeNull();
    expect(await session()).toBe(before);
  });
});

describe('the issues file broken by', () => {
  it.each([
    ['half of its text', '[{"id": "1", "identifier": "E2E-1", "ti', /issues\.json: line 1 column \d+/],
    ['nothing in it', '', /issues\.json/],
    ['no array', '{}', /issues\.json/],
    ['an id that comes twice', JSON.stringify([makeIssue(1), makeIssue(1)]), /issues\.json/],
    ['deletion', null, /issues\.json/],
  ])('%s', async (_name, text, place) => {
    const before = await session();
    const failed = 'reading the tracker failed';
    const heard = daemon.program.stderr().length;
    if (text === null) await rm(folder.file('issues.json'));
    else await replaceFile(folder.file('issues.json'), text);
    await until('the failure', () => daemon.program.stderr().slice(heard).includes(failed));
    await daemon.ticks(3);

    const lines = daemon.program
      .stderr()
      .slice(heard)
      .split('\n')
      .filter((line) => line.includes(failed));
    for (const line of lines) expect(line).toMatch(place);
    for (const line of lines) expect(line).toContain('tracker_payload_error');
    // Once for each thing that was asked, however many ticks pass.
    expect(new Set(lines.map((line) => /operation=(\S+)/.exec(line)?.[1])).size).toBe(lines.length);
    expect(await session()).toBe(before);

    await folder.writeIssues([makeIssue(1)]);
    const errors = await daemon.metric('sortie_poll_cycles_total{result="error"}');
    await daemon.ticks(2);
    expect(await daemon.metric('sortie_poll_cycles_total{result="error"}')).toBeLessThanOrEqual(errors + 1);
    expect(await session()).toBe(before);
  });
});
