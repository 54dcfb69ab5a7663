// Times inside sentences for people, to the minute and always in UTC. Where a program reads, times are milliseconds.

const MINUTE_MS = 60_000;

/** `2026-11-22 09:30 UTC`: the minute that it was. */
export function minuteOf(atMs: number): string {
  const date = new Date(atMs);
  if (Number.isNaN(date.getTime())) return 'an unknown time';
  return `${date.toISOString().slice(0, -':00.000Z'.length).replace('T', ' ')} UTC`;
}

/** Until then, or not before: rounded up, so that nobody is told of a minute that is over while it still holds. */
export function minuteAfter(atMs: number): string {
  return minuteOf(Math.ceil(atMs / MINUTE_MS) * MINUTE_MS);
}
