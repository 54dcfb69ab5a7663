// The sample adapter of examples/tracker-markdown, brought in as a third party's is, keeps every rule of the suite.
import { mkdir, mkdtemp, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadTrackerAdapter } from '../../../adapters/index.ts';
import { trackerConformance, type TrackerWorld, type WorldIssue } from '../../conformance/index.ts';
import { contextFor } from './world-over-files.ts';

const example = fileURLToPath(new URL('../../../examples/tracker-markdown', import.meta.url));

const world: TrackerWorld = {
  async open(setup) {
    const registration = await loadTrackerAdapter('./tracker.mjs', example, 'markdown');
    const home = await mkdtemp(join(tmpdir(), 'sortie-markdown-world-'));
    const folder = join(home, 'issues');
    const names = new Map(setup.issues.map(({ id, identifier }) => [id, join(folder, `${identifier}.md`)]));
    const pathOf = (id: string): string => names.get(id) ?? join(folder, 'none.md');
    await mkdir(folder);
    for (const issue of setup.issues) {
      await writeFile(pathOf(issue.id), textOf(issue));
      const lines = issue.comments.map((comment) => `${JSON.stringify(comment)}\n`);
      if (lines.length > 0)
        await writeFile(pathOf(issue.id).replace(/md$/, 'comments.jsonl'), lines.join(''));
    }
    return {
      registration,
      adapter: registration.create(contextFor(registration, home, { folder: 'issues' }, setup)),
      async setState(id, state) {
        const text = await readFile(pathOf(id), 'utf8');
        await writeFile(pathOf(id), text.replace(/^state: .*$/m, `state: ${state}`));
      },
      removeIssue: (id) => unlink(pathOf(id)),
      stateOf: async (id) => /^state: (.*)$/m.exec(await readFile(pathOf(id), 'utf8'))?.[1] ?? '',
      fail: () => rename(folder, `${folder}-away`),
      heal: () => rename(`${folder}-away`, folder),
      unreachableStateOf: () => null,
      close: () => rm(home, { recursive: true, force: true }),
    };
  },
};

for (const { name, run } of trackerConformance(world)) it(name, run);

it('shows its demo issues', async () => {
  const registration = await loadTrackerAdapter('./tracker.mjs', example);
  const setup = { activeStates: registration.defaultActiveStates, terminalStates: [] };
  const adapter = registration.create(contextFor(registration, example, { folder: './issues' }, setup));
  const issues = await adapter.fetchCandidateIssues(new AbortController().signal);
  expect(issues.map(({ identifier }) => identifier).sort()).toEqual(['DEMO-1', 'DEMO-2']);
});

function textOf(issue: WorldIssue): string {
  const blockers = issue.blockedBy.map(({ id, identifier, state }) => `${id} ${identifier} ${state}`);
  const header = [
    `id: ${issue.id}`,
    `title: ${issue.title}`,
    `state: ${issue.state}`,
    `priority: ${issue.priority ?? ''}`,
    `labels: ${issue.labels.join(', ')}`,
    `blocked_by: ${blockers.join(', ')}`,
    `created_at: ${issue.createdAt}`,
  ];
  return `---\n${header.join('\n')}\n---\n${issue.description}\n`;
}
