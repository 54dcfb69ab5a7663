// How runs end, in the order in which they are listed and stacked, and what counts as success: the one definition of
// it on the page. Pure. A status that came with a newer daemon is no success.

export const RUN_STATUSES = [
  'succeeded',
  'needs_human_review',
  'blocked',
  'failed',
  'timed_out',
  'stalled',
  'cancelled',
  'interrupted',
] as const;

const GOOD = new Set<string>(['succeeded', 'needs_human_review']);
/** Runs that nobody judged: they say nothing about success. */
const UNJUDGED = new Set<string>(['cancelled', 'interrupted']);

/** Runs out of which a success rate is made. */
export interface Judged {
  readonly good: number;
  readonly judged: number;
}

export const NONE_JUDGED: Judged = { good: 0, judged: 0 };

/** @param status of `runs` runs; null = they have not ended, and do not count. */
export function judge({ good, judged }: Judged, status: string | null, runs = 1): Judged {
  if (status === null || UNJUDGED.has(status)) return { good, judged };
  return { good: GOOD.has(status) ? good + runs : good, judged: judged + runs };
}

/** In percent; null where none was judged: that is not 0 %. */
export function successRate({ good, judged }: Judged): number | null {
  return judged === 0 ? null : (100 * good) / judged;
}

export function isSuccess(status: string): boolean {
  return GOOD.has(status);
}

export function isUnjudged(status: string): boolean {
  return UNJUDGED.has(status);
}
