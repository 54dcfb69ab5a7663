// The gauges that say how things stand now. They are computed from the daemon's snapshot at each scrape
// instead of being kept in step with every event, so they cannot drift from what the API shows.

import type { Registry } from 'prom-client';
import { DISPATCH_MODES } from '../contract/controls.ts';
import { PAUSE_REASONS } from '../contract/snapshot.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { PARK_REASONS } from '../contract/store.ts';
import type { Throttle } from '../contract/tracker-capabilities.ts';
import { gaugeOf } from './metric-instruments.ts';

export function registerSnapshotGauges(
  registry: Registry,
  snapshot: () => Snapshot | null,
  nowMs: () => number,
  throttles: () => readonly Throttle[],
): void {
  gaugeOf(registry, 'trackerThrottled', (gauge) => {
    gauge.set(Math.max(0, ...throttles().map(({ untilMs }) => (untilMs - nowMs()) / 1000)));
  });
  gaugeOf(registry, 'sessionsRunning', (gauge) => gauge.set(snapshot()?.running.length ?? 0));
  gaugeOf(registry, 'sessionsRetrying', (gauge) => gauge.set(snapshot()?.retrying.length ?? 0));
  gaugeOf(registry, 'slotsAvailable', (gauge) => gauge.set(slotsAvailable(snapshot())));
  gaugeOf(registry, 'activeSessionsElapsed', (gauge) => gauge.set(elapsedSeconds(snapshot(), nowMs())));
  gaugeOf(registry, 'dispatchPaused', (gauge) => {
    const pauses = snapshot()?.pauses ?? [];
    for (const reason of PAUSE_REASONS) {
      gauge.set({ reason }, pauses.some((pause) => pause.reason === reason) ? 1 : 0);
    }
  });
  gaugeOf(registry, 'breakerOpen', (gauge) => {
    gauge.set(snapshot()?.pauses.some(({ reason }) => reason === 'breaker') === true ? 1 : 0);
  });
  gaugeOf(registry, 'dispatchMode', (gauge) => {
    const now = snapshot()?.dispatch.mode;
    for (const mode of DISPATCH_MODES) gauge.set({ mode }, mode === now ? 1 : 0);
  });
  gaugeOf(registry, 'issuesWaiting', (gauge) => gauge.set(snapshot()?.waitingTotal ?? 0));
  registerHandoffGauges(registry, snapshot);
  gaugeOf(registry, 'issuesParked', (gauge) => {
    const parked = snapshot()?.parked ?? [];
    for (const reason of PARK_REASONS) {
      gauge.set({ reason }, parked.filter((entry) => entry.reason === reason).length);
    }
  });
}

/** Without a limit nothing is counted, and a 0 would say that nobody has to review anything. */
function registerHandoffGauges(registry: Registry, snapshot: () => Snapshot | null): void {
  gaugeOf(registry, 'handoffIssues', (gauge) => {
    const handoff = snapshot()?.handoff ?? null;
    if (handoff === null) gauge.remove();
    else gauge.set(handoff.count);
  });
  gaugeOf(registry, 'handoffLimit', (gauge) => {
    const handoff = snapshot()?.handoff ?? null;
    if (handoff === null) gauge.remove();
    else gauge.set(handoff.limit);
  });
}

/** A lowered limit can leave more runs than slots: that is 0 free ones, not fewer. */
function slotsAvailable(snapshot: Snapshot | null): number {
  if (snapshot === null) return 0;
  return Math.max(0, snapshot.slots.limit - snapshot.slots.used);
}

function elapsedSeconds(snapshot: Snapshot | null, nowMs: number): number {
  const running = snapshot?.running ?? [];
  return running.reduce((sum, { startedAtMs }) => sum + Math.max(0, nowMs - startedAtMs) / 1000, 0);
}
