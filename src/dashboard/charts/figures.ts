// The figures of the charts in words: on the axes short, in tooltips and tables exact enough to be quoted. Pure. All
// times are UTC, because the steps are.

import { compact, dollars, duration } from '../format.ts';

export type Unit = 'runs' | 'issues' | 'percent' | 'minutes' | 'tokens' | 'dollars' | 'requests' | 'seconds';

/** In a tooltip or a table; "–" = there is none. */
export function figure(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return '–';
  switch (unit) {
    case 'percent':
      return `${trim(value, 1)} %`;
    case 'minutes':
      return duration(value * 60_000);
    case 'tokens':
      return compact(Math.round(value));
    case 'dollars':
      return dollars(value);
    case 'seconds':
      return `${trim(value, value < 10 ? 2 : 1)} s`;
    case 'requests':
    case 'runs':
    case 'issues':
      return trim(value, 1);
  }
}

/** On an axis, where the unit is said once and room is short. */
export function axisFigure(value: number, unit: Unit): string {
  if (unit === 'minutes')
    return value === 0 ? '0' : value < 1 ? `${Math.round(value * 60)}s` : shortMinutes(value);
  if (unit === 'percent') return `${value} %`;
  const sign = unit === 'dollars' ? '$' : '';
  return `${sign}${value >= 1_000 ? compact(value).replace(/\.?0+(?=[kMB]$)/, dropZeros) : trim(value, 2)}`;
}

/** What a step is called: `2026-11-22` for a day, `2026-11-22 09:00 UTC` for less; one that goes on says so. */
export function stepName(startMs: number, stepMs: number, nowMs: number): string {
  const iso = new Date(startMs).toISOString();
  const name = stepMs >= 86_400_000 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
  return startMs + stepMs > nowMs ? `${name}, so far` : name;
}

/** `1.50M` → `1.5M`, `50.0k` → `50k`; never `500k` → `5k`. */
function dropZeros(zeros: string, at: number, whole: string): string {
  return whole.slice(0, at).includes('.') || zeros.startsWith('.') ? '' : zeros;
}

function shortMinutes(minutes: number): string {
  return minutes < 120 ? `${trim(minutes, 1)}m` : `${trim(minutes / 60, 1)}h`;
}

function trim(value: number, digits: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
