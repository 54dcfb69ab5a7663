// Calls of one run's tools, through the whole daemon: MCP listener, engine, policy, audit, SQLite, file tracker. The
// floor gives the same bytes back, after one durable row, because no call may be answered that was not recorded.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startBareServers } from './bare-server.ts';
import { startDaemonHere } from './daemon-here.ts';
import { until } from './pause.ts';
import type { Bench, Side } from './sample.ts';
import { startCaller, type Caller, type Order } from './tool-caller.ts';
import { makeIssue, writeIssues, writeWorkflow } from './workflow.ts';

const ROUNDS = 8;
const CALLS = 40;
const MANY = 160;
const AT_ONCE = 16;
const FLOOD_CALLS = 1_000;
const FLOOD_ROUNDS = 5;

const status = { ...called('sortie_status', {}), expect: 'turns_remaining' };
const denied = {
  ...called('tracker_api', { operation: 'transition_issue', to: 'Done' }),
  expect: 'policy_denied',
};
const comment = {
  ...called('tracker_api', { operation: 'add_comment', body: 'The voucher stays; the test is in place.' }),
  expect: '\\"status\\":\\"done\\"',
};

export async function measureCalls(bench: Bench): Promise<void> {
  const tools = await startRun(bench);
  const bare = await startBareServers(bench);
  const caller = startCaller(bench);
  const floor = { token: 'none', body: status.body, expect: 'sortie_status' };
  for (let round = 0; round <= ROUNDS; round += 1) {
    // Its comments of the round before would make each call read more.
    await writeFiftyIssues(bench);
    const measured = round === 0 ? { ...bench, record: () => undefined } : bench;
    await alone(measured, caller, 'tools: sortie_status, against an echo alone', {
      ours: { ...tools, ...status },
      floor: { url: bare.echo, ...floor },
    });
    for (const [name, call] of [
      ['sortie_status', status],
      ['a denied write', denied],
      ['a comment', comment],
    ] as const) {
      const both = { ours: { ...tools, ...call }, floor: { url: bare.echoAndRow, ...floor } };
      await alone(measured, caller, `tools: ${name}`, both);
      await together(measured, caller, `tools: ${name}`, both);
    }
  }
  for (let round = 0; round < FLOOD_ROUNDS; round += 1) {
    await flood(bench, caller, 'ours', { ...tools, ...status });
    await flood(bench, caller, 'floor', { url: bare.echoAndRow, ...floor });
  }
}

type Called = Pick<Order, 'url' | 'token' | 'body' | 'expect'>;
type Both = Readonly<Record<Side, Called>>;

async function alone(bench: Bench, caller: Caller, figure: string, both: Both): Promise<void> {
  for (const side of ['ours', 'floor'] as const) {
    const order = { ...both[side], calls: CALLS, atOnce: 1, perSecond: null };
    for (const ms of (await caller.call(order)).callMs) bench.record(figure, 'ms', side, ms);
  }
}

async function together(bench: Bench, caller: Caller, figure: string, both: Both): Promise<void> {
  for (const side of ['ours', 'floor'] as const) {
    const before = process.cpuUsage();
    const { tookMs } = await caller.call({ ...both[side], calls: MANY, atOnce: AT_ONCE, perSecond: null });
    const { user, system } = process.cpuUsage(before);
    bench.record(`${figure}, ${AT_ONCE} at once`, 'per s', side, (MANY * 1_000) / tookMs);
    bench.record(`${figure}: processor time of one`, 'us', side, (user + system) / MANY);
  }
}

async function flood(bench: Bench, caller: Caller, side: Side, call: Called): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const { tookMs } = await caller.call({
    ...call,
    calls: FLOOD_CALLS,
    atOnce: FLOOD_CALLS,
    perSecond: FLOOD_CALLS,
  });
  delay.disable();
  const figure = 'tools: 1,000 calls in a second';
  bench.record(`${figure}: hold of the loop, p99`, 'ms', side, delay.percentile(99) / 1e6);
  bench.record(`${figure}: until all are answered`, 'ms', side, tookMs);
}

/** One run whose agent does nothing: its token is the scenario's. */
async function startRun(bench: Bench): Promise<{ readonly url: string; readonly token: string }> {
  const { folder } = bench;
  const handed = join(folder, 'tools.json');
  await writeFiftyIssues(bench);
  const workflow = await writeWorkflow(folder, {
    command: `cp "$SORTIE_TOOLS_FILE" '${handed}.new' && mv '${handed}.new' '${handed}'; exec sleep 600`,
    slots: 1,
    tools: {
      default: 'allow',
      calls_per_minute: 100_000,
      rules: [{ operation: 'transition_issue', to: ['Done'], decision: 'deny' }],
    },
  });
  await startDaemonHere(bench, workflow);
  let text = '';
  await until('a run with tools', 20_000, async () => {
    text = await readFile(handed, 'utf8').catch(() => '');
    return text !== '';
  });
  const { url, token } = JSON.parse(text) as { url: string; token: string };
  return { url, token };
}

async function writeFiftyIssues({ folder }: Bench): Promise<void> {
  await writeIssues(
    folder,
    Array.from({ length: 50 }, (_, number) => makeIssue(number)),
  );
}

function called(name: string, args: object): { readonly body: string } {
  const params = { name, arguments: args };
  return { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }) };
}
