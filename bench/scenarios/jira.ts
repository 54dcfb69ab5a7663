// Two ticks on a Jira with 10,000 active issues and ten slots: all slots taken, and ten slots filled from the head of
// the queue, which includes what starting ten runs costs. The floor sends the same requests once more with bare
// undici and parses the same bytes. Jira is another process; processor time is this one's.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'undici';
import { startDaemonHere, type DaemonHere } from '../daemon-here.ts';
import { startJira } from '../jira-process.ts';
import { sleep, until } from '../pause.ts';
import type { Bench, Scenario } from '../sample.ts';
import { watchTraffic, type Exchange } from '../traffic.ts';

const SLOTS = 10;
const STEADY_ROUNDS = 30;
const FILL_ROUNDS = 8;
const WARM_UP_ROUNDS = 3;
const LIMIT_MS = 30_000;
/** Candidates, and two requests for each check by id. */
const LEAST_TO_FILL = 1 + 2 * SLOTS;

export const scenario: Scenario = {
  parts: ['both'],
  limitMs: 240_000,
  async measure(bench) {
    const jira = await startJira(bench);
    const traffic = watchTraffic();
    const pool = new Pool(jira.url);
    bench.defer(() => pool.close());
    const daemon = await startDaemonHere(bench, await writeWorkflow(bench.folder, jira.url));
    await until('ten runs', LIMIT_MS, () => running(daemon).length === SLOTS);
    await sleep(500);

    const steady = 'Jira tick, all slots taken';
    for (let round = 1 - WARM_UP_ROUNDS; round <= STEADY_ROUNDS; round += 1) {
      const ours = await measured(traffic, () => daemon.tick());
      const floor = await measured(traffic, () => repeat(pool, ours.exchanges));
      if (round > 0) record(bench, steady, 1, ours, floor);
    }

    const filling = 'Jira tick, ten slots filled';
    for (let round = 1 - WARM_UP_ROUNDS; round <= FILL_ROUNDS; round += 1) {
      await jira.close(running(daemon));
      await daemon.tick();
      await until('no run', LIMIT_MS, () => running(daemon).length === 0);
      await sleep(300);
      const ours = await measured(traffic, async () => {
        await daemon.tick();
        await until('the checks by id', LIMIT_MS, () => traffic.length >= LEAST_TO_FILL);
      });
      await until('ten runs', LIMIT_MS, () => running(daemon).length === SLOTS);
      await sleep(500);
      const floor = await measured(traffic, () => repeat(pool, ours.exchanges));
      if (round > 0) record(bench, filling, LEAST_TO_FILL, ours, floor);
    }
  },
};

interface Measured {
  readonly exchanges: readonly Exchange[];
  readonly cpuMs: number;
}

async function measured(
  traffic: ReturnType<typeof watchTraffic>,
  job: () => Promise<unknown>,
): Promise<Measured> {
  await sleep(20);
  traffic.splice(0);
  const before = process.cpuUsage();
  await job();
  const { user, system } = process.cpuUsage(before);
  return { exchanges: traffic.splice(0), cpuMs: (user + system) / 1000 };
}

function record(bench: Bench, name: string, leastRequests: number, ours: Measured, floor: Measured): void {
  const kib = ({ exchanges }: Measured): number =>
    exchanges.reduce((sum, { bytes }) => sum + bytes, 0) / 1024;
  bench.record(`${name}: requests`, 'requests', 'ours', ours.exchanges.length);
  bench.record(`${name}: requests`, 'requests', 'floor', leastRequests);
  bench.record(`${name}: bodies`, 'KiB', 'ours', kib(ours));
  bench.record(`${name}: bodies`, 'KiB', 'floor', kib(floor));
  bench.record(`${name}: processor`, 'ms', 'ours', ours.cpuMs);
  bench.record(`${name}: processor`, 'ms', 'floor', floor.cpuMs);
}

async function repeat(pool: Pool, exchanges: readonly Exchange[]): Promise<void> {
  await Promise.all(
    exchanges.map(async ({ path, headers }) => {
      const { body } = await pool.request({ method: 'GET', path, headers: withoutHost(headers) });
      JSON.parse(await body.text());
    }),
  );
}

/** Pairs, as undici lists them. */
function withoutHost(headers: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (!/^(host|connection|content-type)$/i.test(name)) kept[name] = headers[at + 1] ?? '';
  }
  return kept;
}

function running({ app }: DaemonHere): string[] {
  return app.daemon.view.snapshot()?.running.map(({ issueIdentifier }) => issueIdentifier) ?? [];
}

async function writeWorkflow(folder: string, endpoint: string): Promise<string> {
  const settings = {
    tracker: {
      kind: 'jira',
      endpoint,
      project: 'PROJ',
      api_key: 'bot@example.com:secret-token',
      active_states: ['Selected for Development', 'In Progress'],
      terminal_states: ['Done'],
    },
    polling: { interval_ms: 3_600_000 },
    workspace: { root: join(folder, 'workspaces') },
    agent: {
      kind: 'command',
      command: 'exec sleep 600',
      max_turns: 1,
      max_concurrent_agents: SLOTS,
      stop_grace_ms: 2_000,
    },
    server: { port: 0 },
    logging: { level: 'error' },
  };
  const path = join(folder, 'WORKFLOW.md');
  await writeFile(path, `---\n${JSON.stringify(settings, null, 2)}\n---\nWork on {{ issue.identifier }}.\n`);
  return path;
}
