// One life of the daemon: the real createDaemon with the real door, writer, saves and timers, between the moment it
// is started over the store and the moment it ends or is killed. Whatever is under way when it is killed never
// happens: nothing of a dead life reaches the world again.

import { StoreError, type StoreWrite } from '../../src/contract/index.ts';
import type { CoreState } from '../../src/core/state.ts';
import { step as coreStep } from '../../src/core/step.ts';
import { createDaemon, type Daemon } from '../../src/daemon/daemon.ts';
import type { Clock, Counters, DaemonParts, Log, WorkflowSource } from '../../src/daemon/ports.ts';
import { createTrackerDoor } from '../../src/daemon/tracker-door.ts';
import { createDirectWriter } from '../daemon/direct-writer.ts';
import { checkStore } from './check-consistency.ts';
import { createFakeExecutor } from './fake-executor.ts';
import { createFakeTracker } from './fake-tracker.ts';
import { lookBefore } from './observation.ts';
import type { World } from './world.ts';

export interface Life {
  readonly daemon: Daemon;
  alive: boolean;
  draining: boolean;
  savesInFlight: number;
  /** As logged. */
  lastError: string;
  /** The core's own, as last seen by a step. */
  state: CoreState | null;
  /** Monotonic: when the store could last be written again. */
  recoveredMs: number;
  /** Nothing is being written, and nothing waits to be written again. */
  quiet(): boolean;
}

const SNAPSHOT_EVERY_STEPS = 25;
/** A second, and whatever a slow write takes. */
const SAVED_WITHIN_MS = 1_500;
/** A clock that was set back holds the timers back as well. */
const MOST_SKEW_MS = 180_000;

type After = (delayMs: number, fire: () => void) => () => void;

/** @param onKilled the process died in the middle of a write. */
export function startLife(world: World, onKilled: () => void): Life {
  const { dice, time, checks, journal } = world;
  const after: After = (delayMs, fire) =>
    time.after(delayMs, () => {
      if (life.alive) fire();
    });
  const clock: Clock = { nowMs: world.wallMs, monotonicMs: time.nowMs, after };
  const adapter = createFakeTracker({
    book: world.book,
    dice: dice.fork(),
    faults: world.faults,
    after,
    states: () => ({ active: world.workflow.settings.tracker.activeStates }),
    streams: dice.chance(0.5),
    wallMs: world.wallMs,
    fail: world.fail,
  });
  const doors = { adapter: () => adapter, clock, counters, peace: { untilMs: 0 } };
  const tracker = createTrackerDoor({ ...doors, whenThrottled: 'wait' });
  const writer = createDirectWriter(tracker, counters);
  const executor = createFakeExecutor({
    dice: dice.fork(),
    faults: world.faults,
    book: world.book,
    tracker,
    writer,
    agentWriting: world.agentWriting,
    after,
    nowMs: time.nowMs,
    wallMs: world.wallMs,
    live: world.live,
    onSubmit(spec) {
      const { state } = life;
      if (state === null) return;
      if (world.removing.has(spec.issue.id)) world.fail(`${spec.issue.id} was started while its folder goes`);
      checks.dispatch.submitted(spec, state, world.live);
      checks.waits.submitted(spec.issue.id, state.settings.tracker.handoffState);
    },
  });
  const step = world.plant.step ?? coreStep;

  const parts: DaemonParts = {
    tracker: createTrackerDoor({ ...doors, whenThrottled: 'refuse' }),
    writer,
    executor,
    clock,
    log: {
      ...silent,
      error: (text, fields) => {
        life.lastError = `${text} ${JSON.stringify(fields ?? {})}`;
      },
    },
    counters,
    newUuid: world.newUuid,
    store: simulatedStore(world, () => life, after, onKilled),
    workflow: simulatedWorkflow(world, () => life, after),
    preflight: () =>
      new Promise((resolve) => {
        after(dice.int(0, 100), () => {
          resolve(dice.chance(world.faults.preflightFails) ? ['the agent command is missing'] : []);
        });
      }),
    removeWorkspace: (request) => removal(world, after, request),
    step(state, event) {
      if (!life.alive) return [];
      life.state = state;
      if (event.kind === 'store_recovered') life.recoveredMs = time.nowMs();
      const before = lookBefore(state, event);
      const effects = step(state, event);
      world.steps += 1;
      journal.take(event, effects);
      const observation = { event, effects, before, state };
      checks.gates.take(observation);
      checks.notifications.take(observation);
      checks.effects.take(observation);
      checks.words.take(observation);
      checks.consistency.take(observation);
      checks.waits.take(observation);
      checks.stale.take(observation);
      checks.spending.take(observation);
      checks.pauses.take(observation);
      checks.dispatch.take(observation);
      checks.work.take(observation);
      checks.agentWrites.take(observation);
      checks.pace.take(observation, time.nowMs());
      world.census.take(observation);
      return effects;
    },
  };

  const life: Life = {
    daemon: createDaemon(parts),
    alive: true,
    draining: false,
    savesInFlight: 0,
    lastError: '',
    recoveredMs: 0,
    state: null,
    quiet: () => life.savesInFlight === 0 && life.state?.storeFailing === false,
  };
  journal.begin(world.workflow.settings);
  checks.waits.begin(world.store);
  // Before anything is read: what the last life left on its way is told of first.
  world.agentWriting.begin({
    writing: life.daemon.issueWriting,
    written: life.daemon.issueWritten,
    after,
    // What is sent when nobody listens any more would be taken for a person's change by the next life.
    sends: () => life.state?.mode !== 'finished' && !life.state?.storeFailing,
    quiet: () => (life.state?.mode !== 'recovering' ? life.quiet() : true),
  });
  return life;
}

