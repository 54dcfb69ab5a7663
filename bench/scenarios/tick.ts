// A tick over 10,000 issues in a file, against reading and parsing that file: the least that a tick must do. In
// three situations: nothing may run; all but one wait for a slot of their state, so that they are sorted; all
// slots are taken. And once with a file that has not changed, which is what most ticks of a quiet day meet.

import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startDaemonHere } from '../daemon-here.ts';
import { sleep } from '../pause.ts';
import type { Bench, Scenario, Side } from '../sample.ts';
import { makeIssue, writeIssues, writeWorkflow, type FileIssue, type WorkflowFacts } from '../workflow.ts';

const ISSUES = 10_000;
const ROUNDS = 20;
const WARM_UP_ROUNDS = 5;

export const scenario: Scenario = {
  parts: ['both'],
  limitMs: 120_000,
  async measure(bench) {
    const none = many((number) =>
      number % 2 === 0
        ? { labels: ['agent'], blocked_by: [{ id: '', identifier: 'BENCH-1', state: '' }] }
        : {},
    );
    const waiting = many((number) => ({ labels: ['agent'], priority: number % 5 }));
    const asleep = { command: 'exec sleep 600', requiredLabel: 'agent' };
    await measureTicks(bench, 'nothing eligible', none, asleep, true);
    await measureTicks(bench, 'nothing eligible, file unchanged', none, asleep, false);
    await measureTicks(bench, 'one state full', waiting, { ...asleep, slotsOfToDo: 1 }, true);
    await measureTicks(bench, 'all slots taken', waiting, { ...asleep, slots: 3 }, true);
  },
};

async function measureTicks(
  bench: Bench,
  situation: string,
  issues: FileIssue[],
  facts: WorkflowFacts,
  changing: boolean,
): Promise<void> {
  const undos: (() => Promise<unknown>)[] = [];
  const own: Bench = { ...bench, defer: (undo) => undos.push(undo) };
  bench.defer(async () => {
    for (const undo of undos.splice(0)) await undo();
  });
  const workflowPath = await writeWorkflow(bench.folder, facts);
  const path = await writeIssues(bench.folder, issues);
  const daemon = await startDaemonHere(own, workflowPath);
  await sleep(500);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const sides: Readonly<Record<Side, () => Promise<number>>> = {
    ours: () => daemon.tick(),
    floor: () => readAndParse(path),
  };
  for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
    if (changing) {
      issues[0] = makeIssue(0, { ...issues[0], updated_at: new Date(round * 1_000).toISOString() });
      await writeIssues(bench.folder, issues);
    }
    for (const side of ['ours', 'floor'] as const) {
      await sleep(20);
      delay.reset();
      delay.enable();
      const ms = await sides[side]();
      await sleep(5);
      delay.disable();
      if (round <= 0) continue;
      bench.record(`tick, ${situation}`, 'ms', side, ms);
      bench.record(`tick, ${situation}: longest hold of the loop`, 'ms', side, delay.max / 1e6);
    }
  }
  for (const undo of undos.splice(0)) await undo();
}

function many(more: (number: number) => Readonly<Record<string, unknown>>): FileIssue[] {
  return Array.from({ length: ISSUES }, (_, number) => makeIssue(number, more(number)));
}

async function readAndParse(path: string): Promise<number> {
  const startMs = performance.now();
  JSON.parse(await readFile(path, 'utf8'));
  return performance.now() - startMs;
}
