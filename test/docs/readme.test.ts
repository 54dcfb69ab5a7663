// The README promises two commands and shows one workflow. The commands must be scripts of this package, and
// `sortie validate` must find nothing in the workflow but that its made-up agent is not installed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { agents, loadTrackerAdapter, trackers } from '../../adapters/index.ts';
import { validateWorkflow } from '../../src/workflow/index.ts';
import { fencesIn, read } from './repository-files.ts';

const fences = fencesIn(read('README.md'));
let scratch = '';

afterEach(async () => {
  if (scratch !== '') await rm(scratch, { recursive: true });
  scratch = '';
});

it('gives exactly two commands to start with', () => {
  const start = fences.filter((fence) => fence.startsWith('npm ci'));
  expect(start).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n']);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'build']));
});

it('shows a workflow that is right', async () => {
  const workflow = fences.find((fence) => fence.startsWith('---\n')) ?? '';
  expect(workflow).toContain('handoff_state');
  scratch = await mkdtemp(join(tmpdir(), 'sortie-readme-'));
  const path = join(scratch, 'WORKFLOW.md');
  // Its own workspace root: the one shown is in the home of whoever reads.
  await writeFile(path, workflow.replace('~/sortie/workspaces', join(scratch, 'workspaces')));
  await writeFile(join(scratch, 'issues.json'), '[]');

  const env = { PATH: process.env['PATH'], HOME: scratch, MY_AGENT_API_KEY: 'x' };
  const options = { path, env, envFile: undefined, trackers, agents, loadTracker: loadTrackerAdapter };
  const problems = await validateWorkflow(options);

  expect(problems.filter(({ check }) => check !== 'agent.command')).toEqual([]);
  expect(problems).toEqual([expect.objectContaining({ check: 'agent.command', severity: 'warning' })]);
});
