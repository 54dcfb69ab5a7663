// Counts what has happened in a world, so that a test can tell a simulation that meets every situation from one
// that is green because nothing happens in it.

import type { Observation } from './observation.ts';

export interface Census {
  take(observation: Observation): void;
  count(what: string): void;
  readonly counts: ReadonlyMap<string, number>;
}

export function createCensus(): Census {
  const counts = new Map<string, number>();

  function count(what: string): void {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }

  return {
    counts,
    count,
    take({ event, effects, before }) {
      count(event.kind);
      if (event.kind === 'issue_writing' || event.kind === 'issue_written') {
        const what = event.kind === 'issue_writing' ? 'writing' : 'written';
        count(`${what} while ${before.claims.get(event.issueId)?.stage ?? 'unclaimed'}`);
        count(`${what} in mode ${before.mode}`);
      }
      if (event.kind === 'run_ended') {
        const { exit } = event;
        if (exit.kind === 'normal') count(`normal ${exit.end}`);
        else count(exit.kind === 'failed' ? `failed ${exit.failure.kind}` : `cancelled ${exit.reason}`);
        if (exit.kind === 'failed' && exit.failure.reason) count(`because of ${exit.failure.reason}`);
      }
      for (const effect of effects) {
        if (effect.kind === 'save') {
          for (const write of effect.writes) {
            count(`write ${write.kind}`);
            if (write.kind === 'queue_notification') count(`queued ${write.notification.event}`);
          }
        }
        if (effect.kind === 'stop_run') count(`stopped ${effect.reason}`);
        if (effect.kind !== 'tell') count(`effect ${effect.kind}`);
        else if (effect.notice.kind === 'parked') count(`parked ${effect.notice.reason}`);
        else if (effect.notice.kind === 'dispatch_paused') count(`paused by ${effect.notice.reason}`);
        else if (effect.notice.kind === 'dispatch_resumed') count(`resumed after ${effect.notice.reason}`);
        else if (effect.notice.kind === 'park_ended') count(`park ended by ${effect.notice.by}`);
        else if (effect.notice.kind === 'drained' && effect.notice.leftBehind > 0) count('left behind');
        else count(`told ${effect.notice.kind}`);
      }
    },
  };
}
