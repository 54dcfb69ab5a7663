// Points in time as people write them into a query: ISO-8601 (`2026-11-22`, `2026-11-22T09:30:00Z`), or relative to
// now (`-7d`, `-24h`, `now`). Without a zone a time is UTC. Whatever else is refused, never guessed at.

import { z } from 'zod';

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const RELATIVE = /^-(\d{1,6})([smhdw])$/;
const ABSOLUTE =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** null = it is no point in time. */
export function readTime(text: string, nowMs: number): number | null {
  if (text === 'now') return nowMs;
  const relative = RELATIVE.exec(text);
  if (relative !== null) {
    return nowMs - Number(relative[1]) * UNITS_MS[relative[2] as keyof typeof UNITS_MS];
  }
  const absolute = ABSOLUTE.exec(text);
  return absolute === null ? null : fromParts(absolute);
}

function fromParts(parts: RegExpExecArray): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const date = new Date(0);
  // Not Date.UTC: that one takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3)));
  // The 31st of April would quietly become the 1st of May.
  const isReal =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    minute < 60 &&
    second < 60;
  return isReal ? date.getTime() - offsetMs(parts[8]) : null;
}

function offsetMs(zone: string | undefined): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '');
  if (match === null) return 0;
  const size = Number(match[2]) * UNITS_MS.h + Number(match[3]) * UNITS_MS.m;
  return match[1] === '-' ? -size : size;
}

export const timeParameter = z
  .string()
  .max(64)
  .refine(
    (text) => readTime(text, 0) !== null,
    'not a time: give ISO-8601, or a relative one like -7d or -24h',
  );
