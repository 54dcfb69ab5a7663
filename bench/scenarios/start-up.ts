// How long a person waits: `sortie --version`, and the daemon from its start to the end of its first tick, with a
// new database and with the one of its last run, web server included. All against Node itself, which can do nothing
// in less.

import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, mainPath, startDaemonProcess } from '../daemon-process.ts';
import type { Scenario } from '../sample.ts';
import { makeIssue, writeIssues, writeWorkflow } from '../workflow.ts';

const ROUNDS = 10;
const WARM_UP_ROUNDS = 2;

export const scenario: Scenario = {
  parts: ['both'],
  limitMs: 120_000,
  async measure({ folder, record, defer }) {
    const workflow = await writeWorkflow(folder, {
      command: 'true',
      requiredLabel: 'agent',
      port: await freePort(),
      logLevel: 'debug',
    });
    await writeIssues(
      folder,
      [1, 2, 3].map((number) => makeIssue(number)),
    );
    for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
      const bareMs = await runNode(['-e', '0']);
      const versionMs = await runNode([mainPath, '--version']);
      for (const name of ['.sortie.db', '.sortie.db-wal', '.sortie.db-shm', '.sortie.db.lock']) {
        await rm(join(folder, name), { force: true });
      }
      const newMs = await firstTick(workflow, defer);
      const againMs = await firstTick(workflow, defer);
      if (round <= 0) continue;
      const figures = {
        'start-up: --version': versionMs,
        'start-up: to the first tick, new database': newMs,
        'start-up: to the first tick, known database': againMs,
      };
      for (const [figure, ms] of Object.entries(figures)) {
        record(figure, 'ms', 'ours', ms);
        record(figure, 'ms', 'floor', bareMs);
      }
    }
  },
};

async function runNode(args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const code = await new Promise((resolve, reject) => {
    child.once('exit', resolve).once('error', reject);
  });
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(code)}`);
  return performance.now() - startMs;
}

async function firstTick(
  workflowPath: string,
  defer: (undo: () => Promise<unknown>) => void,
): Promise<number> {
  const startMs = performance.now();
  const daemon = startDaemonProcess(workflowPath);
  defer(() => daemon.stop());
  await daemon.said('tick completed');
  const ms = performance.now() - startMs;
  await daemon.stop();
  return ms;
}
