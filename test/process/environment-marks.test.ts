// The mark of a process is found at any moment of its life, also while it becomes another program.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { procTable } from '../../src/process/proc-table.ts';

it('a process that becomes another program keeps its mark in between', async (context) => {
  context.skip(!existsSync('/proc/self/stat'), 'marks can only be read from /proc');
  const folder = await mkdtemp(join(tmpdir(), 'sortie-marks-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = join(folder, 'again.sh');
  await writeFile(
    script,
    `n=\${N:-0}; [ "$n" -ge 800 ] && exit 0\nN=$((n+1)); export N; exec sh '${script}'\n`,
  );
  const child = spawn('sh', [script], {
    env: { PATH: process.env['PATH'] ?? '', SORTIE_RUN_ID: 'run-1' },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;

  const entry = (await procTable.list()).find(({ pid }) => pid === child.pid);
  if (entry === undefined) throw new Error('the program is not in the table');
  let asked = 0;
  let missed = 0;
  // A miss counts when the process was there afterwards: at its very end it has no environment any more.
  let unseen = 0;
  while (!hasEnded()) {
    if ((await procTable.markOf(entry)) === 'run-1') {
      asked += 1;
      missed += unseen;
      unseen = 0;
    } else unseen += 1;
    await nextTurn();
  }
  await ended;
  expect(asked).toBeGreaterThan(10);
  expect(missed).toBe(0);
});

it('a process without any environment has no mark', async (context) => {
  context.skip(!existsSync('/proc/self/stat'), 'marks can only be read from /proc');
  const child = spawn('/bin/sleep', ['30'], { env: {}, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const entry = (await procTable.list()).find(({ pid }) => pid === child.pid);
  if (entry === undefined) throw new Error('the program is not in the table');
  expect(await procTable.markOf(entry)).toBeNull();
});
