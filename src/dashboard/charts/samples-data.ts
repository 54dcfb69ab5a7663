// The samples that the daemon takes each minute, as columns for the charts: queue lengths, tracker requests, polls. Pure.

import { words } from '../phrases.ts';
import type { Samples } from '../wire.ts';
import type { ChartData } from './chart-data.ts';

type SampleRow = Samples['rows'][number];

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
