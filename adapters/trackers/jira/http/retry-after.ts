// The header Retry-After: seconds, or a date by the sender's clock.

/** Milliseconds from now, 0 or more; null = not given, or not understood. `date` is the answer's own `Date`. */
export function readRetryAfter(
  value: string | string[] | undefined,
  date: string | string[] | undefined,
  wallMs: number,
): number | null {
  const text = firstOf(value);
  if (text === '') return null;
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const at = readHttpDate(text);
  if (at === null) return null;
  return Math.max(0, at - (readHttpDate(firstOf(date)) ?? wallMs));
}

/** Milliseconds since 1970; null when it is no HTTP date. */
export function readHttpDate(text: string): number | null {
  // All three forms begin with a weekday; `Date.parse` alone takes "1" for a year.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return null;
  // The form of asctime says no zone and means GMT.
  const at = Date.parse(/GMT|UTC|[+-]\d{4}$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(at) ? null : at;
}

function firstOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value)?.trim() ?? '';
}
