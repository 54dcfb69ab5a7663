// Two hundred replayed agents of a hundred lines a second each, every line an event: real processes, the reader of the
// agent that was recorded, the run's transcript on disk, the core. Against a process that starts the same programs,
// splits their lines and parses them. Each turn is played to its end, so that what was lost can be counted.

import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { startDaemonHere } from '../daemon-here.ts';
import { sleep, until } from '../pause.ts';
import { writeRecording } from '../replay-recording.ts';
import type { Recording } from '../replay-recording.ts';
import type { Bench, Scenario } from '../sample.ts';
import { makeIssue, writeIssues, writeWorkflow } from '../workflow.ts';

const AGENTS = 200;
const LINES_PER_SECOND = 100;
/** Long enough for the last one to begin before the first one ends, on a busy machine too. */
const TURN_SECONDS = 60;
const LINES_OF_A_ROUND = 5;
const WINDOWS = 20;
const WINDOW_MS = 1_000;
const PROGRAM = fileURLToPath(new URL('../../dist/adapters/agents/replay/program.js', import.meta.url));

export const scenario: Scenario = {
  parts: ['ours', 'floor'],
  limitMs: 480_000,
  async measure(bench) {
    const { part: side, record, folder } = bench;
    if (side === 'both') throw new Error('each side needs a process of its own');
    const rounds = (TURN_SECONDS * LINES_PER_SECOND) / LINES_OF_A_ROUND;
    const recording = await writeRecording(join(folder, 'recording.jsonl'), rounds);
    const counted = side === 'ours' ? await throughDaemon(bench, recording) : byHand(bench, recording);
    await until('every agent to talk', 120_000, () => counted.talking() === AGENTS);
    await untilSteady(counted);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    record('replay: resident memory at the beginning', 'MiB', side, process.memoryUsage.rss() / 2 ** 20);
    for (let window = 0; window < WINDOWS; window += 1) {
      delay.reset();
      delay.enable();
      const [lines, cpu, startMs] = [counted.lines(), process.cpuUsage(), performance.now()];
      await sleep(WINDOW_MS);
      const seconds = (performance.now() - startMs) / 1_000;
      const used = process.cpuUsage(cpu);
      const taken = counted.lines() - lines;
      delay.disable();
      record('replay: events taken', 'per s', side, taken / seconds);
      record('replay: processor time of one', 'us', side, (used.user + used.system) / taken);
      record('replay: hold of the loop, p50', 'ms', side, delay.percentile(50) / 1e6);
      record('replay: hold of the loop, p99', 'ms', side, delay.percentile(99) / 1e6);
    }
    // Flat memory: hardly more at the end than at the beginning.
    record('replay: resident memory at the end', 'MiB', side, process.memoryUsage.rss() / 2 ** 20);
    await until('every turn to end', 240_000, () => counted.ended() === AGENTS);
    record('replay: lines lost', 'lines', side, await counted.lost());
  },
};

interface Counted {
  lines(): number;
  talking(): number;
  ended(): number;
  lost(): Promise<number>;
}

async function throughDaemon(bench: Bench, recording: Recording): Promise<Counted> {
  const { folder } = bench;
  const block = { transcript: recording.path, lines_per_second: LINES_PER_SECOND };
  const workflow = await writeWorkflow(folder, { agent: { kind: 'replay', block }, slots: AGENTS });
  await writeIssues(
    folder,
    Array.from({ length: AGENTS }, (_, number) => makeIssue(number)),
  );
  const { app } = await startDaemonHere(bench, workflow);
  let events = 0;
  let kept = 0;
  let ended = 0;
  const talking = new Set<string>();
  app.daemon.onStep((event) => {
    if (event.kind === 'run_ended') ended += 1;
    if (event.kind !== 'run_progressed' || event.event.kind !== 'agent_event') return;
    const { kind } = event.event.event;
    if (kind === 'notification' || kind === 'tool_started' || kind === 'tool_result') kept += 1;
    else if (kind !== 'token_usage') return;
    events += 1;
    if (talking.size < AGENTS) talking.add(event.runId);
  });
  return {
    lines: () => events,
    talking: () => talking.size,
    ended: () => ended,
    lost: async () => AGENTS * recording.countedLines - kept + (await droppedFrom(folder)),
  };
}

/** What the transcripts say of themselves that they left out. */
async function droppedFrom(folder: string): Promise<number> {
  let dropped = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.parentPath.includes('transcript')) continue;
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
    for (const [, count] of text.matchAll(/^\{"dropped":(\d+)\}$/gmu)) dropped += Number(count);
  }
  return dropped;
}

function byHand({ defer }: Bench, recording: Recording): Counted {
  let lineCount = 0;
  let ended = 0;
  const talking = new Set<number>();
  const { path, start, end } = recording;
  const stepMs = 1_000 / LINES_PER_SECOND;
  const plan = JSON.stringify({ path, start, end, isTranscript: true, hasOutput: true, stepMs, speed: 1 });
  for (let number = 0; number < AGENTS; number += 1) {
    const child = spawn(process.execPath, [PROGRAM], {
      env: { SORTIE_REPLAY_PLAN: plan },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = new Promise((resolve) => child.once('close', resolve));
    void closed.then(() => (ended += 1));
    defer(() => {
      child.kill('SIGKILL');
      return closed;
    });
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        JSON.parse(line);
        lineCount += 1;
      }
      talking.add(number);
    });
  }
  return {
    lines: () => lineCount,
    talking: () => talking.size,
    ended: () => ended,
    lost: () => Promise.resolve(AGENTS * recording.lines - lineCount),
  };
}

/** The start of two hundred programs is a storm of its own, and what piled up behind it comes in a burst. */
async function untilSteady(counted: Counted): Promise<void> {
  const wanted = AGENTS * LINES_PER_SECOND;
  for (let tries = 0; tries < 25; tries += 1) {
    const [lines, startMs] = [counted.lines(), performance.now()];
    await sleep(WINDOW_MS);
    const rate = ((counted.lines() - lines) * 1_000) / (performance.now() - startMs);
    if (Math.abs(rate - wanted) < wanted / 20) return;
  }
}
