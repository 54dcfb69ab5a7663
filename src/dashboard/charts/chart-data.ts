// The figures of the API as columns for the charts. Pure. Every step of the span is there: where nothing happened a
// sum is 0 and a duration is absent, so that a gap never looks like a value. Nothing is invented, smoothed or guessed.

import { words } from '../phrases.ts';
import type { Samples, Stats, StatsRow } from '../wire.ts';

export interface Series {
  /** What it stands for, e.g. a status or an agent: the same thing has the same colour in every chart. */
  readonly key: string;
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Which colour of the palette, from 0, unless the key has one of its own; absent = its place in the list. */
  readonly place?: number;
  /** Which dash of a line, from 0 = none; absent = its place in the list. */
  readonly dash?: number;
}

export interface ChartData {
  /** Milliseconds since the epoch, the start of each step; ascending. */
  readonly times: readonly number[];
  readonly stepMs: number;
  readonly series: readonly Series[];
}

/** In the order in which they are stacked. */
const STATUSES = [
  'succeeded',
  'needs_human_review',
  'blocked',
  'failed',
  'timed_out',
  'stalled',
  'cancelled',
  'interrupted',
] as const;
const GOOD = new Set<string>(['succeeded', 'needs_human_review']);
/** Runs that nobody judged: they say nothing about success. */
const UNJUDGED = new Set<string>(['cancelled', 'interrupted']);

const HOUR_SECONDS = 3600;
const STEP_LIMIT = 20_000;

export function timesOf(sinceMs: number, untilMs: number, stepSeconds: number): readonly number[] {
  const stepMs = Math.max(stepSeconds, 1) * 1000;
  const times: number[] = [];
  for (
    let at = Math.floor(sinceMs / stepMs) * stepMs;
    at < untilMs && times.length < STEP_LIMIT;
    at += stepMs
  )
    times.push(at);
  return times;
}

/** Runs by how they ended; a status that never occurs has no series. */
export function throughput(stats: Stats): ChartData {
  const table = tableOf(stats);
  const seen = new Set(
    stats.rows.flatMap(({ by_status }) =>
      Object.keys(by_status).filter((name) => (by_status[name] ?? 0) > 0),
    ),
  );
  const known = STATUSES.filter((status) => seen.has(status));
  const others = [...seen].filter((status) => !(STATUSES as readonly string[]).includes(status)).sort();
  const series = [...known, ...others].map((status) => ({
    key: status,
    label: words(status),
    values: table.sums(({ by_status }) => by_status[status] ?? 0),
  }));
  return { times: table.times, stepMs: table.stepMs, series };
}

/** Runs by the agent that did them. */
export function throughputByAgent(stats: Stats): ChartData {
  return byGroup(stats, ({ runs }) => runs);
}

/** Percent of the judged runs that did what they should; absent where none was. */
export function successRate(stats: Stats, isByAgent: boolean): ChartData {
  return perGroup(stats, isByAgent, 'Success rate', (rows) => {
    let [good, judged] = [0, 0];
    for (const { by_status } of rows) {
      for (const [status, runs] of Object.entries(by_status)) {
        if (UNJUDGED.has(status)) continue;
        judged += runs;
        if (GOOD.has(status)) good += runs;
      }
    }
    return judged === 0 ? null : (100 * good) / judged;
  });
}

/** Minutes that runs took: the middle one and the slow ones. @param stats of one group or more. */
export function runDuration(stats: Stats, isByAgent: boolean): ChartData {
  const read = (key: 'seconds_p50' | 'seconds_p95') => (rows: readonly StatsRow[]) => {
    const [row] = rows;
    return row === undefined || row.runs === 0 ? null : row[key] / 60;
  };
  const median = perGroup(stats, isByAgent, 'Half took less (p50)', read('seconds_p50'), ' p50');
  const slow = perGroup(stats, isByAgent, '95 % took less (p95)', read('seconds_p95'), ' p95');
  const series = median.series.flatMap((one, place) => [
    { ...one, place, dash: 0 },
    { ...(slow.series[place] ?? one), place: isByAgent ? place : place + 1, dash: 1 },
  ]);
  return { times: median.times, stepMs: median.stepMs, series };
}

/** By agent, whatever else the page is grouped by. */
export function tokensByAgent(stats: Stats): ChartData {
  return byGroup(stats, ({ tokens }) => tokens.total_tokens);
}

export function costByAgent(stats: Stats): ChartData {
  return byGroup(stats, ({ cost_usd }) => cost_usd);
}

export function hasEstimates(stats: Stats): boolean {
  return stats.rows.some(({ cost_estimated, cost_usd }) => cost_estimated && cost_usd > 0);
}

export function queueLength(samples: Samples): ChartData {
  const gauges = ['running', 'retrying', 'parked', 'waiting'] as const;
  return fromSamples(
    samples,
    gauges.map((name) => ({ key: name, label: words(name), read: (row) => row[name] })),
  );
}

export function trackerRequests(samples: Samples): ChartData {
  return fromSamples(samples, [
    { key: 'requests', label: 'Requests', read: (row) => row.tracker_requests },
    { key: 'errors', label: 'Errors', read: (row) => row.tracker_errors },
  ]);
}

export function pollDuration(samples: Samples): ChartData {
  return fromSamples(samples, [
    { key: 'mean', label: 'Mean', read: (row) => row.poll_seconds_mean },
    { key: 'longest', label: 'Longest', read: (row) => (row.polls === 0 ? null : row.poll_seconds_max) },
  ]);
}

/** No step holds a figure. Of a share 0 is one (`zeroCounts`): every run failed; of a sum it is nothing. */
export function isEmpty({ series }: ChartData, zeroCounts = false): boolean {
  return series.every(({ values }) =>
    values.every((value) => value === null || (value === 0 && !zeroCounts)),
  );
}

