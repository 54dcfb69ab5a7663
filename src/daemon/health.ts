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
  readonly throttles: () => readonly Throttle[];
}

export interface Health {
  readiness(): Readiness;
  take(notice: Notice): void;
}

export function createHealth(parts: HealthParts): Health {
  const startedMs = parts.clock.monotonicMs();
  let databaseAnswers = true;
  return {
    take(notice) {
      if (notice.kind !== 'tick_completed') return;
      parts.store.ping().then(
        () => (databaseAnswers = true),
        () => (databaseAnswers = false),
      );
    },
    readiness() {
      const snapshot = parts.snapshot();
      const reloadError = parts.reloadError();
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
      };
    },
  };
}
