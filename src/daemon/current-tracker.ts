// The tracker adapter in force. A reload may bring other credentials, filters and states; another tracker
// (by the adapter's own word for what it is) takes a restart, because the store is keyed by it.

import type { TrackerAdapter, TrackerContext, TrackerRegistration } from '../contract/index.ts';

export interface CurrentTracker {
  readonly identity: string;
  current(): TrackerAdapter;
  /** Whether these settings still name the tracker that the store is keyed by. */
  isNamedBy(context: TrackerContext): boolean;
  /** Throws, and changes nothing, when the settings name another tracker or the adapter refuses them. */
  replace(context: TrackerContext): void;
}

export function createCurrentTracker(
  registration: TrackerRegistration,
  context: TrackerContext,
): CurrentTracker {
  const identity = registration.identity(context);
  let adapter = registration.create(context);
  return {
    identity,
    current: () => adapter,
    isNamedBy: (other) => registration.identity(other) === identity,
    replace(next) {
      if (registration.identity(next) !== identity) {
        throw new Error('the settings name another tracker: restart the daemon to change it');
      }
      adapter = registration.create(next);
    },
  };
}
