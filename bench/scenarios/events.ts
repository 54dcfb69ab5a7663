// Many agents that talk: 200 programs of 100 lines a second each, through the daemon, against a process that starts
// the same programs, splits their lines and parses them. The rate is the agents'; what differs is what an event
// costs and how long the loop is held meanwhile. Needs perl, which every common Unix has.

import { spawn } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startDaemonHere } from '../daemon-here.ts';
import { sleep, until } from '../pause.ts';
import type { Bench, Scenario } from '../sample.ts';
import { makeIssue, writeIssues, writeWorkflow } from '../workflow.ts';

const AGENTS = 200;
const WINDOWS = 10;
const WINDOW_MS = 1_000;
/** Ten lines at a time, ten times a second; every tenth tells tokens. */
const AGENT = `exec perl -e '$| = 1;
my $say = qq({"event":"notification","message":"Running the checkout tests again after the fix"}\\n) x 9;
my $use = qq({"event":"token_usage","input_tokens":100,"output_tokens":10,"cache_read_tokens":20,"model":"m"}\\n);
while (1) { print $say . $use; select(undef, undef, undef, 0.1); }'`;

export const scenario: Scenario = {
  parts: ['ours', 'floor'],
  limitMs: 90_000,
  async measure(bench) {
    const { part: side, record } = bench;
    if (side === 'both') throw new Error('each side needs a process of its own');
    const counted = side === 'ours' ? await throughDaemon(bench) : byHand(bench);
    await until('every agent to talk', 60_000, () => counted.talking() === AGENTS);
    await sleep(1_000);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    for (let window = 0; window < WINDOWS; window += 1) {
      delay.reset();
      delay.enable();
      const [events, cpu, startMs] = [counted.events(), process.cpuUsage(), performance.now()];
      await sleep(WINDOW_MS);
      const seconds = (performance.now() - startMs) / 1_000;
      const used = process.cpuUsage(cpu);
      const taken = counted.events() - events;
      delay.disable();
      record('events: taken', 'per s', side, taken / seconds);
      record('events: processor time of one', 'us', side, (used.user + used.system) / taken);
      record('events: hold of the loop, p99', 'ms', side, delay.percentile(99) / 1e6);
      record('events: resident memory', 'MiB', side, process.memoryUsage.rss() / 2 ** 20);
    }
  },
};

interface Counted {
  events(): number;
  talking(): number;
}

async function throughDaemon(bench: Bench): Promise<Counted> {
  const { folder } = bench;
  const workflow = await writeWorkflow(folder, { command: AGENT, slots: AGENTS });
  await writeIssues(
    folder,
    Array.from({ length: AGENTS }, (_, number) => makeIssue(number)),
  );
  const { app } = await startDaemonHere(bench, workflow);
  let events = 0;
  const talking = new Set<string>();
  app.daemon.onStep((event) => {
    if (event.kind !== 'run_progressed' || event.event.kind !== 'agent_event') return;
    if (event.event.event.kind === 'session_started') return;
    events += 1;
    if (talking.size < AGENTS) talking.add(event.runId);
  });
  return { events: () => events, talking: () => talking.size };
}

function byHand({ defer }: Bench): Counted {
  let events = 0;
  const talking = new Set<number>();
  for (let number = 0; number < AGENTS; number += 1) {
    const child = spawn('sh', ['-c', AGENT], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    defer(() => {
      child.kill('SIGKILL');
      return ended;
    });
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        JSON.parse(line);
        events += 1;
      }
      talking.add(number);
    });
  }
  return { events: () => events, talking: () => talking.size };
}
