// What the charts of a day have to show, reckoned anew from the rows of the store: sums, shares and ranks by hand.

import { compact, dollars, duration } from '../../../src/dashboard/format.ts';
import type { Stored, StoredRun, StoredSample } from './stored.ts';

type Figures = Record<string, Record<string, string>>;

const HOUR_MS = 3_600_000;
const SAMPLE_STEP_MS = 600_000;

const step = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const round = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: digits });

function inSteps<T>(rows: readonly T[], at: (row: T) => number, stepMs: number): Map<string, T[]> {
  const steps = new Map<string, T[]>();
  for (const row of rows) {
    const name = step(Math.floor(at(row) / stepMs) * stepMs);
    steps.set(name, [...(steps.get(name) ?? []), row]);
  }
  return steps;
}

function series<T>(steps: Map<string, T[]>, of: Record<string, (rows: T[]) => string>): Figures {
  return Object.fromEntries(
    Object.entries(of).map(([name, read]) => [
      name,
      Object.fromEntries([...steps].map(([at, rows]) => [at, read(rows)])),
    ]),
  );
}

/** The smallest value that as great a share of all values does not exceed. */
function rank(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** By the chart's title; for runs of one agent. */
export function runCharts({ runs }: Stored, statuses: Record<string, string>): Record<string, Figures> {
  const steps = inSteps(runs, (run) => run.completed_at_ms, HOUR_MS);
  const having = (rows: StoredRun[], ...wanted: string[]): number =>
    rows.filter(({ status }) => wanted.includes(status)).length;
  const took = (rows: StoredRun[], share: number): string =>
    duration(
      rank(
        rows.map(({ seconds_running }) => Math.round(seconds_running * 1000)),
        share,
      ),
    );
  const agent = runs[0]?.agent_kind ?? '';
  const counted = Object.entries(statuses).map(([code, label]) => [
    label,
    (rows: StoredRun[]) => String(having(rows, code)),
  ]);
  return {
    Throughput: series(steps, Object.fromEntries(counted)),
    'Success rate': series(steps, {
      'Success rate': (rows) => {
        const judged = rows.length - having(rows, 'cancelled', 'interrupted');
        return `${round((100 * having(rows, 'succeeded', 'needs_human_review')) / judged, 1)} %`;
      },
    }),
    'Run duration': series(steps, {
      'Half took less (p50)': (rows) => took(rows, 0.5),
      '95 % took less (p95)': (rows) => took(rows, 0.95),
    }),
    Tokens: series(steps, {
      [agent]: (rows) => compact(sum(rows.map((run) => run.input_tokens + run.output_tokens))),
    }),
    Cost: series(steps, { [agent]: (rows) => dollars(sum(rows.map((run) => run.cost_usd ?? 0))) }),
  };
}

/** By the chart's title. */
export function loadCharts({ samples }: Stored): Record<string, Figures> {
  const steps = inSteps(samples, ({ start_ms }) => start_ms, SAMPLE_STEP_MS);
  const mean = (read: (sample: StoredSample) => number) => (rows: StoredSample[]) =>
    round(sum(rows.map((row) => read(row) / row.minutes)) / rows.length, 1);
  const total = (read: (sample: StoredSample) => number) => (rows: StoredSample[]) =>
    round(sum(rows.map(read)), 1);
  const seconds = (value: number): string =>
    value < 0.1 ? `${round(value * 1_000, 1)} ms` : `${round(value, value < 10 ? 2 : 1)} s`;
  return {
    'Queue length': series(steps, {
      Running: mean(({ running }) => running),
      Retrying: mean(({ retrying }) => retrying),
      Parked: mean(({ parked }) => parked),
      Waiting: mean(({ waiting }) => waiting),
    }),
    'Tracker requests': series(steps, {
      Requests: total(({ tracker_requests }) => tracker_requests),
      Errors: total(({ tracker_errors }) => tracker_errors),
    }),
    'Poll duration': series(steps, {
      Mean: (rows) => seconds(sum(rows.map((row) => row.poll_seconds)) / sum(rows.map((row) => row.polls))),
      Longest: (rows) => seconds(Math.max(...rows.map((row) => row.poll_seconds_max))),
    }),
  };
}
