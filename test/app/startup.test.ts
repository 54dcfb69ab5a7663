// What keeps the program from starting, before anything is touched: all of it at once, errors first.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { agents, trackers } from '../../adapters/index.ts';
import { refuseUnlessStartable, StartupError } from '../../src/app/startup.ts';
import { loadWorkflow, type LoadResult } from '../../src/workflow/index.ts';

const env = { PATH: process.env['PATH'] };

async function refusalOf(loaded: LoadResult): Promise<string[]> {
  try {
    await refuseUnlessStartable(loaded, env);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return error.problems.map(({ severity, check }) => `${severity} ${check}`);
  }
  return [];
}

async function load(more: string, command: string): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sortie-startup-'));
  const path = join(folder, 'WORKFLOW.md');
  const text = `---\ntracker: { kind: file }\nfile: { path: issues.json, seed: seed.json }\nagent: { kind: command, command: "${command}" }\nworkspace: { root: ./w }\n${more}---\nDo it.\n`;
  writeFileSync(path, text);
  writeFileSync(join(folder, 'seed.json'), '[]');
  const loaded = await loadWorkflow({ path, env, trackers, agents });
  onTestFinished(() => {
    const left = readdirSync(folder).sort();
    rmSync(folder, { recursive: true });
    expect(left, 'nothing was touched').toEqual(['WORKFLOW.md', 'seed.json']);
  });
  return loaded;
}

it('lets a good workflow pass, and gives it back', async () => {
  const loaded = await load('unheard_of: 1\n', 'true');
  expect(await refuseUnlessStartable(loaded, env)).toBe(loaded);
});

it('refuses an agent that is not installed in the words of its adapter, with the warnings last', async () => {
  const loaded = await load('unheard_of: 1\n', 'no-such-agent-4711 --go');
  expect(await refusalOf(loaded)).toEqual([
    'error agent.command',
    'warning config.tracker.handoff_state',
    'warning unknown_key',
  ]);
  await expect(refuseUnlessStartable(loaded, env)).rejects.toThrow('no-such-agent-4711');
});

it('tells of the agent together with what is wrong with the file', async () => {
  const loaded = await load('unheard_of: 1\npolling: { interval_ms: 0 }\n', 'no-such-agent-4711');
  expect(await refusalOf(loaded)).toEqual([
    'error config.polling.interval_ms',
    'error agent.command',
    'warning unknown_key',
  ]);
});

it('tells of the agent together with what the tracker cannot do', async () => {
  const loaded = await load('', 'no-such-agent-4711');
  if (!loaded.ok) throw new Error('expected a good load');
  const create = (): never => {
    throw new Error('no tracker today');
  };
  const tracker = { ...loaded.tracker, create };
  expect(await refusalOf({ ...loaded, tracker })).toEqual(['error tracker_adapter', 'error agent.command']);
});
