// What the API tells of ended runs, as columns for the charts. Pure. Every step of the span is there: where nothing
// happened a sum is 0 and a duration is absent, so that a gap never looks like a value.

import { words } from '../phrases.ts';
import { judge, NONE_JUDGED, RUN_STATUSES, successRate as rateOf } from '../run-status.ts';
import type { Stats, StatsRow } from '../wire.ts';
import type { ChartData } from './chart-data.ts';

const HOUR_SECONDS = 3600;
const STEP_LIMIT = 20_000;

/** Runs by how they ended; a status that never occurs has no series. */
export function throughput(stats: Stats): ChartData {
  const table = tableOf(stats);
  const seen = new Set(
    stats.rows.flatMap(({ by_status }) =>
      Object.keys(by_status).filter((name) => (by_status[name] ?? 0) > 0),
    ),
  );
  const known = RUN_STATUSES.filter((status) => seen.has(status));
  const others = [...seen].filter((status) => !(RUN_STATUSES as readonly string[]).includes(status)).sort();
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
    const endings = rows.flatMap(({ by_status }) => Object.entries(by_status));
    return rateOf(endings.reduce((sum, [status, runs]) => judge(sum, status, runs), NONE_JUDGED));
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

/** Runs that are in no cost, because nobody knows theirs. @param stats in which each run stands once. */
export function unpricedRuns(stats: Stats): number {
  return stats.rows.reduce((sum, row) => sum + row.unpriced_runs, 0);
}

export function hasEstimates(stats: Stats): boolean {
  return stats.rows.some(({ cost_estimated, cost_usd }) => cost_estimated && cost_usd > 0);
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

function timesOf(sinceMs: number, untilMs: number, stepSeconds: number): readonly number[] {
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
