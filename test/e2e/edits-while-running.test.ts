// WORKFLOW.md and the issues file are edited while the daemon runs, in every way that editors and deployments save:
// each edit counts from the next tick on.

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { startDaemon, type Daemon } from './daemon.ts';
import { baseSettings, makeFolder, makeIssue, until, type Folder } from './program.ts';
import { SAVES } from './saves.ts';

let folder: Folder;
let daemon: Daemon;
let settings: Record<string, unknown>;

beforeAll(async () => {
  folder = await makeFolder();
  settings = baseSettings(folder, 'cat > prompt.txt');
  await folder.writeIssues([]);
  await folder.writeWorkflow(settings, 'The first prompt.');
  daemon = await startDaemon(folder);
});
afterAll(async () => {
  await daemon.stop();
  expect(await folder.close()).toEqual([]);
});

const workflowText = (front: object, prompt: string): string => `---\n${stringify(front)}---\n${prompt}\n`;
const stateOf = async (identifier: string): Promise<string | undefined> =>
  (await folder.issues()).find((issue) => issue.identifier === identifier)?.state;

describe.each(Object.entries(SAVES))('%s', (name, save) => {
  const number = Object.keys(SAVES).indexOf(name) + 1;
  const identifier = `E2E-${number}`;

  it('brings a new prompt and a new issue', async () => {
    const reloads = daemon.says('workflow reloaded');
    await save(folder.file('WORKFLOW.md'), workflowText(settings, `Prompt by ${name}.`));
    await until('the reload', () => daemon.says('workflow reloaded') === reloads + 1);
    const issues = [...(await folder.issues()), makeIssue(number)];
    await save(folder.file('issues.json'), JSON.stringify(issues, null, 2));

    await until('the handoff', async () => (await stateOf(identifier)) === 'In Review');

    const prompt = await readFile(folder.file(`workspaces/${identifier}/prompt.txt`), 'utf8');
    expect(prompt).toContain(`Prompt by ${name}.`);
    expect(daemon.says('workflow reload failed')).toBe(0);
    expect((await daemon.ready()).checks).toMatchObject({ workflow: 'pass' });
  });
});

describe('an edit of', () => {
  it('the state lists decides what is dispatched next', async () => {
    const reloads = daemon.says('workflow reloaded');
    await folder.writeIssues([makeIssue(20, { state: 'Ready' })]);
    await daemon.ticks(2);
    expect(await stateOf('E2E-20')).toBe('Ready');
    const tracker = { ...(settings['tracker'] as object), active_states: ['Ready'] };
    await folder.writeWorkflow({ ...settings, tracker });
    await until('the handoff', async () => (await stateOf('E2E-20')) === 'In Review');
    expect(daemon.says('workflow reloaded')).toBe(reloads + 1);
  });

  it('the limits counts for the next dispatch', async () => {
    const agent = settings['agent'] as object;
    const command = `while [ ! -e ${folder.file('go')} ]; do sleep 0.05; done`;
    const loads = daemon.says('workflow reloaded');
    await folder.writeWorkflow({ ...settings, agent: { ...agent, command, max_concurrent_agents: 1 } });
    await until('the reload', () => daemon.says('workflow reloaded') > loads);
    await folder.writeIssues([makeIssue(31), makeIssue(32), makeIssue(33)]);
    await until('one run', async () => (await daemon.state()).counts.running === 1);
    await daemon.ticks(2);
    expect((await daemon.state()).counts.running).toBe(1);

    await folder.writeWorkflow({ ...settings, agent: { ...agent, command, max_concurrent_agents: 2 } });
    await until('two runs', async () => (await daemon.state()).counts.running === 2);
    await daemon.ticks(2);
    expect((await daemon.state()).counts.running).toBe(2);
    await folder.write('go', '');
    await until('three handoffs', async () =>
      (await folder.issues()).every(({ state }) => state === 'In Review'),
    );
  });

  it.each([
    ['server', { server: { allowed_hosts: ['box'] } }],
    ['db_path', { db_path: './other.db' }],
    ['unsupported_tracker_kind', { tracker: { kind: 'other' } }],
    ['file.path', { file: { path: './other.json' } }],
  ])('%s says that it waits for a restart', async (key, change: Record<string, object | string>) => {
    const merged = Object.fromEntries(
      Object.entries({ ...settings, ...change }).map(([name, value]) => [
        name,
        typeof value === 'object' ? { ...(settings[name] as object | undefined), ...value } : value,
      ]),
    );
    const heard = daemon.program.stderr().length;
    await folder.writeWorkflow(merged);
    await until(`a warning about ${key}`, () =>
      daemon.program
        .stderr()
        .slice(heard)
        .split('\n')
        .some((line) => /level=(WARN|ERROR)/.test(line) && line.includes(key)),
    );
    // What it has is what it had: the API answers where it did, and issues still come from the old file.
    await folder.writeIssues([makeIssue(40)]);
    await until('the handoff in the old file', async () => (await stateOf('E2E-40')) === 'In Review');
    await folder.writeIssues([]);
    const loads = daemon.says('workflow reloaded');
    await folder.writeWorkflow(settings);
    await until('the reload', () => daemon.says('workflow reloaded') > loads);
    expect((await daemon.ready()).checks['workflow']).toBe('pass');
  });
});

describe('a person who moves a running issue', () => {
  beforeAll(async () => {
    const agent = { ...(settings['agent'] as object), command: 'sleep 300' };
    const loads = daemon.says('workflow reloaded');
    await folder.writeWorkflow({ ...settings, agent });
    await until('the reload', () => daemon.says('workflow reloaded') > loads);
  });
  const running = async (number: number): Promise<void> => {
    await folder.writeIssues([makeIssue(number)]);
    await until('the run', async () => (await daemon.running(`E2E-${number}`))?.phase === 'streaming_turn');
  };
  const exists = (number: number): Promise<boolean> =>
    readFile(folder.file(`workspaces/E2E-${number}/.sortie/.gitignore`)).then(
      () => true,
      () => false,
    );

  it('to a terminal state ends the agent and removes the workspace', async () => {
    await running(50);
    expect(await exists(50)).toBe(true);
    await folder.writeIssues([makeIssue(50, { state: 'Done' })]);
    await until('the folder to go', async () => !(await exists(50)));
    await until('the run to go', async () => (await daemon.state()).counts.running === 0);
    expect((await daemon.runs('E2E-50')).map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('out of the active states ends the agent and keeps the workspace', async () => {
    await running(51);
    await folder.writeIssues([makeIssue(51, { state: 'Backlog' })]);
    await until('the run to go', async () => (await daemon.state()).counts.running === 0);
    await daemon.ticks(1);
    expect(await exists(51)).toBe(true);
    expect((await daemon.runs('E2E-51')).map(({ status }) => status)).toEqual(['cancelled']);
  });
});
