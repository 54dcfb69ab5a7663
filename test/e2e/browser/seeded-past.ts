// Some weeks of a team's runs for the pictures, written through the built store's own port: nothing that the page shows
// is made up on the way to it. Always the same weeks, ending now.

import type * as store from '../../../src/store/index.ts';
import type { RunStatus, StoreWrite } from '../../../src/contract/store.ts';
import type { Folder } from '../program.ts';

const DAY_MS = 86_400_000;
const WEEKS = 5;
const SAMPLE_EVERY_MS = 1_800_000;

const titles = [
  'Round prices to two digits in every export',
  'Invoices: the footer overlaps the last line',
  'Orders of guests are not found by mail address',
  'Vouchers can be used in two tabs at once',
  'Slow query on the page of returned orders',
  'Addresses in Ireland need no postcode',
  'Stock is counted twice after a failed payment',
  'Let the carrier’s webhook be repeated safely',
];

/** Mulberry32: the same numbers in every run. */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const endings: readonly (readonly [share: number, status: RunStatus, error: string])[] = [
  [0.84, 'succeeded', ''],
  [0.9, 'needs_human_review', ''],
  [0.96, 'failed', 'agent: turn_failed: the tests of the price list do not pass'],
  [0.98, 'timed_out', 'the turn took longer than agent.turn_timeout_ms (60m)'],
  [1, 'blocked', 'the carrier’s sandbox does not answer'],
];

export async function seedPast(folder: Folder): Promise<void> {
  const { openStore } = (await import(
    new URL('../../../dist/src/store/index.js', import.meta.url).href
  )) as typeof store;
  const past = await openStore({
    path: folder.file('.sortie.db'),
    tracker: { kind: 'file', identity: folder.file('issues.json') },
  });
  const roll = createDice(20_261_122);
  const nowMs = Date.now();
  const startMs = Math.floor(nowMs / DAY_MS) * DAY_MS - WEEKS * 7 * DAY_MS;
  try {
    for (let dayMs = startMs; dayMs < nowMs; dayMs += DAY_MS) {
      const isWeekend = [0, 6].includes(new Date(dayMs).getUTCDay());
      const growth = 1 + (dayMs - startMs) / (WEEKS * 7 * DAY_MS);
      const runs = Math.round((isWeekend ? 3 : 11) * growth * (0.7 + 0.6 * roll()));
      for (let run = 0; run < runs; run += 1) {
        // In working hours, most of them; today until now.
        const hours = 6 + 12 * ((roll() + roll()) / 2);
        const isToday = nowMs - dayMs < DAY_MS;
        const endMs = isToday ? dayMs + (nowMs - dayMs) * (0.3 + 0.6 * roll()) : dayMs + hours * 3_600_000;
        await past.apply(oneRun(`${dayMs / DAY_MS}-${run}`, endMs, roll));
      }
    }
    for (let atMs = startMs; atMs < nowMs; atMs += SAMPLE_EVERY_MS) await past.sample(oneSample(atMs, roll));
  } finally {
    await past.close();
  }
}

function oneRun(name: string, endMs: number, roll: () => number): StoreWrite[] {
  const issue = 1_000 + Math.floor(roll() * 4_000);
  const isClaude = roll() < 0.66;
  const seconds = Math.round(60 * (4 + 9 * roll() + (roll() < 0.12 ? 35 * roll() : 0)));
  const chance = roll();
  const [, status, error] = endings.find(([share]) => chance <= share) ?? endings[0] ?? [0, 'succeeded', ''];
  const input = Math.round(90_000 + 420_000 * roll());
  const tokens = {
    inputTokens: input,
    outputTokens: Math.round(input / (18 + 10 * roll())),
    cacheReadTokens: input * 4,
  };
  const costUsd = (input * (isClaude ? 2.1 : 1.4) + tokens.outputTokens * 14) / 1e6;
  const startedAtMs = Math.round(endMs - seconds * 1000);
  return [
    {
      kind: 'run_started',
      runId: `seed-${name}`,
      issueId: String(issue),
      identifier: `SHOP-${issue}`,
      title: titles[issue % titles.length] ?? '',
      attempt: roll() < 0.1 ? 1 : 0,
      failures: 0,
      agentKind: isClaude ? 'claude-code' : 'codex',
      sessionId: null,
      startedAtMs,
      issueState: 'To Do',
      issueLabels: [],
      issueUrl: `https://tracker.example/SHOP-${issue}`,
    },
    {
      kind: 'run_ended',
      runId: `seed-${name}`,
      status,
      error,
      evidence: status === 'succeeded' ? '3 files changed' : '',
      completedAtMs: Math.round(endMs),
      secondsRunning: seconds,
      turns: 1 + Math.floor(roll() * 4),
      tokens,
      costUsd,
      costEstimated: !isClaude,
    },
  ];
}

function oneSample(atMs: number, roll: () => number) {
  const hour = (atMs % DAY_MS) / 3_600_000;
  const busy =
    Math.max(0, Math.sin((Math.PI * (hour - 5)) / 14)) *
    ([0, 6].includes(new Date(atMs).getUTCDay()) ? 0.3 : 1);
  return {
    atMs,
    running: Math.round(4 * busy * (0.6 + 0.4 * roll())),
    retrying: roll() < 0.3 * busy ? 1 : 0,
    parked: Math.round(1 + 2 * busy * roll()),
    waiting: Math.round(9 * busy * roll()),
    trackerRequests: Math.round(60 + 70 * busy * (0.8 + 0.4 * roll())),
    trackerErrors: roll() < 0.02 ? 3 : 0,
    polls: 60,
    pollSeconds: 60 * (0.18 + 0.12 * busy * roll()),
    pollSecondsMax: 0.4 + roll() * (roll() < 0.04 ? 3 : 0.4),
  };
}
