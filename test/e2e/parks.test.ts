// What ends a park: a person's change of the issue or of the workflow, and never a write of our own.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type Daemon } from './daemon.ts';
import { baseSettings, makeFolder, makeIssue, until, type Folder } from './program.ts';
import { replaceFile } from './saves.ts';

let folder: Folder;
let daemon: Daemon;
let settings: Record<string, unknown>;
const COMMAND = 'echo blocked > .sortie/status';

beforeAll(async () => {
  folder = await makeFolder();
  const base = baseSettings(folder, COMMAND);
  settings = {
    ...base,
    // Parks of issues that are no candidates are looked at in each 60th tick.
    polling: { interval_ms: 50 },
    tracker: {
      ...(base['tracker'] as object),
      comments: { on_dispatch: true, on_completion: true, on_failure: true },
    },
  };
  await folder.writeIssues([makeIssue(1, { comments: [], updated_at: '2026-01-01T00:00:00Z' })]);
  await folder.writeWorkflow(settings);
  daemon = await startDaemon(folder);
});
afterAll(async () => {
  await daemon.stop();
  expect(await folder.close()).toEqual([]);
});

const runs = async (): Promise<number> => (await daemon.runs('E2E-1')).length;
const parkedAfter = async (count: number): Promise<void> => {
  await until(`park number ${count}`, async () => (await runs()) === count && (await daemon.parked('E2E-1')));
};
async function edit(change: (issue: Record<string, unknown>) => object): Promise<void> {
  const [issue] = await folder.issues();
  await replaceFile(
    folder.file('issues.json'),
    JSON.stringify([{ ...issue, ...change({ ...issue }) }], null, 2),
  );
}

it('lasts over many ticks, whatever we wrote ourselves', async () => {
  await parkedAfter(1);
  await daemon.ticks(8);
  expect(await runs()).toBe(1);
  const [issue] = await folder.issues();
  expect((issue?.['comments'] as unknown[]).length).toBeGreaterThan(0);
});

it.each<[string, (issue: Record<string, unknown>) => object]>([
  ['the title', () => ({ title: 'Another title' })],
  ['a label', () => ({ labels: ['urgent'] })],
  [
    'a comment',
    ({ comments }) => ({
      comments: [
        ...(comments as object[]),
        { id: 'p1', author: 'Ann', body: 'Go', created_at: '2026-02-01T00:00:00Z' },
      ],
      updated_at: '2026-02-01T00:00:00Z',
    }),
  ],
  ['the state', () => ({ state: 'In Progress' })],
])('ends when a person changes %s', async (_what, change) => {
  const before = await runs();
  await edit(change);
  await parkedAfter(before + 1);
  await daemon.ticks(3);
  expect(await runs()).toBe(before + 1);
});

it('ends when the prompt changes, and not when another setting does', async () => {
  const before = await runs();
  await folder.writeWorkflow({ ...settings, polling: { interval_ms: 60 } });
  await until('the reload', () => daemon.says('workflow reloaded') === 1);
  await daemon.ticks(3);
  expect(await runs()).toBe(before);
  await folder.writeWorkflow(settings, 'Now really work on {{ issue.identifier }}.');
  await parkedAfter(before + 1);
});

it('is dropped when the issue leaves the active states', async () => {
  await edit(() => ({ state: 'Backlog' }));
  await until('the park to go', async () => (await daemon.state()).counts.parked === 0);
});
