// From a person's edit to an agent at work: an eligible issue is saved into the file, a refresh is asked for, and
// the agent's first act writes down the time. Against `sh` started by hand, doing the same act. Between the two lie
// the request, the tick, the look by id, the durable rows, the workspace and the prompt.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environment, freePort, startDaemonProcess } from '../daemon-process.ts';
import { sleep, until } from '../pause.ts';
import type { Scenario } from '../sample.ts';
import { makeIssue, writeIssues, writeWorkflow, type FileIssue } from '../workflow.ts';

const ROUNDS = 30;
const WARM_UP_ROUNDS = 5;
const FIGURE = 'dispatch: edit + refresh to agent at work';

export const scenario: Scenario = {
  parts: ['both'],
  limitMs: 120_000,
  async measure({ folder, record, defer }) {
    const stamps = join(folder, 'stamps');
    await mkdir(stamps);
    // GNU date; renamed, so that the stamp is there whole or not at all.
    const act = `date +%s%N > "${stamps}/$SORTIE_ISSUE_ID.new" && mv "${stamps}/$SORTIE_ISSUE_ID.new" "${stamps}/$SORTIE_ISSUE_ID"`;
    const port = await freePort();
    const issuesPath = await writeIssues(folder, []);
    const daemon = startDaemonProcess(await writeWorkflow(folder, { command: act, port, logLevel: 'debug' }));
    defer(() => daemon.stop());
    await daemon.said('tick completed');

    const stampMs = async (id: string): Promise<number> => {
      const path = join(stamps, id);
      await until(`the stamp ${id}`, 20_000, () => existsSync(path));
      return Number(BigInt((await readFile(path, 'utf8')).trim()) / 1_000n) / 1_000;
    };
    for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
      const issue = makeIssue(round + WARM_UP_ROUNDS);
      let startMs = wallMs();
      await addIssue(issuesPath, issue);
      await refresh(port);
      const ours = (await stampMs(issue.id)) - startMs;
      await until('the handoff', 20_000, async () => (await stateOf(issuesPath, issue.id)) === 'In Review');
      await sleep(100);

      const id = `floor-${round}`;
      startMs = wallMs();
      const child = spawn('sh', ['-c', act], {
        stdio: 'ignore',
        env: { ...environment(), SORTIE_ISSUE_ID: id },
      });
      child.unref();
      const floor = (await stampMs(id)) - startMs;
      await sleep(50);
      if (round <= 0) continue;
      record(FIGURE, 'ms', 'ours', ours);
      record(FIGURE, 'ms', 'floor', floor);
    }
  },
};

/** As editors save: a new file under the old name. */
async function addIssue(path: string, issue: FileIssue): Promise<void> {
  const issues = JSON.parse(await readFile(path, 'utf8')) as FileIssue[];
  await writeFile(`${path}~`, `${JSON.stringify([...issues, issue], null, 2)}\n`);
  await rename(`${path}~`, path);
}

async function stateOf(path: string, id: string): Promise<string | undefined> {
  const issues = JSON.parse(await readFile(path, 'utf8')) as FileIssue[];
  return issues.find((issue) => issue.id === id)?.state;
}

async function refresh(port: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (answer.status !== 202) throw new Error(`refresh answered ${answer.status}`);
  await answer.arrayBuffer();
}

/** The wall clock, which `date` reads too, in finer steps than Date.now() gives. */
function wallMs(): number {
  return performance.timeOrigin + performance.now();
}
