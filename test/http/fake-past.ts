// What the fake daemon shows of the past: one issue's timeline over two runs, 60 days of ended runs and of samples,
// prompts, settings and operators' words. Always the same: nothing here asks a clock or rolls dice.

import type { OperatorAction } from '../../src/contract/controls.ts';
import type { Sample, SampleQuery, TimelineEntry } from '../../src/contract/observation.ts';
import type { EffectiveSetting } from '../../src/contract/settings.ts';
import type { HistoryRun, RunStatus } from '../../src/contract/store.ts';
import type { KeptPrompt, TranscriptLine } from '../../src/contract/transcript.ts';
import { historyRun, NOW_MS } from './fake-state.ts';

const DAY_MS = 86_400_000;
const PAST_DAYS = 60;
const FIRST_RUN = '0c1d2e3f-1111-4b0e-9d53-4a4e5f0c2d10';
const SECOND_RUN = '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11';

/** Between 0 and 1, the same for the same number. */
function chance(number: number): number {
  const value = Math.sin(number * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
}

type Step = readonly [
  secondsAgo: number,
  kind: TimelineEntry['kind'],
  name: string,
  detail?: string,
  durationMs?: number | null,
  ok?: boolean | null,
];

const beforeRuns: readonly Step[] = [
  [5_400, 'verdict', 'blocked_by', 'SHOP-40 is In Progress'],
  [4_200, 'verdict', 'no_global_slot', '10 of 10 slots used'],
  [3_640, 'operator', 'dispatch', 'anna: the customer waits'],
];
const firstRun: readonly Step[] = [
  [3_630, 'dispatched', '', 'state To Do'],
  [3_630, 'phase', 'checking', '', 420, true],
  [3_629, 'phase', 'dispatch_transition', '', 810, true],
  [3_628, 'phase', 'dispatch_comment', '', 600, true],
  [3_627, 'phase', 'preparing_workspace', 'made /srv/sortie/SHOP-42', 2_300, true],
  [3_625, 'phase', 'building_prompt', '', 12, true],
  [3_624, 'phase', 'launching_agent', '', 95, true],
  [3_624, 'phase', 'initializing_session', '', 1_900, true],
  [3_500, 'tool', 'Read', '', 130, true],
  [3_480, 'tool', 'Grep', '', 240, true],
  [3_455, 'tool', 'Edit', '', 60, true],
  [3_400, 'tool', 'Bash', 'npm test', 48_200, false],
  [3_390, 'turn', '1', '', 232_000, true],
  [3_300, 'tool', 'Edit', '', 75, true],
  [3_200, 'tool', 'Bash', 'npm test', 51_700, false],
  [3_190, 'warning', 'stderr', 'npm WARN deprecated left-pad@1.3.0'],
  [3_180, 'turn', '2', 'exit 1', 208_000, false],
  [3_178, 'phase', 'finishing', '', 1_400, true],
  [3_176, 'run_finished', 'failed', 'agent: turn_failed: exit 1 after 208 s', 454_000, false],
  [3_176, 'retry_queued', 'error', 'in 10 s'],
];
const secondRun: readonly Step[] = [
  [754, 'dispatched', '', 'state In Progress'],
  [754, 'phase', 'checking', '', 380, true],
  [753, 'phase', 'preparing_workspace', '/srv/sortie/SHOP-42', 140, true],
  [752, 'phase', 'building_prompt', '', 9, true],
  [752, 'phase', 'launching_agent', '', 88, true],
  [751, 'phase', 'initializing_session', 'resumed', 1_200, true],
  [690, 'tool', 'Read', '', 95, true],
  [640, 'tool', 'Edit', '', 70, true],
  [560, 'tool', 'Bash', 'npm test', 44_900, false],
  [540, 'turn', '1', '', 209_000, true],
  [480, 'tool', 'Edit', '', 66, true],
  [400, 'tool', 'Bash', 'npm test', 39_100, true],
  [390, 'turn', '2', '', 150_000, true],
  [388, 'warning', 'agent', 'a line of its output was too long', null, null],
  [200, 'tool', 'Grep', '', 310, true],
  [120, 'tool', 'Edit', '', 58, true],
  [2, 'tool', 'Bash', 'npm test -- checkout'],
];

/** Of SHOP-42: 40 entries, oldest first, `seq` from 101. */
export function timeline(): (TimelineEntry & { readonly seq: number })[] {
  const entries = [
    ...beforeRuns.map((step) => entryOf(step, null, null)),
    ...firstRun.map((step) => entryOf(step, FIRST_RUN, 0)),
    ...secondRun.map((step) => entryOf(step, SECOND_RUN, 1)),
  ];
  return entries.map((entry, index) => ({ ...entry, seq: 101 + index }));
}

function entryOf(step: Step, runId: string | null, attempt: number | null): TimelineEntry {
  const [secondsAgo, kind, name, detail = '', durationMs = null, ok = null] = step;
  return {
    atMs: NOW_MS - secondsAgo * 1_000,
    issueId: '10042',
    issueIdentifier: 'SHOP-42',
    runId,
    attempt,
    kind,
    name,
    detail,
    durationMs,
    ok,
  };
}

const STATUSES: readonly RunStatus[] = [
  ...(Array.from({ length: 13 }, () => 'succeeded') as RunStatus[]),
  'failed',
  'failed',
  'timed_out',
  'stalled',
  'cancelled',
  'blocked',
  'needs_human_review',
];
const LABELS = [['backend'], ['frontend'], ['backend', 'money'], []];

/** Some 300 ended runs of the last 60 days, newest first; fewer at weekends. */
export function pastRuns(): HistoryRun[] {
  const runs: HistoryRun[] = [];
  for (let day = 0; day < PAST_DAYS; day += 1) {
    const weekday = new Date(NOW_MS - day * DAY_MS).getUTCDay();
    const count = weekday === 0 || weekday === 6 ? 2 : 4 + Math.floor(chance(day) * 6);
    for (let index = 0; index < count; index += 1) runs.push(pastRun(day, index));
  }
  return runs.sort((a, b) => b.startedAtMs - a.startedAtMs);
}

function pastRun(day: number, index: number): HistoryRun {
  const number = day * 20 + index;
  const status = STATUSES[Math.floor(chance(number + 0.5) * STATUSES.length)] ?? 'succeeded';
  const seconds = 120 + Math.floor(chance(number + 0.25) * 2_400);
  const completedAtMs = NOW_MS - day * DAY_MS - Math.floor(chance(number) * 9 * 3_600_000) - 60_000;
  const key = 900 - number;
  const codex = chance(number + 0.75) > 0.7;
  return historyRun({
    runId: `5d2c7a56-30c7-4f7e-9b0a-${String(number).padStart(12, '0')}`,
    issueId: String(9_000 + key),
    issueIdentifier: `SHOP-${key}`,
    title: `Piece of work number ${key}`,
    issueLabels: LABELS[number % LABELS.length] ?? [],
    issueUrl: `https://tracker.example/browse/SHOP-${key}`,
    attempt: number % 7 === 0 ? 1 : 0,
    status,
    error: status === 'succeeded' ? '' : `agent: ${status} after ${seconds} s`,
    evidence: status === 'succeeded' ? '2 files changed' : '',
    agentKind: codex ? 'codex' : 'claude-code',
    workspacePath: `/srv/sortie/SHOP-${key}`,
    startedAtMs: completedAtMs - seconds * 1_000,
    completedAtMs,
    turnsCompleted: 1 + (number % 6),
    tokens: { inputTokens: seconds * 90, outputTokens: seconds * 11, cacheReadTokens: seconds * 400 },
    costUsd: Math.round(seconds * 0.07) / 100,
    costEstimated: codex,
  });
}

/** One row for each span of the last 60 days that lies within the query. */
export function samples({ sinceMs, untilMs, bucketMs }: SampleQuery): Sample[] {
  const from = Math.max(sinceMs, NOW_MS - PAST_DAYS * DAY_MS);
  const rows: Sample[] = [];
  for (let atMs = Math.ceil(from / bucketMs) * bucketMs; atMs < Math.min(untilMs, NOW_MS); atMs += bucketMs) {
    const busy = 0.5 + 0.5 * Math.sin((atMs / DAY_MS) * 2 * Math.PI);
    const noise = chance(atMs / 60_000);
    const polls = (bucketMs / 60_000) * 2;
    rows.push({
      atMs,
      running: Math.round(busy * 80) / 10,
      retrying: Math.round(noise * 20) / 10,
      parked: 2 + Math.round(noise * 3),
      waiting: Math.round(busy * 12 + noise * 4),
      trackerRequests: Math.round(polls * (2 + noise)),
      trackerErrors: noise > 0.9 ? Math.round(polls * 0.2) : 0,
      polls,
      pollSeconds: polls * (0.2 + noise * 0.3),
      pollSecondsMax: 0.6 + noise,
    });
  }
  return rows;
}

/** Newest first. */
export function operatorActions(): OperatorAction[] {
  const about = (key: string | null) => ({ issueId: key && `100${key.slice(5)}`, issueIdentifier: key });
  return [
    {
      atMs: NOW_MS - 3_640_000,
      control: 'dispatch',
      by: 'anna',
      reason: 'the customer waits',
      ...about('SHOP-42'),
    },
    {
      atMs: NOW_MS - 4_000_000,
      control: 'resume',
      by: 'anna',
      reason: 'the deployment is done',
      ...about(null),
    },
    { atMs: NOW_MS - 7_300_000, control: 'pause', by: 'anna', reason: 'deployment', ...about(null) },
    { atMs: NOW_MS - 90_000_000, control: 'cancel', by: 'operator', reason: '', ...about('SHOP-31') },
  ];
}

/** Of SHOP-42's runs. */
export function prompts(): Record<string, KeptPrompt[]> {
  const first = [
    '# SHOP-42: Checkout forgets the voucher when the cart is empty',
    '',
    'You are working on this issue in a checkout of the shop. Find the cause, fix it, and add a test.',
    '',
    '## Description',
    'Put a voucher into the cart, remove the last article, add one again: the voucher is gone.',
  ].join('\n');
  const next = 'Go on where you stopped. If everything is done, say so in one sentence.';
  return {
    [FIRST_RUN]: [
      { turn: 1, atMs: NOW_MS - 3_622_000, text: first, cut: false },
      { turn: 2, atMs: NOW_MS - 3_390_000, text: next, cut: false },
    ],
    [SECOND_RUN]: [
      { turn: 1, atMs: NOW_MS - 749_000, text: first, cut: true },
      { turn: 2, atMs: NOW_MS - 540_000, text: next, cut: false },
      { turn: 3, atMs: NOW_MS - 390_000, text: next, cut: false },
    ],
  };
}

/** What the agents of SHOP-42's runs said. */
export function transcriptLines(): Record<string, TranscriptLine[]> {
  const texts = [
    '{"type":"system","subtype":"init","model":"claude-sonnet"}',
    '{"type":"assistant","text":"I read voucher.ts first."}',
    'npm WARN deprecated left-pad@1.3.0',
    '{"type":"tool_use","name":"Bash","input":"npm test"}',
    '{"type":"tool_result","ok":false,"text":"1 failed, 41 passed"}',
    '{"type":"assistant","text":"The voucher is dropped in emptyCart()."}',
    '{"type":"tool_use","name":"Edit","input":"src/voucher.ts"}',
    '{"type":"assistant","text":"Running the checkout tests again after the fix in voucher.ts"}',
  ];
  const linesFrom = (startMs: number): TranscriptLine[] =>
    texts.map((line, index) => ({
      seq: index + 1,
      atMs: startMs + index * 20_000,
      turn: index < 4 ? 1 : 2,
      stream: line.startsWith('{') ? 'stdout' : 'stderr',
      line,
    }));
  return { [FIRST_RUN]: linesFrom(NOW_MS - 3_620_000), [SECOND_RUN]: linesFrom(NOW_MS - 745_000) };
}

export function settings(): { path: string; effective: readonly EffectiveSetting[] } {
  const line = (key: string, value: string, source: EffectiveSetting['source'], place = '') => ({
    key,
    value,
    source,
    place,
  });
  return {
    path: '/srv/shop/WORKFLOW.md',
    effective: [
      line('tracker.kind', 'jira', 'front_matter', 'WORKFLOW.md:3'),
      line('tracker.endpoint', 'https://shop.atlassian.example', 'front_matter', 'WORKFLOW.md:4'),
      line('tracker.project', 'SHOP', 'front_matter', 'WORKFLOW.md:5'),
      line('tracker.api_key', '***', 'environment', 'SORTIE_TRACKER_API_KEY'),
      line('tracker.active_states', '["To Do", "In Progress"]', 'front_matter', 'WORKFLOW.md:6'),
      line('tracker.handoff_state', 'In Review', 'front_matter', 'WORKFLOW.md:7'),
      line('tracker.max_in_handoff', '5', 'front_matter', 'WORKFLOW.md:8'),
      line('polling.interval_ms', '30000', 'default'),
      line('agent.kind', 'claude-code', 'front_matter', 'WORKFLOW.md:11'),
      line('agent.max_concurrent_agents', '10', 'env_file', 'SORTIE_AGENT_MAX_CONCURRENT_AGENTS'),
      line('agent.budget.max_usd_per_day', '25', 'front_matter', 'WORKFLOW.md:13'),
      line('server.port', '8080', 'flag', '--port'),
      line('server.token', '***', 'environment', 'SORTIE_SERVER_TOKEN'),
      line('logging.level', 'info', 'default'),
    ],
  };
}