/** Each series on top of those before it, as it is drawn; what is 0 or absent is not drawn. */
export function stacked({ times, stepMs, series }: ChartData): ChartData {
  const sums = new Array<number>(times.length).fill(0);
  return {
    times,
    stepMs,
    series: series.map(({ values, ...rest }) => ({
      ...rest,
      values: values.map((value, index) => {
        sums[index] = (sums[index] ?? 0) + (value ?? 0);
        return value === null || value === 0 ? null : sums[index];
      }),
    })),
  };
}

type SampleRow = Samples['rows'][number];

/** Samples in longer steps: means of what is a level, sums of what is counted, the longest of the longest. */
export function mergeSamples({ bucket_seconds, rows }: Samples, stepSeconds: number): Samples {
  if (stepSeconds <= bucket_seconds) return { bucket_seconds, rows };
  const stepMs = stepSeconds * 1000;
  const groups = new Map<number, SampleRow[]>();
  for (const row of rows) {
    const start = Math.floor(Date.parse(row.at) / stepMs) * stepMs;
    const group = groups.get(start);
    if (group === undefined) groups.set(start, [row]);
    else group.push(row);
  }
  return { bucket_seconds: stepSeconds, rows: [...groups].map(([start, group]) => mergeRows(start, group)) };
}

function mergeRows(startMs: number, rows: readonly SampleRow[]): SampleRow {
  const sum = (read: (row: SampleRow) => number): number => rows.reduce((all, row) => all + read(row), 0);
  const mean = (read: (row: SampleRow) => number): number => sum(read) / rows.length;
  const polls = sum((row) => row.polls);
  return {
    at: new Date(startMs).toISOString(),
    running: mean((row) => row.running),
    retrying: mean((row) => row.retrying),
    parked: mean((row) => row.parked),
    waiting: mean((row) => row.waiting),
    tracker_requests: sum((row) => row.tracker_requests),
    tracker_errors: sum((row) => row.tracker_errors),
    polls,
    poll_seconds_mean: polls === 0 ? null : sum((row) => (row.poll_seconds_mean ?? 0) * row.polls) / polls,
    poll_seconds_max: rows.reduce((most, row) => Math.max(most, row.poll_seconds_max), 0),
  };
}

/** A sample that is missing (the daemon did not run) leaves a gap. */
function fromSamples(
  { rows, bucket_seconds }: Samples,
  wanted: readonly {
    readonly key: string;
    readonly label: string;
    readonly read: (row: SampleRow) => number | null;
  }[],
): ChartData {
  const stepMs = bucket_seconds * 1000;
  const times: number[] = [];
  const found: (SampleRow | null)[] = [];
  for (const row of rows) {
    const at = Date.parse(row.at);
    const before = times.at(-1);
    // One empty place breaks the line; a long night needs no more of them.
    if (before !== undefined && at - before > stepMs * 1.5) {
      times.push(before + stepMs);
      found.push(null);
    }
    times.push(at);
    found.push(row);
  }
  const series = wanted.map(({ key, label, read }) => ({
    key,
    label,
    values: found.map((row) => (row === null ? null : read(row))),
  }));
  return { times, stepMs, series };
}

function byGroup(stats: Stats, read: (row: StatsRow) => number): ChartData {
  const table = tableOf(stats);
  const series = groupsOf(stats).map((group) => ({
    key: group,
    label: group || 'No agent',
    values: table.sums(read, group),
  }));
  return { times: table.times, stepMs: table.stepMs, series };
}

function perGroup(
  stats: Stats,
  isByAgent: boolean,
  label: string,
  read: (rows: readonly StatsRow[]) => number | null,
  suffix = '',
): ChartData {
  const table = tableOf(stats);
  if (!isByAgent)
    return {
      times: table.times,
      stepMs: table.stepMs,
      series: [{ key: label, label, values: table.each(read) }],
    };
  const series = groupsOf(stats).map((group) => ({
    key: group,
    label: `${group || 'No agent'}${suffix}`,
    values: table.each(read, group),
  }));
  return { times: table.times, stepMs: table.stepMs, series };
}

/** The busiest first, so that a colour goes to what matters. */
function groupsOf({ rows }: Stats): readonly string[] {
  const runs = new Map<string, number>();
  for (const row of rows) runs.set(row.group, (runs.get(row.group) ?? 0) + row.runs);
  return [...runs].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([group]) => group);
}

interface Table {
  readonly times: readonly number[];
  readonly stepMs: number;
  sums(read: (row: StatsRow) => number, group?: string): (number | null)[];
  each(read: (rows: readonly StatsRow[]) => number | null, group?: string): (number | null)[];
}

function tableOf({ rows, since, until, bucket_seconds }: Stats): Table {
  const stepSeconds = bucket_seconds ?? HOUR_SECONDS;
  const times = timesOf(Date.parse(since), Date.parse(until), stepSeconds);
  const places = new Map(times.map((time, index) => [time, index]));
  const cells: StatsRow[][] = times.map(() => []);
  for (const row of rows) {
    const place = places.get(Date.parse(row.start));
    if (place !== undefined) cells[place]?.push(row);
  }
  const of = (cell: readonly StatsRow[], group: string | undefined): readonly StatsRow[] =>
    group === undefined ? cell : cell.filter((row) => row.group === group);
  return {
    times,
    stepMs: stepSeconds * 1000,
    sums: (read, group) => cells.map((cell) => of(cell, group).reduce((sum, row) => sum + read(row), 0)),
    each: (read, group) => cells.map((cell) => read(of(cell, group))),
  };
}
