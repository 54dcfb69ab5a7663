// UTC days, by arithmetic on the time that an event carries. What is spent is counted on the day on which it was
// reported.

import type { StoredDay } from '../contract/index.ts';
import { NOTHING_SPENT } from './spending.ts';

const DAY_MS = 86_400_000;

/** `2026-11-22` */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** 00:00 UTC of the day after. */
export function endOfDayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) + DAY_MS;
}

/**
 * What was spent on the day that it is now. A clock that was set back over midnight does not open the day before
 * again: its figures are forgotten. One that had been wrong by days is not believed.
 */
export function dayAt(known: StoredDay | null, atMs: number): StoredDay {
  const today = dayOf(atMs);
  if (known !== null && (known.day === today || known.day === dayOf(atMs + DAY_MS))) return known;
  return { day: today, ...NOTHING_SPENT };
}
