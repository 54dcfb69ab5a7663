// The state machine alone: whatever happens in whatever order, nothing is sent twice without a look in between, what has
// ended stays ended, and waits are bounded.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasEnded, OUTBOX_STATUSES } from '../../../src/contract/outbox.ts';
import type { WriteFailure } from '../../../src/tools/outbox/failures.ts';
import { dueWork, nextStep, type Circumstances, type Happened } from '../../../src/tools/outbox/next-step.ts';
import { PACE } from '../../../src/tools/outbox/pace.ts';
import { comment, issue, move, row } from './outbox-parts.ts';

const result = { issue, entryId: '', url: '', wasThere: false };

const failure: fc.Arbitrary<WriteFailure> = fc.record({
  kind: fc.constantFrom(
    'tracker_transport_error',
    'tracker_api_error',
    'tracker_payload_error',
    'tracker_not_found',
  ),
  message: fc.constant('no'),
  applied: fc.constantFrom('no', 'unknown'),
  retryable: fc.boolean(),
  retryAfterMs: fc.option(fc.nat(7_200_000), { nil: undefined }),
});
/** What may come of a send, and of a look. */
const sent: fc.Arbitrary<Happened> = fc.oneof(
  fc.constant<Happened>({ kind: 'confirmed', result }),
  failure.map((one): Happened => ({ kind: 'failed', failure: one })),
);
const looked: fc.Arbitrary<Happened> = fc.oneof(
  fc.constant<Happened>({ kind: 'found', result }),
  fc.constant<Happened>({ kind: 'absent' }),
  fc.constant<Happened>({ kind: 'harmless' }),
  fc.constant<Happened>({ kind: 'unknowable', why: 'nobody can' }),
  failure.map((one): Happened => ({ kind: 'look_failed', failure: one })),
);
const life = fc.record({
  standing: fc.constantFrom('agent', 'live', 'left'),
  surfacing: fc.constantFrom('harmless', 'compared', 'repeated', 'indexed'),
  write: fc.constantFrom(comment(), move),
  turns: fc.array(fc.record({ sent, looked, tookMs: fc.nat(100_000), dies: fc.boolean() }), {
    maxLength: 60,
  }),
});

const at = (nowMs: number, change: Partial<Circumstances> = {}): Circumstances => ({
  standing: 'agent',
  surfacing: 'repeated',
  nowMs,
  pace: PACE,
  ...change,
});

