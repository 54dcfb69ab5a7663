// What the readiness probe is told. The database is asked once a tick and not by the probe, which must not wait
// for a disk.

import type { Notice, Readiness, Snapshot, Store, Throttle } from '../contract/index.ts';
import type { Clock } from './ports.ts';

export interface HealthParts {
  readonly version: string;
  readonly clock: Clock;
  readonly store: Pick<Store, 'ping'>;
  readonly snapshot: () => Snapshot | null;
  readonly storeFailing: () => boolean;
  readonly reloadError: () => string;
  readonly readAtMs: () => { readonly loaded: number; readonly failed: number | null };
  readonly throttles: () => readonly Throttle[];
}

export interface Health {
  readiness(): Readiness;
  take(notice: Notice): void;
}

export function createHealth(parts: HealthParts): Health {
  const startedMs = parts.clock.monotonicMs();
  let databaseAnswers = true;
  let trackerError: Readiness['trackerError'] = null;
  return {
    take(notice) {
      if (isOfTracker(notice)) trackerError = { atMs: parts.clock.nowMs(), message: notice.message };
      if (notice.kind !== 'tick_completed') return;
      parts.store.ping().then(
        () => (databaseAnswers = true),
        () => (databaseAnswers = false),
      );
    },
    readiness() {
      const snapshot = parts.snapshot();
      const reloadError = parts.reloadError();
      const { loaded, failed } = parts.readAtMs();
      return {
        draining: snapshot?.mode === 'draining',
        version: parts.version,
        uptimeSeconds: (parts.clock.monotonicMs() - startedMs) / 1000,
        checks: {
          database: databaseAnswers && !parts.storeFailing() ? 'pass' : 'fail',
          // Before recovery has finished nothing can be dispatched either.
          preflight: snapshot?.preflightProblems.length === 0 ? 'pass' : 'fail',
          workflow: reloadError === '' ? 'pass' : 'warn',
        },
        reloadError,
        throttles: parts.throttles(),
        workflowLoadedAtMs: loaded,
        reloadFailedAtMs: failed,
        trackerError,
      };
    },
  };
}

/** A handoff or a start may also fail for the store or a full house: the tracker's errors say whose they are. */
function isOfTracker(notice: Notice): notice is Notice & { readonly message: string } {
  if (notice.kind === 'fetch_failed') return true;
  if (notice.kind !== 'handoff_failed' && notice.kind !== 'dispatch_failed') return false;
  return notice.message.startsWith('tracker: ');
}
