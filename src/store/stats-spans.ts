// Adds parts of spans up to the rows that people are shown. A span is closed as soon as everything of it was added,
// so that its durations are let go and sorting them is spread over the slices.
import type { StatsRow } from '../contract/observation.ts';
import type { RunStatus } from '../contract/store.ts';

/** What one slice knows of one span, group and status. */
export interface Part {
  readonly start_ms: number;
  readonly grouped: string;
  readonly status: RunStatus;
  readonly runs: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cost_usd: number;
  readonly cost_estimated: number;
  readonly unpriced: number;
  readonly seconds: number;
  /** A JSON array. */
  readonly durations_ms: string;
}

interface Span {
  readonly startMs: number;
  readonly group: string;
  runs: number;
  byStatus: Partial<Record<RunStatus, number>>;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  costUsd: number;
  costEstimated: boolean;
  unpricedRuns: number;
  seconds: number;
  readonly durationsMs: number[];
}

export interface Spans {
  add(part: Part): void;
  /** Nothing that ended before then is still to come. */
  endBefore(ms: number): void;
  /** When everything was added: closes one more span, false when none is left. */
  closeNext(): boolean;
  /** Those that are closed: oldest first, then by group. */
  rows(): StatsRow[];
}

export function createSpans(bucketMs: number | null): Spans {
  const open = new Map<string, Span>();
  const closed: StatsRow[] = [];

  function close(key: string, span: Span): void {
    closed.push(finished(span));
    open.delete(key);
  }

  return {
    add: (part) => {
      const key = `${part.start_ms} ${part.grouped}`;
      const span = open.get(key) ?? emptySpan(part);
      open.set(key, span);
      addTo(span, part);
    },
    endBefore: (ms) => {
      if (bucketMs === null) return;
      for (const [key, span] of open) if (span.startMs + bucketMs <= ms) close(key, span);
    },
    closeNext: () => {
      const [next] = open;
      if (next) close(...next);
      return next !== undefined;
    },
    rows: () => closed.sort((a, b) => a.startMs - b.startMs || (a.group < b.group ? -1 : 1)),
  };
}

function emptySpan({ start_ms: startMs, grouped: group }: Part): Span {
  return {
    startMs,
    group,
    runs: 0,
    byStatus: {},
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    costUsd: 0,
    costEstimated: false,
    unpricedRuns: 0,
    seconds: 0,
    durationsMs: [],
  };
}

function addTo(span: Span, part: Part): void {
  span.runs += part.runs;
  span.byStatus[part.status] = (span.byStatus[part.status] ?? 0) + part.runs;
  span.inputTokens += part.input_tokens;
  span.outputTokens += part.output_tokens;
  span.cacheReadTokens += part.cache_read_tokens;
  span.costUsd += part.cost_usd;
  span.costEstimated ||= part.cost_estimated !== 0;
  span.unpricedRuns += part.unpriced;
  span.seconds += part.seconds;
  for (const durationMs of JSON.parse(part.durations_ms) as number[]) span.durationsMs.push(durationMs);
}

function finished(span: Span): StatsRow {
  const sorted = Float64Array.from(span.durationsMs).sort();
  return {
    startMs: span.startMs,
    group: span.group,
    runs: span.runs,
    byStatus: span.byStatus,
    tokens: {
      inputTokens: readable(span.inputTokens),
      outputTokens: readable(span.outputTokens),
      cacheReadTokens: readable(span.cacheReadTokens),
    },
    costUsd: readable(span.costUsd),
    costEstimated: span.costEstimated,
    unpricedRuns: span.unpricedRuns,
    secondsTotal: readable(span.seconds),
    secondsP50: nearestRank(sorted, 50) / 1_000,
    secondsP95: nearestRank(sorted, 95) / 1_000,
  };
}

/** The smallest value that at least so many per cent do not exceed. */
function nearestRank(sorted: Float64Array, percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
}

/** Sums of absurd figures still are figures. */
function readable(sum: number): number {
  return Math.min(Math.max(sum, 0), Number.MAX_SAFE_INTEGER);
}
