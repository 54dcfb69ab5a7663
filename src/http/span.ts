// The stretch of time that figures are asked for: in order, and no longer and in no more pieces than a chart can show,
// so that one request cannot make the store read for minutes.

import { ApiError } from './error-codes.ts';
import { readTime } from './time-parameter.ts';

export const BUCKETS_MS = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const;

const LONGEST_DAYS = 5 * 366;
const MOST_BUCKETS = 2_000;

export interface Span {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Throws `invalid_request` with the field's name. `bucketMs` null = all in one piece. */
export function spanOf(
  query: { readonly since: string; readonly until: string },
  nowMs: number,
  bucketMs: number | null,
): Span {
  const sinceMs = timeOf('since', query.since, nowMs);
  const untilMs = timeOf('until', query.until, nowMs);
  const lengthMs = untilMs - sinceMs;
  if (lengthMs <= 0) throw new ApiError('invalid_request', 'until: must be later than since');
  if (lengthMs > LONGEST_DAYS * BUCKETS_MS.day) {
    throw new ApiError('invalid_request', 'since: at most 5 years before until');
  }
  if (bucketMs !== null && lengthMs / bucketMs > MOST_BUCKETS) {
    throw new ApiError(
      'invalid_request',
      `bucket: at most ${MOST_BUCKETS} of them; take a longer one, or a later since`,
    );
  }
  return { sinceMs, untilMs };
}

export function timeOf(field: string, text: string, nowMs: number): number {
  const ms = readTime(text, nowMs);
  if (ms === null) throw new ApiError('invalid_request', `${field}: not a time`);
  return ms;
}
