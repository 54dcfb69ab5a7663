// An outbox over a ledger in memory and a tracker whose answers the test gives one by one, by a clock that goes on by
// hand.

import type { OutboxWrite } from '../../../src/contract/outbox.ts';
import { TrackerError, type TrackerErrorFacts } from '../../../src/contract/tracker.ts';
import { createOutbox, type OutboxParts } from '../../../src/tools/outbox/index.ts';
import type { NewWrite, Outbox } from '../../../src/tools/ports.ts';
import { HandClock, settled } from '../../daemon/hand-clock.ts';
import { createMemoryLedger, emptyContents, type LedgerContents } from './memory-ledger.ts';
import { outboxParts } from './outbox-parts.ts';

type Method = (...args: unknown[]) => Promise<unknown>;

export function trackerError(change: Partial<TrackerErrorFacts> = {}): TrackerError {
  const facts = { kind: 'tracker_transport_error', method: 'POST', path: '/', detail: 'away' } as const;
  return new TrackerError({ ...facts, ...change });
}

export const LOST = trackerError();
export const SURELY_NOT = trackerError({ applied: 'no' });

export interface Stage {
  readonly outbox: Outbox;
  readonly clock: HandClock;
  readonly contents: LedgerContents;
  /** Every call that reached the tracker: `addKeyedComment 1 text w`. */
  readonly asked: string[];
  readonly counted: string[];
  readonly witnessed: string[];
  readonly timeline: readonly {
    readonly kind: string;
    readonly ok: boolean | null;
    readonly detail: string;
  }[];
  record(...writes: readonly NewWrite[]): Promise<void>;
  row(id?: string): OutboxWrite;
  /** Lets time pass, and everything that it brings about. */
  pass(ms: number): Promise<void>;
  endings(): readonly (string | null)[];
}

/** Methods of the tracker by name; each returns or throws what it answers. */
export function aStage(
  methods: Readonly<Record<string, (...args: never[]) => unknown>>,
  change: Partial<OutboxParts> = {},
  contents: LedgerContents = emptyContents(),
): Stage {
  const asked: string[] = [];
  const tracker: Record<string, Method> = {};
  for (const [name, answer] of Object.entries(methods)) {
    tracker[name] = async (...args) => {
      const said = args.slice(0, -1).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
      asked.push([name, ...said].join(' '));
      return answer(...(args as never[]));
    };
  }
  const clock = new HandClock();
  const { ledger, rows, audit } = createMemoryLedger(contents);
  const made = outboxParts({ tracker, ledger, clock }, change);
  const outbox = createOutbox(made.parts);
  return {
    ...made,
    outbox,
    clock,
    contents,
    asked,
    async record(...writes) {
      const recorded = outbox.rows(writes);
      await ledger.apply(outbox.recording(recorded));
      outbox.release(recorded);
      await settled();
    },
    row(id) {
      const found = rows().find((one) => id === undefined || one.id === id);
      if (found === undefined) throw new Error(`no row ${id}`);
      return found;
    },
    async pass(ms) {
      await settled();
      clock.pass(ms);
      await settled();
      await settled();
    },
    endings: () =>
      audit.filter(({ kind }) => kind === 'write_ended').map(({ writeId, answer }) => `${writeId} ${answer}`),
  };
}
