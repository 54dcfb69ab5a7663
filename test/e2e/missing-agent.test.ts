// An agent command that is not there: whoever checks the file is warned, the daemon does not start, and a daemon
// whose agent vanishes dispatches nothing, burns no attempt, and goes on as soon as the command exists again.

import { existsSync } from 'node:fs';
import { chmod, rename } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { startDaemon } from './daemon.ts';
import { baseSettings, makeFolder, makeIssue, until, type Folder } from './program.ts';

let folder: Folder | null = null;

afterEach(async () => {
  const left = await folder?.close();
  folder = null;
  expect(left).toEqual([]);
});

async function prepare(): Promise<Folder> {
  folder = await makeFolder();
  await folder.writeIssues([makeIssue(1)]);
  await folder.writeWorkflow(baseSettings(folder, `${folder.file('agent')} --go`));
  return folder;
}

async function install({ file, write }: Folder): Promise<void> {
  await write('agent.tmp', '#!/bin/sh\necho done > work.txt\n');
  await chmod(file('agent.tmp'), 0o755);
  await rename(file('agent.tmp'), file('agent'));
}

it('only warns who validates, and looks into the tracker without it', async () => {
  const { run } = await prepare();
  const validated = await run(['validate', '--format', 'json']);
  expect(JSON.parse(validated.stdout)).toMatchObject({
    valid: true,
    errors: [],
    warnings: [{ severity: 'warning', check: 'agent.command' }],
  });
  expect(validated.code).toBe(0);

  const looked = await run(['--dry-run']);
  expect(looked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^E2E-1\teligible\t/) });
});

it('is a problem to the doctor, who says what an agent reports once it is there', async () => {
  const here = await prepare();
  const ill = await here.run(['doctor']);
  expect(ill.stdout).toMatch(/^problem {2}agent\.command: .*agent/m);
  expect(ill.stdout).toMatch(/^ok {7}candidates: 1 issue/m);
  expect(ill.code).toBe(1);

  await install(here);
  const well = await here.run(['doctor']);
  expect(well.stdout).toMatch(/^ok {7}agent\.command: the agent "command" can be started$/m);
  expect(well.stdout).toMatch(/^ok {7}agent\.usage: tokens are .*; cost is /m);
  expect(well.code).toBe(0);
});

it('keeps the daemon from starting, with all that is wrong at once and nothing touched', async () => {
  const { file, run, writeWorkflow, path } = await prepare();
  const alone = await run(['--port', '0']);
  expect(alone.stderr).toMatch(/^error: agent\.command: \S+WORKFLOW\.md: .*\n$/);
  expect(alone.code).toBe(1);

  const settings = baseSettings({ file } as Folder, `${file('agent')} --go`);
  const tracker = { ...(settings['tracker'] as object), handoff_state: 'Done' };
  await writeWorkflow({ ...settings, tracker, polling: { interval_ms: 'often' } });
  const together = await run(['--port', '0']);
  expect(together.stderr.match(/^\w+: [\w.]+(?=: )/gm)).toEqual([
    'error: config.polling.interval_ms',
    'error: config.tracker.handoff_state',
    'error: agent.command',
  ]);
  expect(together.code).toBe(1);
  expect(existsSync(`${path}/.sortie.db`)).toBe(false);
});

it('stops dispatch when it vanishes, and parks nothing', async () => {
  const here = await prepare();
  await install(here);
  const daemon = await startDaemon(here);
  const stateOf = async (index: number) => (await here.issues())[index]?.state;
  await until('the first handoff', async () => (await stateOf(0)) === 'In Review');

  await rename(here.file('agent'), here.file('gone'));
  await until('a failing preflight', async () => (await daemon.ready()).checks['preflight'] === 'fail');
  await here.writeIssues([...(await here.issues()), makeIssue(2)]);
  await daemon.ticks(3);
  expect(daemon.says(/level=ERROR msg="preflight failed[^\n]*agent/)).toBe(1);
  expect(await daemon.metric('sortie_poll_cycles_total{result="skipped"}')).toBeGreaterThanOrEqual(3);
  expect(await daemon.state()).toMatchObject({ parked: [], counts: { running: 0, retrying: 0 } });
  expect(await daemon.runs('E2E-2')).toEqual([]);

  await install(here);
  await until('the second handoff', async () => (await stateOf(1)) === 'In Review');
  expect(await daemon.ready()).toMatchObject({ httpStatus: 200, checks: { preflight: 'pass' } });
  expect((await daemon.runs('E2E-2')).map(({ attempt }) => attempt)).toEqual([0]);
  await daemon.stop();
});
