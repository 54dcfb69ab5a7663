// What a tracker threw, as data for the outbox: whether it was applied, and whether the same may go well later. The
// second is decided by the kind alone, as the core decides it for the handoff.

import { oneLine } from '../one-line.ts';
import { TrackerError, type TrackerErrorKind } from '../../contract/tracker.ts';

/** What a tracker says may hold a page. */
const MESSAGE_LIMIT = 1_000;

export interface WriteFailure {
  /** A TrackerErrorKind, or `unsupported_operation`. */
  readonly kind: string;
  /** One line. */
  readonly message: string;
  readonly applied: 'no' | 'unknown';
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
}

/** Whether repetition may cure it. What the tracker says of credentials, permissions and contents, it does not. */
const PASSES: Readonly<Record<TrackerErrorKind, boolean>> = {
  tracker_transport_error: true,
  tracker_api_error: true,
  tracker_missing_end_cursor: true,
  tracker_auth_error: false,
  tracker_not_found: false,
  tracker_payload_error: false,
  unsupported_tracker_kind: false,
  missing_tracker_api_key: false,
  missing_tracker_project: false,
};

/** Of a write that was sent. What is not a TrackerError (an abort, an adapter's fault) says nothing: it may be there. */
export function sendFailure(error: unknown): WriteFailure {
  if (!(error instanceof TrackerError)) {
    return {
      kind: 'tracker_transport_error',
      message: messageOf(error),
      applied: 'unknown',
      retryable: true,
      retryAfterMs: undefined,
    };
  }
  const { kind, applied, retryAfterMs } = error;
  return {
    kind,
    message: messageOf(error),
    applied,
    retryAfterMs,
    retryable: PASSES[kind] || retryAfterMs !== undefined,
  };
}

/** Of a question that was asked before anything was sent, or after an answer was lost. */
export function lookFailure(error: unknown): WriteFailure {
  return { ...sendFailure(error), applied: 'no' };
}

/** Found before sending: this tracker cannot do it at all. */
export function unsupported(what: string): WriteFailure {
  const message = `tracker: unsupported_operation: this tracker adapter cannot ${what}`;
  return { kind: 'unsupported_operation', message, applied: 'no', retryable: false, retryAfterMs: undefined };
}

export function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error), MESSAGE_LIMIT);
}
