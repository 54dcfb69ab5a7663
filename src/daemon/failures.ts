// What an adapter threw, as data for the core. Anything that is not a TrackerError is a fault of the adapter
// and counts as a passing one: a third party's bug must not park issues.

import { TrackerError, type TrackerFailure } from '../contract/index.ts';

export function trackerFailure(error: unknown): TrackerFailure {
  if (error instanceof TrackerError) {
    return { kind: error.kind, message: error.message, retryAfterMs: error.retryAfterMs };
  }
  return { kind: 'tracker_transport_error', message: messageOf(error) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
