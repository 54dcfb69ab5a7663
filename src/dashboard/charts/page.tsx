// The charts: everything from what the store keeps, for a span that the page's address names. Where it names none, the
// page looks how much there is to be seen.

import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { useAnswer } from '../answer.ts';
import { daemonNow } from '../clock.ts';
import { state } from '../live.ts';
import { navigate, query } from '../router.ts';
import type { Stats } from '../wire.ts';
import { ChartList } from './chart-list.tsx';
import {
  CHART_RANGES,
  defaultRange,
  LONGEST_DEFAULT,
  rangeWords,
  readChartSearch,
  spanOf,
  writeChartSearch,
  type ChartRange,
  type ChartSearch,
} from './chart-range.ts';
import { statsUrl } from './figures-url.ts';
import './charts.css';

export function Page() {
  const search = query.value;
  const { range: named, byAgent } = useMemo(() => readChartSearch(search), [search]);
  const range = useDefaultRange(named);
  const choose = (part: Partial<ChartSearch>): void =>
    navigate(`/charts${writeChartSearch({ range: named, byAgent, ...part })}`, { replace: true });
  return (
    <>
      <div class="charts-head">
        <h1 class="page-title">Charts</h1>
        <div class="charts-choice" role="group" aria-label="Time span">
          {CHART_RANGES.map((one) => (
            <button
              key={one}
              type="button"
              class="button small"
              aria-pressed={one === range}
              onClick={() => choose({ range: one })}
            >
              {rangeWords[one]}
            </button>
          ))}
        </div>
        <label class="charts-group">
          <input
            type="checkbox"
            checked={byAgent}
            onChange={(event) => choose({ byAgent: event.currentTarget.checked })}
          />
          Group by agent
        </label>
      </div>
      {range === null ? null : <ChartList key={range} range={range} byAgent={byAgent} />}
    </>
  );
}

/**
 * Asked once, when the daemon's time is known: what is looked at must not change its span by itself.
 * @returns null = not known yet.
 */
function useDefaultRange(named: ChartRange | null): ChartRange | null {
  const isLive = useComputed(() => state.value !== null).value;
  const nowMs = useMemo(() => (isLive ? daemonNow.peek() : null), [isLive]);
  const isAsked = useMemo(() => named === null, []);
  const url = nowMs === null || !isAsked ? null : statsUrl(spanOf(LONGEST_DEFAULT, nowMs), 'none');
  const { data, error } = useAnswer<Stats>(url);
  if (named !== null) return named;
  if (nowMs !== null && data !== null)
    return defaultRange(
      data.rows.map(({ start }) => Date.parse(start)),
      nowMs,
    );
  // One that came back from a span to none was not asked for.
  return !isAsked || error !== '' ? LONGEST_DEFAULT : null;
}