describe('a write of the outbox', () => {
  it('is never sent again without a look, and stays ended', () => {
    fc.assert(
      fc.property(life, ({ standing, surfacing, write, turns }) => {
        let one = row({ write });
        let nowMs = 0;
        let doubtful = false;
        for (const turn of turns) {
          const how = at((nowMs += turn.tookMs), { standing, surfacing });
          const due = dueWork(one, how);
          if (due.kind === 'wait') nowMs = due.untilMs;
          const now = at(nowMs, { standing, surfacing });
          const work = due.kind === 'wait' ? dueWork(one, now) : due;
          expect(work.kind).not.toBe('wait');
          if (work.kind === 'send') {
            expect(doubtful).toBe(false);
            one = nextStep(one, { kind: 'begun' }, now);
            doubtful = true;
            // Cut off right here: the row says `sending`.
            if (turn.dies) continue;
            one = nextStep(one, turn.sent, now);
            if (one.status === 'waiting') doubtful = false;
          } else if (work.kind === 'look') {
            one = nextStep(one, turn.looked, now);
            if (one.status === 'waiting') doubtful = false;
          } else if (work.kind === 'drop') {
            one = nextStep(one, { kind: 'unwanted', why: work.why }, now);
          }
          if (hasEnded(one)) break;
          if (one.dueAtMs !== null) expect(one.dueAtMs - nowMs).toBeLessThanOrEqual(7_200_000);
          if (one.dueAtMs !== null) expect(one.dueAtMs).toBeLessThanOrEqual(PACE.giveUpMs + nowMs);
        }
        if (hasEnded(one)) {
          expect(one.endedAtMs).toBe(nowMs);
          expect(() => dueWork(one, at(nowMs))).toThrow(/has ended/);
          expect(() => nextStep(one, { kind: 'begun' }, at(nowMs))).toThrow(/cannot happen/);
        }
      }),
    );
  });

  it('refuses to be begun in any state but waiting', () => {
    for (const status of OUTBOX_STATUSES.filter((other) => other !== 'waiting')) {
      expect(() => nextStep(row({ status }), { kind: 'begun' }, at(0))).toThrow(/cannot happen/);
    }
  });

  it('waits twice as long after each try, up to five minutes, and as long as it is told to', () => {
    const no: WriteFailure = {
      ...{ kind: 'tracker_transport_error', message: 'away', applied: 'no', retryable: true },
      retryAfterMs: undefined,
    };
    const waits = [1, 2, 3, 6, 7, 20].map((tries) => {
      const after = nextStep(row({ status: 'sending', tries }), { kind: 'failed', failure: no }, at(0));
      return after.dueAtMs;
    });
    expect(waits).toEqual([5_000, 10_000, 20_000, 160_000, 300_000, 300_000]);
    const told = { ...no, retryAfterMs: 700_000 };
    const after = nextStep(row({ status: 'sending', tries: 1 }), { kind: 'failed', failure: told }, at(0));
    expect(after).toMatchObject({ status: 'waiting', dueAtMs: 700_000, detail: 'away' });
  });

  it('asks again when the tracker says, however old it is, and never in a loop', () => {
    const old = { ...row(), status: 'unsure', tries: 1, requestedAtMs: 0, sentAtMs: 0 } as const;
    const askedAgainInMs = (retryAfterMs: number | undefined): number | null => {
      const failure = {
        kind: 'tracker_api_error',
        message: 'not yet',
        applied: 'unknown',
        retryable: true,
      } as const;
      const next = nextStep(old, { kind: 'look_failed', failure: { ...failure, retryAfterMs } }, at(200_000));
      return next.dueAtMs === null ? null : next.dueAtMs - 200_000;
    };
    expect([undefined, 4_000, 0].map(askedAgainInMs)).toEqual([200_000, 4_000, 1_000]);
  });

  it('is given up after a day, and when the tracker keeps refusing without a word of when', () => {
    const no: WriteFailure = {
      ...{ kind: 'tracker_api_error', message: '409', applied: 'no', retryable: true },
      retryAfterMs: undefined,
    };
    const happened: Happened = { kind: 'failed', failure: no };
    const late = nextStep(row({ status: 'sending', tries: 3 }), happened, at(PACE.giveUpMs));
    expect(late).toMatchObject({ status: 'failed', detail: 'given up: 409' });
    const sending = row({ status: 'sending', tries: PACE.refusedTries });
    expect(nextStep(sending, happened, at(1))).toMatchObject({ status: 'failed' });
    const throttled: Happened = { kind: 'failed', failure: { ...no, retryAfterMs: 1_000 } };
    expect(nextStep(sending, throttled, at(1))).toMatchObject({ status: 'waiting' });
  });

  it('believes "not there" only after the last look of its kind', () => {
    let one = row({ status: 'unsure', tries: 1, sentAtMs: 0, dueAtMs: 0 });
    const looks: (number | null)[] = [];
    for (let nowMs = 0; one.status === 'unsure'; nowMs = one.dueAtMs ?? 0) {
      one = nextStep(one, { kind: 'absent' }, at(nowMs, { surfacing: 'indexed' }));
      looks.push(one.dueAtMs);
    }
    expect(looks).toEqual([2_000, 10_000, 30_000, 60_000, 60_000]);
    expect(one.status).toBe('waiting');
  });

  it("leaves a lost move of the orchestrator's to a new decision, and lets what it says be said late", () => {
    const left = { standing: 'left' } as const;
    expect(dueWork(row({ write: move }), at(0, left))).toMatchObject({ kind: 'drop' });
    expect(dueWork(row(), at(0, left))).toEqual({ kind: 'send' });
    const unsure = row({ write: move, status: 'unsure', tries: 1, sentAtMs: 0 });
    expect(nextStep(unsure, { kind: 'absent' }, at(60_000, left))).toMatchObject({ status: 'cancelled' });
    expect(nextStep(unsure, { kind: 'found', result }, at(60_000, left))).toMatchObject({
      status: 'done',
      result: { wasThere: true },
    });
  });
});
