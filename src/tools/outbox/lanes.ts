// Lanes: the writes of one issue go one after another in the order of their recording; lanes go side by side, at most
// eight at work. A lane whose first write must wait stands still, and tells the orchestrator when that takes too long.

import { hasEnded, type OutboxWrite } from '../../contract/outbox.ts';
import { TrackerError } from '../../contract/tracker.ts';
import type { ToolLedger } from '../../contract/tool-ledger.ts';
import type { ToolsClock, ToolsLog } from '../ports.ts';
import type { Carrier } from './carry-out.ts';
import { messageOf } from './failures.ts';
import { isUnsent, type Item } from './item.ts';
import { createLimit } from '../../contract/limit.ts';
import type { OutboxPace } from './pace.ts';

const LANES_AT_WORK = 8;

/** Due times are by the wall clock, which may be set: it is looked at again at least so often. */
const LONGEST_NAP_MS = 60_000;

export interface LanesParts {
  readonly carrier: Carrier;
  readonly clock: ToolsClock;
  readonly ledger: Pick<ToolLedger, 'write'>;
  readonly log: ToolsLog;
  readonly pace: OutboxPace;
  readonly closing: () => boolean;
}

export interface Lanes {
  /** Behind those that were recorded before it. */
  add(item: Item): void;
  item(id: string): Item | undefined;
  /** Something about it has changed: it is not wanted any more. */
  wake(item: Item): void;
  all(): readonly Item[];
  /** Lets no lane take up more work; resolves when none is at work any more. */
  stop(): Promise<void>;
  /** Tells everything that is on its way to stop. */
  abort(reason: unknown): void;
}

interface Lane {
  readonly name: string;
  readonly items: Item[];
  wake: () => void;
}

export function createLanes(parts: LanesParts): Lanes {
  const { carrier, clock, log, pace } = parts;
  const limit = createLimit(LANES_AT_WORK);
  const lanes = new Map<string, Lane>();
  const byId = new Map<string, Item>();
  const running = new Set<Promise<void>>();

  function add(item: Item): void {
    const { row } = item;
    const lane = lanes.get(row.lane) ?? { name: row.lane, items: [], wake: () => undefined };
    byId.set(row.id, item);
    // Never before the first one, which may be at work. One without a number could not be read: it goes to the end.
    let place = lane.items.length;
    while (row.seq > 0 && place > 1 && (lane.items[place - 1]?.row.seq ?? 0) > row.seq) place -= 1;
    lane.items.splice(place, 0, item);
    if (lanes.has(lane.name)) return lane.wake();
    lanes.set(lane.name, lane);
    const done = run(lane).finally(() => running.delete(done));
    running.add(done);
  }

  async function run(lane: Lane): Promise<void> {
    while (!parts.closing()) {
      const unwanted = lane.items.find((item) => item.unwanted !== null && isUnsent(item));
      const item = unwanted ?? lane.items[0];
      if (item === undefined) break;
      await attempt(lane, item, () =>
        unwanted === undefined ? takeTurn(lane, item) : carrier.drop(item, item.unwanted ?? ''),
      );
    }
    if (lane.items.length === 0) lanes.delete(lane.name);
  }

  async function attempt(lane: Lane, item: Item, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await recover(lane, item, error);
    }
    if (hasEnded(item.row)) remove(lane, item);
  }

  async function takeTurn(lane: Lane, item: Item): Promise<void> {
    const due = carrier.due(item);
    if (due.kind !== 'wait') {
      await limit(async () => {
        if (!parts.closing()) await carrier.carryOut(item);
      });
      return;
    }
    const waitMs = due.untilMs - clock.nowMs();
    if (waitMs > pace.patienceMs) await disappoint(lane, item.row);
    if (!lane.items.some((one) => one.unwanted !== null && isUnsent(one)))
      await nap(lane, Math.min(waitMs, LONGEST_NAP_MS));
  }

  /** The orchestrator's writes that would wait too long are not made: it decides itself when to come again. */
  async function disappoint(lane: Lane, first: OutboxWrite): Promise<void> {
    for (const item of lane.items.slice(1)) {
      if (item.standing !== 'live' || item.unwanted !== null) continue;
      await attempt(lane, item, () => carrier.giveUp(item, waitsTooLong(first)));
    }
  }

  function nap(lane: Lane, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        lane.wake = () => undefined;
        resolve();
      };
      const cancel = clock.after(Math.max(0, ms), wake);
      lane.wake = wake;
      if (parts.closing()) wake();
    });
  }

  /** The table does not hold what we believe, or a mistake of ours: what is stored is the truth. */
  async function recover(lane: Lane, item: Item, error: unknown): Promise<void> {
    const { id } = item.row;
    log.error('a write to the tracker is not as it was believed to be', {
      write_id: id,
      error: messageOf(error),
    });
    await nap(lane, pace.storeRetryMs);
    try {
      const stored = await parts.ledger.write(id);
      const gone = { ...item.row, status: 'cancelled', detail: 'it is not recorded' } as const;
      carrier.adopt(item, stored ?? gone);
    } catch (failure) {
      log.error('the outbox cannot be read', { write_id: id, error: messageOf(failure) });
    }
  }

  function remove(lane: Lane, item: Item): void {
    const place = lane.items.indexOf(item);
    if (place >= 0) lane.items.splice(place, 1);
    byId.delete(item.row.id);
  }

  return {
    add,
    item: (id) => byId.get(id),
    wake: ({ row }) => lanes.get(row.lane)?.wake(),
    all: () => [...byId.values()],
    async stop() {
      for (const { wake } of lanes.values()) wake();
      await Promise.all(running);
    },
    abort(reason) {
      for (const { stop } of byId.values()) stop.abort(reason);
    },
  };
}

function waitsTooLong({ issue, detail }: OutboxWrite): TrackerError {
  return new TrackerError({
    kind: 'tracker_transport_error',
    method: 'write',
    path: issue.identifier,
    detail: `not sent: an earlier write to the issue waits: ${detail}`,
    applied: 'no',
  });
}
