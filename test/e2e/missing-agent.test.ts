// An agent command that is not there: the daemon runs and says so, dispatches nothing, burns no attempt, and begins
// as soon as the command exists.

import { chmod, rename } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { startDaemon } from './daemon.ts';
import { baseSettings, makeFolder, makeIssue, until } from './program.ts';

it('waits for its agent command', async () => {
  const folder = await makeFolder();
  await folder.writeIssues([makeIssue(1)]);
  await folder.writeWorkflow(baseSettings(folder, `${folder.file('agent')} --go`));
  const validated = await folder.run(['validate', '--format', 'json']);
  expect(validated.code).toBe(1);
  expect(validated.stdout).toContain('"check": "agent.command"');

  const daemon = await startDaemon(folder);
  await daemon.ticks(3);
  expect(daemon.says(/level=ERROR msg="preflight failed[^\n]*agent/)).toBe(1);
  expect(await daemon.ready()).toMatchObject({ httpStatus: 503, checks: { preflight: 'fail' } });
  expect(await daemon.metric('sortie_poll_cycles_total{result="skipped"}')).toBeGreaterThanOrEqual(3);
  expect(await daemon.runs()).toEqual([]);

  await folder.write('agent.tmp', '#!/bin/sh\nexit 0\n');
  await chmod(folder.file('agent.tmp'), 0o755);
  await rename(folder.file('agent.tmp'), folder.file('agent'));
  await until('the handoff', async () => (await folder.issues())[0]?.state === 'In Review');
  expect(await daemon.ready()).toMatchObject({ httpStatus: 200, checks: { preflight: 'pass' } });
  expect((await daemon.runs()).map(({ attempt }) => attempt)).toEqual([0]);
  await daemon.stop();
  expect(await folder.close()).toEqual([]);
});
