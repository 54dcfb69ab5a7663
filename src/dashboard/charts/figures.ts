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
      // Beside an axis of milliseconds, and else too short to be said in seconds.
      return value < 0.1 ? `${trim(value * 1_000, 1)} ms` : `${trim(value, value < 10 ? 2 : 1)} s`;
    case 'requests':
    case 'runs':
    case 'issues':
      return trim(value, 1);
  }
}

/** On an axis, where room is short: as exact as the step from one figure to the next, so that none is rounded. */
export function axisFigure(value: number, unit: Unit, step: number): string {
  switch (unit) {
    case 'minutes':
      return axisMinutes(value, step);
    case 'seconds':
      // Poll durations are fractions of a second: an axis of these is one of milliseconds.
      return step < 0.1 ? `${exact(value * 1_000, step * 1_000)} ms` : `${exact(value, step)} s`;
    case 'percent':
      return `${exact(value, step)} %`;
    default: {
      const sign = unit === 'dollars' ? '$' : '';
      return `${sign}${value >= 1_000 ? compact(value).replace(/\.?0+(?=[kMB]$)/, dropZeros) : exact(value, step)}`;
    }
  }
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

function axisMinutes(minutes: number, step: number): string {
  if (minutes === 0) return '0';
  if (minutes < 1) return `${exact(minutes * 60, step * 60)}s`;
  if (minutes < 120) return `${exact(minutes, step)}m`;
  const rest = Math.round(minutes) % 60;
  return `${Math.floor(Math.round(minutes) / 60)}h${rest === 0 ? '' : ` ${rest}m`}`;
}

/** Steps are 1, 2, 2.5 or 5 times a power of ten. */
function exact(value: number, step: number): string {
  return trim(value, Math.max(0, 1 - Math.floor(Math.log10(step) + 1e-9)));
}

function trim(value: number, digits: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
