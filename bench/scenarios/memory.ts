// Memory of a process after fifty ticks over 10,000 issues, against one that only reads and parses the file fifty
// times. Both are fresh processes and hold what they have read last; both contain the loader of this folder.

import { readFile } from 'node:fs/promises';
import { startDaemonHere } from '../daemon-here.ts';
import type { Scenario } from '../sample.ts';
import { makeIssue, writeIssues, writeWorkflow } from '../workflow.ts';

const ISSUES = 10_000;
const TICKS = 50;
const MIB = 2 ** 20;

export const scenario: Scenario = {
  parts: ['ours', 'floor', 'ours', 'floor', 'ours', 'floor'],
  limitMs: 60_000,
  async measure(bench) {
    const { part: side, folder } = bench;
    if (side === 'both') throw new Error('each side needs a process of its own');
    const workflow = await writeWorkflow(folder, { command: 'true', requiredLabel: 'agent' });
    const path = await write(folder, 0);
    let held: unknown = null;
    const read = async (): Promise<unknown> => (held = JSON.parse(await readFile(path, 'utf8')));
    const round = side === 'ours' ? (await startDaemonHere(bench, workflow)).tick : read;
    for (let tick = 1; tick <= TICKS; tick += 1) {
      await write(folder, tick);
      await round();
    }
    bench.record('memory, 50 ticks: resident', 'MiB', side, process.memoryUsage.rss() / MIB);
    bench.record('memory, 50 ticks: resident at most', 'MiB', side, process.resourceUsage().maxRSS / 1024);
    globalThis.gc?.();
    bench.record('memory, 50 ticks: heap in use', 'MiB', side, process.memoryUsage().heapUsed / MIB);
    if (side === 'floor' && !Array.isArray(held)) throw new Error('the file was not read');
  },
};

/** The list itself is garbage at once: only what a side keeps should count. */
async function write(folder: string, tick: number): Promise<string> {
  const issues = Array.from({ length: ISSUES }, (_, number) => makeIssue(number));
  issues[0] = makeIssue(0, { updated_at: new Date(tick * 1_000).toISOString() });
  return writeIssues(folder, issues);
}
