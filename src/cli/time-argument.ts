// A time on the command line: ISO-8601, a day, or how long ago (`-7d`, `24h`).

import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds since the epoch; times without a zone are UTC. */
export function timeArgument(text: string, nowMs = Date.now()): number {
  const ago = /^-?(\d{1,6})([mhdw])$/.exec(text.trim());
  const unit = UNITS[ago?.[2] ?? ''];
  if (ago !== null && unit !== undefined) return nowMs - Number(ago[1]) * unit;
  const zoned = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text) ? `${text}Z` : text;
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(zoned) : NaN;
  if (Number.isNaN(ms)) {
    throw new InvalidArgumentError('expected a time such as 2026-11-22, 2026-11-22T09:30:00Z or -7d.');
  }
  return ms;
}
