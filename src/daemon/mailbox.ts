// One daemon, one mailbox: events are taken one at a time, stamped with the clock, put through `step`, and the
// effects are carried out in order before the next event is taken.

import type { Effect, Event, EventBody } from '../contract/index.ts';
import { step as coreStep } from '../core/step.ts';
import type { CoreState } from '../core/state.ts';
import type { Clock } from './ports.ts';

export interface Mailbox {
  post(body: EventBody): void;
  /** Events that wait. */
  readonly waiting: number;
  /** Resolves when everything that waits now has been taken: back-pressure for those who post much. */
  drained(): Promise<void>;
}

export interface MailboxParts {
  readonly state: CoreState;
  readonly clock: Clock;
  readonly newUuid: () => string;
  /** Carries the effects of one step out; resolves when the next event may be taken. */
  readonly perform: (effects: readonly Effect[]) => Promise<void> | null;
  /** After each step, for journals and simulations. */
  readonly onStep?: ((event: Event, effects: readonly Effect[]) => void) | undefined;
  /** Absent = the core's own. */
  readonly step?: typeof coreStep | undefined;
  /** The core broke: nothing it says can be trusted any more. */
  readonly onBroken: (error: unknown, event: Event) => void;
}

/** Shifting an array of thousands is slow; the read part is cut off in pieces of this size. */
const COMPACT_AFTER = 1_024;

export function createMailbox(parts: MailboxParts): Mailbox {
  const step = parts.step ?? coreStep;
  let queue: (EventBody | undefined)[] = [];
  let head = 0;
  let pumping = false;
  let broken = false;
  const waiters: (() => void)[] = [];

  function next(): EventBody | undefined {
    const body = queue[head];
    if (body === undefined) return undefined;
    // A page of candidates is megabytes: it must not stay until the queue is cut.
    queue[head] = undefined;
    head += 1;
    if (head >= COMPACT_AFTER) {
      queue = queue.slice(head);
      head = 0;
    }
    return body;
  }

  async function pump(): Promise<void> {
    pumping = true;
    for (let body = next(); body !== undefined && !broken; body = next()) {
      const event: Event = {
        ...body,
        atMs: parts.clock.nowMs(),
        monotonicMs: parts.clock.monotonicMs(),
        uuid: parts.newUuid(),
      };
      try {
        const effects = step(parts.state, event);
        parts.onStep?.(event, effects);
        const done = parts.perform(effects);
        if (done !== null) await done;
      } catch (error) {
        broken = true;
        parts.onBroken(error, event);
      }
    }
    pumping = false;
    for (const resolve of waiters.splice(0)) resolve();
  }

  return {
    post(body) {
      if (broken) return;
      queue.push(body);
      if (!pumping) void pump();
    },
    get waiting() {
      return queue.length - head;
    },
    drained: () => (pumping ? new Promise((resolve) => waiters.push(resolve)) : Promise.resolve()),
  };
}
