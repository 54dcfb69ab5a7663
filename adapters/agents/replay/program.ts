// The bundled program: prints one turn of a recording at its pace and ends. It is a real process with real pipes, so
// that everything around an agent is rehearsed. It reads a piece of one file and touches nothing.

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileLines } from './file-lines.ts';
import { PLAN_VARIABLE } from './plan.ts';
import type { ReplayPlan } from './plan.ts';
import { readRaw, readRecord } from './recording.ts';

/** Lines that are due within it are printed together: nobody sees the difference, and hundreds of agents cost less. */
const LEAST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2 ** 31 - 1;
const HELD_CHARACTERS = 64 * 1024;

const plan = JSON.parse(process.env[PLAN_VARIABLE] ?? '{}') as ReplayPlan;
const held = { stdout: '', stderr: '' };

async function play(): Promise<void> {
  const startedMs = performance.now();
  let lines = 0;
  let firstMs: number | null = null;
  for await (const { text } of fileLines(plan.path, plan.start, plan.end)) {
    const record = plan.isTranscript ? readRecord(text) : readRaw(text);
    if (record?.kind !== 'line') continue;
    firstMs ??= record.atMs;
    const recordedMs = (record.atMs ?? firstMs ?? 0) - (firstMs ?? 0);
    const dueMs =
      plan.stepMs === null ? (plan.speed === 0 ? 0 : recordedMs / plan.speed) : lines * plan.stepMs;
    lines += 1;
    const waitMs = startedMs + dueMs - performance.now();
    if (waitMs > 0) {
      await flush();
      await sleep(Math.min(Math.max(waitMs, LEAST_WAIT_MS), LONGEST_WAIT_MS));
    }
    held[record.stream] += `${record.text}\n`;
    if (held.stdout.length + held.stderr.length > HELD_CHARACTERS) await flush();
  }
  await flush();
}

async function flush(): Promise<void> {
  for (const name of ['stderr', 'stdout'] as const) {
    const text = held[name];
    held[name] = '';
    if (text !== '' && !process[name].write(text)) await once(process[name], 'drain');
  }
}

// The prompt is taken and thrown away.
process.stdin.resume();
await play();
// An agent that printed nothing at all did not do well.
process.exitCode = plan.hasOutput ? 0 : 1;
