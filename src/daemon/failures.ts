// What an adapter threw, as data for the core. Anything that is not a TrackerError is a fault of the adapter
// and counts as a passing one: a third party's bug must not park issues.

import {
  canSayThrottles,
  TrackerError,
  type TrackerAdapter,
  type TrackerFailure,
} from '../contract/index.ts';

/** `tracker`: who threw it; one that says its throttles also says whom they concern. */
export function trackerFailure(error: unknown, tracker: TrackerAdapter): TrackerFailure {
  if (error instanceof TrackerError) {
    const { kind, message, retryAfterMs } = error;
    if (retryAfterMs === undefined || !canSayThrottles(tracker)) return { kind, message, retryAfterMs };
    const othersGoOn = tracker.throttles().every(({ scope }) => scope !== 'all');
    return { kind, message, retryAfterMs, othersGoOn };
  }
  return { kind: 'tracker_transport_error', message: messageOf(error) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
