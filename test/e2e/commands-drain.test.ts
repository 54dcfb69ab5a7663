// `drain --wait`: ends with the last run; stopping the waiting takes nothing back; a daemon that restarts meanwhile is
// waited for, because a drain outlives it.

import { afterEach, expect, it } from 'vitest';
import { makeStage, names, type Stage } from './commands-stage.ts';
import { makeIssue, until } from './program.ts';

let stage: Stage;
afterEach(async () => {
  await stage.close();
});

const gated = { agent: { kind: 'command', command: 'until [ -f ../../go ]; do sleep 0.05; done' } };

it('ends with the last run, for whoever waits', { timeout: 180_000 }, async () => {
  stage = await makeStage(gated, [makeIssue(1)]);
  await stage.start();
  await stage.untilWorking('E2E-1');
  const first = stage.folder.start(['drain', '--wait', '--reason', 'new disk']);
  await until('it to wait', () => first.stderr().includes('waiting for the end of 1 run\n'));
  expect(first.stdout()).toBe('dispatch is draining: 1 under way goes on to the end, nothing is started\n');
  first.child.kill('SIGINT');
  expect(await first.exit).toEqual({ code: 130, signal: null });
  expect((await stage.json('status')).dispatch).toMatchObject({ mode: 'draining', drained: false });

  // It was begun already: without --wait that is refused, with it there is still something to wait for.
  expect(await stage.refused('drain')).toMatch(/draining since .*new disk.*resume is possible/);
  const second = stage.folder.start(['drain', '--wait']);
  await until('it to wait', () => second.stderr().includes('waiting for the end of 1 run\n'));
  await stage.folder.writeIssues([makeIssue(1), makeIssue(2)]);
  await stage.folder.write('go', '');
  expect(await second.exit).toEqual({ code: 0, signal: null });
  expect(second.stdout()).toBe('drained: nothing runs any more\n');
  const { dispatch, running } = await stage.json('status');
  expect({ dispatch, running }).toMatchObject({ dispatch: { mode: 'draining', drained: true }, running: [] });
  expect(await stage.explain('E2E-2')).toMatchObject({ verdict: 'draining', ends_on: ['resume'] });
  await stage.stop();
});

it('is waited for over a restart, and is over when somebody resumes', { timeout: 180_000 }, async () => {
  stage = await makeStage(gated, [makeIssue(1)]);
  await stage.start();
  await stage.untilWorking('E2E-1');
  const [patient, ended] = [0, 1].map((index) =>
    stage.folder.start(['drain', '--wait', ...(index === 1 ? ['--url', stage.url] : [])]),
  );
  for (const one of [patient, ended]) {
    await until('both to wait', () => one?.stderr().includes('waiting for the end of 1 run\n'));
  }
  await stage.kill();
  for (const one of [patient, ended]) {
    await until('the loss to be said', () => one?.stderr().includes('no connection: '));
  }
  await stage.start();
  // The interrupted run is not resumed while the daemon drains.
  expect(await patient?.exit).toEqual({ code: 0, signal: null });
  expect(await ended?.exit).toEqual({ code: 0, signal: null });
  expect(names((await stage.json('status')).retrying)).toEqual(['E2E-1']);

  await stage.ok('resume');
  await stage.untilWorking('E2E-1');
  const third = stage.folder.start(['drain', '--wait']);
  await until('it to wait', () => third.stderr().includes('waiting for'));
  await stage.ok('resume');
  expect(await third.exit).toEqual({ code: 1, signal: null });
  expect(third.stderr()).toMatch(/^error: the drain was ended by .*: dispatch is running$/m);
  await stage.stop();
});
