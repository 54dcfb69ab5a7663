// The outbox: every write to the tracker is a durable row before it is sent, sent in the order of its issue's lane, and
// after a lost answer looked for before it is repeated. This file puts the parts together and keeps who waits; what
// follows what is decided in next-step.ts, and how a kind of write is sent and found in operations/.

import { setMaxListeners } from 'node:events';
import { hasEnded, type OutboxWrite } from '../../contract/outbox.ts';
import { auditFacts } from '../audit-facts.ts';
import type { FreshCheck, NewWrite, Outbox, ToolsParts } from '../ports.ts';
import { createCarrier } from './carry-out.ts';
import { messageOf } from './failures.ts';
import { answer, createItem, isUnsent, tellCancelling, type Item } from './item.ts';
import { createLanes } from './lanes.ts';
import { createOrchestratorWriter, type OrchestratorWrite } from './orchestrator-writer.ts';
import { PACE, type OutboxPace } from './pace.ts';
import { recorded } from './records.ts';
import { createWaiters } from './waiters.ts';

export { PACE, type OutboxPace } from './pace.ts';
export { livingCommentText } from './living-comment.ts';

export interface OutboxParts extends ToolsParts {
  readonly freshCheck: FreshCheck;
  /** Absent = PACE. */
  readonly pace?: OutboxPace | undefined;
}

export function createOutbox(parts: OutboxParts): Outbox {
  const { ledger, clock, log, tracker } = parts;
  const pace = parts.pace ?? PACE;
  const note = auditFacts({ nowMs: () => clock.nowMs(), redact: parts.redact });
  const listeners = new Set<(write: OutboxWrite) => void>();
  const waiters = createWaiters(ledger);
  const stopping = new AbortController();
  // Some for each request of each lane at work.
  setMaxListeners(0, stopping.signal);
  const naps = new Set<() => void>();
  let closing = false;
  /** Recordings and admissions, one after another: lanes keep the order in which the rows were recorded. */
  let door: Promise<unknown> = Promise.resolve();

  function changed(row: OutboxWrite): void {
    if (hasEnded(row)) waiters.ended(row);
    for (const listener of listeners) {
      try {
        listener(row);
      } catch (error) {
        log.error('a listener of the outbox failed', { error: messageOf(error) });
      }
    }
  }

  function pause(ms: number): Promise<boolean> {
    if (closing) return Promise.resolve(false);
    return new Promise((resolve) => {
      const over = (): void => {
        cancel();
        naps.delete(over);
        resolve(!closing);
      };
      const cancel = clock.after(ms, over);
      naps.add(over);
    });
  }

  const carrier = createCarrier({
    ...parts,
    pace,
    note,
    changed,
    pause,
    closing: () => closing,
    stopping: stopping.signal,
  });
  const lanes = createLanes({ carrier, clock, ledger, log, pace, closing: () => closing });

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = door.then(work);
    door = done.catch(() => undefined);
    return done;
  }

  function newRow(write: NewWrite, origin: OutboxWrite['origin']): OutboxWrite {
    return {
      ...write,
      seq: 0,
      origin,
      status: 'waiting',
      tries: 0,
      requestedAtMs: clock.nowMs(),
      sentAtMs: null,
      dueAtMs: null,
      endedAtMs: null,
      detail: '',
      result: null,
    };
  }

  /** As it is stored, with its number; one that is not there was never made durable, and is not sent. */
  async function admit(row: OutboxWrite): Promise<void> {
    if (lanes.item(row.id) !== undefined) return;
    const stored = await ledger.write(row.id).catch(() => row);
    if (stored === null) return log.error('a write was released that is not recorded', { write_id: row.id });
    if (!hasEnded(stored)) lanes.add(createItem(stored, 'agent'));
    changed(stored);
  }

  function writeLive(write: OrchestratorWrite, runId: string | null, signal: AbortSignal): Promise<void> {
    const { issue } = write;
    const id = parts.newUuid();
    const lane = `issue:${issue.id}`;
    const row = newRow({ id, lane, runId, issue, approvalId: null, write, before: null }, 'orchestrator');
    return inTurn(async () => {
      signal.throwIfAborted();
      if (closing) throw closed();
      await ledger.apply(recorded(row, note));
      const item = createItem((await ledger.write(id).catch(() => null)) ?? row, 'live');
      const answered = whenAnswered(item, signal);
      changed(item.row);
      lanes.add(item);
      // Not waited for in the door: others are recorded meanwhile.
      return { answered };
    }).then(({ answered }) => answered);
  }

  function whenAnswered(item: Item, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        item.unwanted ??= 'its run was cancelled before it was sent';
        answer(item, { error: signal.reason });
        if (isUnsent(item)) lanes.wake(item);
        else item.stop.abort(signal.reason);
      };
      const over = (): void => signal.removeEventListener('abort', onAbort);
      item.waiter = {
        resolve: () => (over(), resolve()),
        reject: (error) => (over(), reject(error as Error)),
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  async function cancel(id: string, why: string): Promise<boolean> {
    await inTurn(() => Promise.resolve());
    const item = lanes.item(id) ?? (await unreleased(id));
    if (item === null || !isUnsent(item)) return false;
    item.unwanted ??= why;
    const known = new Promise<boolean>((resolve) => item.cancelling.push(resolve));
    if (lanes.item(id) === undefined) await carrier.drop(item, why);
    else lanes.wake(item);
    return known;
  }

  async function unreleased(id: string): Promise<Item | null> {
    const stored = await ledger.write(id);
    return stored === null || hasEnded(stored) ? null : createItem(stored, 'agent');
  }

  return {
    writer: createOrchestratorWriter({ tracker, counters: parts.counters, write: writeLive }),
    rows: (writes) => writes.map((write) => newRow(write, 'agent')),
    recording: (writes) => writes.flatMap((row) => recorded(row, note)),
    release(writes) {
      for (const row of writes) void inTurn(() => admit(row));
    },
    whenEnded: (id, signal) => waiters.wait(id, signal),
    cancel,
    open: () => lanes.all().length,
    start: () =>
      inTurn(async () => {
        for (const row of await ledger.openWrites()) {
          if (lanes.item(row.id) !== undefined) continue;
          const item = createItem(row, row.origin === 'agent' ? 'agent' : 'left');
          // It may have landed already: whoever looks at the issue next must know that before its lane has its turn.
          if (!isUnsent(item)) carrier.announce(item);
          lanes.add(item);
        }
      }),
    async close() {
      if (closing) return;
      closing = true;
      for (const wake of [...naps]) wake();
      const stopped = lanes.stop();
      if (!(await within(stopped, pace.closeMs))) {
        stopping.abort(closed());
        lanes.abort(closed());
        await within(stopped, pace.abortMs);
      }
      for (const item of lanes.all()) {
        answer(item, { error: closed() });
        tellCancelling(item, false);
      }
      waiters.close(closed());
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };

  function within(work: Promise<void>, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const stop = clock.after(ms, () => resolve(false));
      work.then(
        () => (stop(), resolve(true)),
        () => (stop(), resolve(true)),
      );
    });
  }
}

function closed(): Error {
  return new DOMException('the outbox is closed; what was recorded is sent by the next daemon', 'AbortError');
}
