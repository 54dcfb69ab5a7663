// What agents say, on the terminal: of a run that has ended, of one that goes on, over a daemon that is killed, and
// with what agents write that a terminal would obey.

import { existsSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { makeStage, type Stage } from './commands-stage.ts';
import { makeIssue, until } from './program.ts';

let stage: Stage;
afterEach(async () => {
  await stage.close();
});

/** Says something, then waits in its workspace for `go` in the test's folder. */
const waiting = {
  agent: {
    kind: 'command',
    command: String.raw`printf 'hello \033[2Jthere\n'; echo trouble >&2; until [ -f ../../go ]; do sleep 0.05; done; echo goodbye`,
  },
};

it('follows a run until it has ended', { timeout: 180_000 }, async () => {
  stage = await makeStage(waiting, [makeIssue(1)]);
  await stage.start();
  await stage.untilWorking('E2E-1');
  const following = stage.folder.start(['logs', '-f', 'E2E-1']);
  await until('what it said', () => following.stdout().includes('there'));
  expect(following.child.exitCode).toBeNull();
  await stage.folder.write('go', '');
  expect(await following.exit).toEqual({ code: 0, signal: null });
  expect(following.stderr()).toBe('');
  expect(following.stdout()).toMatch(/^\d\d:\d\d:\d\d 1 input {2}Work on E2E-1\.$/m);
  expect(following.stdout()).toMatch(/^\d\d:\d\d:\d\d 1 stdout hello {2}\[2Jthere$/m);
  expect(following.stdout()).toMatch(/^\d\d:\d\d:\d\d 1 stdout goodbye$/m);
  expect(following.stdout()).not.toContain('\u001b');

  await until('the handoff', async () => (await stage.folder.issues())[0]?.state === 'In Review');
  // Now it is past: the same lines, only those of one stream, as JSON, and by the run's id alone.
  expect(await stage.ok('logs', 'e2e-1')).toBe(following.stdout());
  expect(await stage.ok('logs', 'E2E-1', '--stderr')).toMatch(/^\d\d:\d\d:\d\d 1 stderr trouble\n$/);
  const { runs } = await stage.json<{ runs: { run_id: string }[] }>('history');
  const runId = runs[0]?.run_id ?? '';
  const lines = (await stage.ok('logs', '--run', runId, '--json'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; line: string; stream: string });
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
  expect(lines).toContainEqual(expect.objectContaining({ stream: 'stdout', line: 'hello \u001b[2Jthere' }));
  expect(await stage.ok('logs', '-f', '--run', runId)).toBe(following.stdout());
  expect(await stage.refused('logs', '--run', 'no-such-run')).toContain(
    'no transcript of a run "no-such-run"',
  );
  expect(await stage.refused('logs', '-f', '--run', 'no-such-run')).toContain('no transcript of a run');
  expect(await stage.refused('logs')).toBe('args: name an issue, or a run with --run');
  await stage.stop();
});

it('ends when it is told to, and when nobody reads it any more', { timeout: 180_000 }, async () => {
  stage = await makeStage(waiting, [makeIssue(1)]);
  await stage.start();
  await stage.untilWorking('E2E-1');
  const [stopped, unread] = [0, 1].map(() => stage.folder.start(['logs', '-f', 'E2E-1']));
  for (const one of [stopped, unread]) await until('what it said', () => one?.stdout().includes('there'));
  stopped?.child.kill('SIGINT');
  expect(await stopped?.exit).toEqual({ code: 130, signal: null });
  expect(stopped?.stderr()).toBe('');

  unread?.child.stdout?.destroy();
  await stage.folder.write('go', '');
  expect(await unread?.exit).toEqual({ code: 0, signal: null });
  expect(unread?.stderr()).toBe('');
  await stage.stop();
});

it('goes on over a daemon that is killed and started again', { timeout: 180_000 }, async () => {
  stage = await makeStage(waiting, [makeIssue(1)]);
  await stage.start();
  await stage.untilWorking('E2E-1');
  const following = stage.folder.start(['logs', '-f', 'E2E-1']);
  await until('what it said', () => following.stdout().includes('there'));
  await stage.kill();
  await until('the loss to be said', () => following.stderr().includes('no connection: '));
  await stage.folder.write('go', '');
  await stage.start();
  // The run is over with its daemon, which has ended its agent.
  expect(await following.exit).toEqual({ code: 0, signal: null });
  expect(following.stderr().match(/no connection/g)).toHaveLength(1);
  expect(following.stdout().match(/there/g)).toHaveLength(1);
  await until('the next run to be done', async () => (await stage.folder.issues())[0]?.state === 'In Review');
  expect(existsSync(stage.folder.file('go'))).toBe(true);
  await stage.stop();
});
