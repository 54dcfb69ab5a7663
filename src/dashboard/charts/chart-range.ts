// Which span the charts show and in what steps they ask for it. Pure. Steps are chosen so that a chart has at most
// some 370 points a series: more could not be told apart on a screen.

export const CHART_RANGES = ['24h', '7d', '30d', '90d', '1y'] as const;
export type ChartRange = (typeof CHART_RANGES)[number];

export const rangeWords: Readonly<Record<ChartRange, string>> = {
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  '1y': '1 year',
};

interface Steps {
  readonly days: number;
  /** As `/api/v1/stats` and `/api/v1/samples` take it. */
  readonly stats: 'hour' | 'day';
  readonly samples: 'minute' | 'hour' | 'day';
  /** What samples are merged to, so that a line stays a line. */
  readonly sampleStep: { readonly seconds: number; readonly words: string };
}

const steps: Readonly<Record<ChartRange, Steps>> = {
  '24h': { days: 1, stats: 'hour', samples: 'minute', sampleStep: { seconds: 600, words: '10 minutes' } },
  '7d': { days: 7, stats: 'hour', samples: 'hour', sampleStep: { seconds: 3_600, words: 'hour' } },
  '30d': { days: 30, stats: 'day', samples: 'hour', sampleStep: { seconds: 21_600, words: '6 hours' } },
  '90d': { days: 90, stats: 'day', samples: 'day', sampleStep: { seconds: 86_400, words: 'day' } },
  '1y': { days: 365, stats: 'day', samples: 'day', sampleStep: { seconds: 86_400, words: 'day' } },
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Span {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly statsBucket: Steps['stats'];
  readonly samplesBucket: Steps['samples'];
  readonly sampleStep: Steps['sampleStep'];
}

/** Whole steps: begins at the start of the first one, ends at the end of the one that goes on. */
export function spanOf(range: ChartRange, nowMs: number): Span {
  const { days, stats, samples, sampleStep } = steps[range];
  const unitMs = stats === 'hour' ? HOUR_MS : DAY_MS;
  const untilMs = (Math.floor(nowMs / unitMs) + 1) * unitMs;
  return {
    sinceMs: untilMs - days * DAY_MS,
    untilMs,
    statsBucket: stats,
    samplesBucket: samples,
    sampleStep,
  };
}

/** The longest that is shown unasked: the page of an old store is about this week, not about its first year. */
export const LONGEST_DEFAULT: ChartRange = '7d';

/**
 * What is shown when the address names no span: the shortest that holds all that was there in the longest one, so that
 * a store of some hours is not a dot at the edge of a week. @param startsMs of the steps with a run in the longest.
 */
export function defaultRange(startsMs: readonly number[], nowMs: number): ChartRange {
  const shortest = CHART_RANGES.find((range) => {
    const { sinceMs } = spanOf(range, nowMs);
    return range === LONGEST_DEFAULT || startsMs.every((startMs) => startMs >= sinceMs);
  });
  return shortest ?? LONGEST_DEFAULT;
}

export interface ChartSearch {
  /** null = the address names none. */
  readonly range: ChartRange | null;
  readonly byAgent: boolean;
}

/** @param search of the page's address. */
export function readChartSearch(search: string): ChartSearch {
  const given = new URLSearchParams(search);
  const range = given.get('range') ?? '';
  return {
    range: (CHART_RANGES as readonly string[]).includes(range) ? (range as ChartRange) : null,
    byAgent: given.get('group') === 'agent',
  };
}

export function writeChartSearch({ range, byAgent }: ChartSearch): string {
  const search = new URLSearchParams(range === null ? {} : { range });
  if (byAgent) search.set('group', 'agent');
  return search.size === 0 ? '' : `?${search.toString()}`;
}
