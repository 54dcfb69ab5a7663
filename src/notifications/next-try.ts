// When a message is tried again, or that it is not: pure. 10 s, doubled at each failure up to an hour, for a day; a
// receiver that names a time is not asked before it, unless that is beyond the day: then once more at its end.

const FIRST_MS = 10_000;
const LONGEST_MS = 3_600_000;
const GIVEN_UP_AFTER_MS = 86_400_000;
/** More than fit into a day: a clock that was set back must not make it go on for ever. */
const MOST_FAILURES = 40;

export interface FailedTry {
  /** When it happened that the message is about. */
  readonly atMs: number;
  /** Before this one. */
  readonly failures: number;
  readonly nowMs: number;
  /** null = the receiver named no time. */
  readonly retryAfterMs: number | null;
}

/** null = given up. */
export function nextTryMs({ atMs, failures, nowMs, retryAfterMs }: FailedTry): number | null {
  if (failures + 1 >= MOST_FAILURES) return null;
  const backoffMs = Math.min(FIRST_MS * 2 ** failures, LONGEST_MS);
  const lastMs = atMs + GIVEN_UP_AFTER_MS;
  if (nowMs + backoffMs > lastMs) return null;
  return Math.min(nowMs + Math.max(backoffMs, retryAfterMs ?? 0), lastMs);
}

/** The header Retry-After, in seconds or as a date; null = not given, or not understood. Never negative. */
export function retryAfterOf(header: string | string[] | undefined, nowMs: number): number | null {
  const text = (Array.isArray(header) ? header[0] : header)?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // `Date.parse` alone takes "1" for a year; all forms of HTTP dates begin with a weekday.
  const at = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
