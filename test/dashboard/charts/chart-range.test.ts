// Which span the charts show, and in how many steps.
import { describe, expect, it } from 'vitest';
import {
  CHART_RANGES,
  defaultRange,
  readChartSearch,
  spanOf,
  writeChartSearch,
} from '../../../src/dashboard/charts/chart-range.ts';
import { figure, stepName } from '../../../src/dashboard/charts/figures.ts';

const now = Date.UTC(2026, 10, 22, 9, 30);

describe('a span', () => {
  it.each(CHART_RANGES)(
    '%s ends with the step that goes on, and has no more steps than a screen tells apart',
    (range) => {
      const { sinceMs, untilMs, statsBucket, sampleStep } = spanOf(range, now);
      expect(untilMs).toBeGreaterThan(now);
      expect(untilMs - now).toBeLessThanOrEqual(statsBucket === 'hour' ? 3_600_000 : 86_400_000);
      expect((untilMs - sinceMs) / (statsBucket === 'hour' ? 3_600_000 : 86_400_000)).toBeLessThanOrEqual(
        370,
      );
      expect((untilMs - sinceMs) / (sampleStep.seconds * 1000)).toBeLessThanOrEqual(370);
    },
  );

  it('is in the address', () => {
    expect(readChartSearch(writeChartSearch({ range: '1y', byAgent: true }))).toEqual({
      range: '1y',
      byAgent: true,
    });
    expect(readChartSearch('?range=century&group=label')).toEqual({ range: null, byAgent: false });
    expect(writeChartSearch({ range: null, byAgent: false })).toBe('');
  });
});

describe('a span that nobody chose', () => {
  const hoursAgo = (hours: number): number => now - hours * 3_600_000;

  it.each([
    ['is a day where nothing was yet', [], '24h'],
    ['is a day where all began today', [hoursAgo(1), hoursAgo(20)], '24h'],
    ['is a week where there was more', [hoursAgo(1), hoursAgo(30)], '7d'],
    ['is a week where there was much more', [hoursAgo(24 * 6), hoursAgo(24 * 300)], '7d'],
  ] as const)('%s', (_name, starts, expected) => expect(defaultRange(starts, now)).toBe(expected));
});

describe('figures', () => {
  it.each([
    [75, 'percent', '75 %'],
    [1.5, 'minutes', '1m 30s'],
    [129_400, 'tokens', '129k'],
    [0.414, 'dollars', '$0.41'],
    [0.3333, 'seconds', '0.33 s'],
    [0.0274, 'seconds', '27.4 ms'],
    [2.55, 'issues', '2.6'],
    [null, 'runs', '–'],
  ] as const)('%s %s is %s', (value, unit, expected) => expect(figure(value, unit)).toBe(expected));

  it('name their step in UTC, and say when it is not over', () => {
    expect(stepName(now, 86_400_000, now)).toBe('2026-11-22, so far');
    expect(stepName(now, 3_600_000, now + 86_400_000)).toBe('2026-11-22 09:30 UTC');
  });
});