/** After each moment: do the core's claims and the store's rows say the same? */
export function checkLife(world: World): void {
  const { life } = world;
  if (life?.alive !== true || life.state === null || !life.quiet()) return;
  if (life.state.mode === 'recovering') return;
  checkStore(life.state, world.store, world.fail);
  const usedMs = world.checks.spending.lastUsageMs();
  const settledMs =
    Math.max(usedMs ?? 0, world.skewedAtMs + MOST_SKEW_MS, life.recoveredMs) + SAVED_WITHIN_MS;
  if (life.state.mode === 'running' && world.time.nowMs() > settledMs) {
    world.checks.spending.settled(life.state, world.store);
  }
  if (world.steps % SNAPSHOT_EVERY_STEPS === 0) checkSnapshot(life.daemon, world.fail);
}

/** What people are shown can be made, and shows nobody twice. */
function checkSnapshot(daemon: Daemon, fail: (message: string) => void): void {
  const shown = daemon.view.snapshot();
  if (shown === null) return fail('no snapshot after recovery');
  const ids = [...shown.running, ...shown.retrying, ...shown.parked].map(({ issueId }) => issueId);
  if (new Set(ids).size < ids.length) fail('the snapshot shows an issue twice');
}

function simulatedStore(
  { dice, faults, time, store, plant }: World,
  life: () => Life,
  after: After,
  onKilled: () => void,
): DaemonParts['store'] {
  let fullUntilMs = 0;

  function apply(writes: readonly StoreWrite[]): void {
    if (time.nowMs() < fullUntilMs || dice.chance(faults.storeError)) {
      throw new StoreError('write_failed', 'ENOSPC: no space left on device');
    }
    if (dice.chance(faults.storeFull)) fullUntilMs = time.nowMs() + dice.int(1_000, 600_000);
    store.apply(writes.filter(({ kind }) => plant.losesWrite?.(kind) !== true));
    if (dice.chance(faults.storeError / 4)) throw new StoreError('write_failed', 'the answer was lost');
  }

  return {
    load: () =>
      new Promise((resolve) => {
        after(dice.int(0, 50), () => {
          resolve(store.load());
        });
      }),
    apply(writes) {
      life().savesInFlight += 1;
      return new Promise((resolve, reject) => {
        after(dice.chance(0.02) ? dice.int(100, 2_000) : dice.int(0, 10), () => {
          if (dice.chance(faults.crashAtApply)) return onKilled();
          try {
            apply(writes);
          } catch (error) {
            life().savesInFlight -= 1;
            reject(error instanceof Error ? error : new Error(String(error)));
            return;
          }
          if (dice.chance(faults.crashAtApply)) return onKilled();
          life().savesInFlight -= 1;
          resolve();
        });
      });
    },
  };
}

function simulatedWorkflow(world: World, life: () => Life, after: After): WorkflowSource {
  return {
    current: () => world.workflow,
    reloadError: () => '',
    readAtMs: () => ({ loaded: 0, failed: null }),
    recheck: () =>
      new Promise((resolve) => {
        after(world.dice.int(0, 5), () => {
          const { unseenWorkflow, workflow: before } = world;
          if (unseenWorkflow !== null) {
            world.unseenWorkflow = null;
            world.workflow = unseenWorkflow;
            life().daemon.reloaded(before, unseenWorkflow);
          }
          resolve();
        });
      }),
  };
}

function removal(
  world: World,
  after: After,
  { issueId, path }: { issueId: string; path: string },
): Promise<void> {
  const { dice, faults, live, store, removing, fail } = world;
  for (const { spec } of live.values()) {
    if (spec.issue.id === issueId) fail(`the folder of ${issueId} goes while run ${spec.runId} lives`);
  }
  if (store.issues.get(issueId)?.workspacePath !== path) fail(`${path} goes, but it is not recorded`);
  if (world.life?.state?.mode !== 'running') fail(`${path} goes after shutdown began`);
  removing.add(issueId);
  return new Promise((resolve, reject) => {
    after(dice.int(0, 2_000), () => {
      removing.delete(issueId);
      if (dice.chance(faults.removalFails)) reject(new Error('EBUSY'));
      else resolve();
    });
  });
}

const nothing = (): void => undefined;
const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const counters: Counters = {
  countTokens: nothing,
  countDispatch: nothing,
  countWorkerExit: nothing,
  countRetry: nothing,
  countReconciliation: nothing,
  countPollCycle: nothing,
  countTrackerRequest: nothing,
  countHandoffTransition: nothing,
  countDispatchTransition: nothing,
  countTrackerComment: nothing,
  countNotification: nothing,
  countOperatorAction: nothing,
  countToolCall: nothing,
  countApproval: nothing,
  countOutboxWrite: nothing,
  countAuditEntries: nothing,
};
