// The arithmetic of usage and cost: whatever the order of reports, turns, resumed sessions, new ones and restarts, what
// is booked sums to what was really used, and a reported cost takes the place of the estimates it speaks for.

import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import type { Spending, StoredSessionUsage, TokenRates, TokenUsage } from '../../src/contract/index.ts';
import {
  account,
  estimateUsd,
  NOTHING_RUN,
  NOTHING_SPENT,
  UNUSED_SESSION,
  type Books,
} from '../../src/core/spending.ts';

const RATES: TokenRates = { inputPerMtok: 3, outputPerMtok: 15, cacheReadPerMtok: 0.3, cacheWritePerMtok: 6 };

function usage(facts: Partial<TokenUsage> = {}): TokenUsage {
  return { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, model: 'm', costUsd: null, ...facts };
}

const nothing: Books = {
  run: NOTHING_RUN,
  session: UNUSED_SESSION,
  issue: NOTHING_SPENT,
  day: NOTHING_SPENT,
};

/** The next run of the same issue and session on the same day. */
const nextRun = (books: Books): Books => ({ ...books, run: NOTHING_RUN });

describe('an estimate', () => {
  const M = 1_000_000;

  it('has a price of its own for what is written to a cache', () => {
    expect(estimateUsd(usage({ inputTokens: 3 * M, cacheWriteTokens: M }), RATES)).toBeCloseTo(2 * 3 + 6);
  });

  it('takes the price of input where none is given for the cache', () => {
    const { cacheWritePerMtok: _, ...plain } = RATES;
    expect(estimateUsd(usage({ inputTokens: 3 * M, cacheWriteTokens: M }), plain)).toBeCloseTo(9);
  });

  it('never counts more tokens written than were put in', () => {
    expect(estimateUsd(usage({ inputTokens: M, cacheWriteTokens: 5 * M }), RATES)).toBeCloseTo(6);
  });

  it('does not exist without rates', () => {
    expect(estimateUsd(usage({ inputTokens: M }), undefined)).toBeNull();
  });
});

describe('a reported cost', () => {
  const M = 1_000_000;

  it('takes the place of what was estimated since the last report', () => {
    let books = account(nothing, usage({ inputTokens: M }), RATES);
    expect(books.run).toMatchObject({ costUsd: 3, costEstimated: true });
    books = account(books, usage({ inputTokens: M, costUsd: 5 }), RATES);
    expect(books.run).toMatchObject({ costUsd: 5, costEstimated: false });
    expect(books.issue).toMatchObject({ inputTokens: 2 * M, costUsd: 5 });
    expect(books.session).toMatchObject({ reportedCostUsd: 5, pendingCostUsd: 0 });
  });

  it('also takes the place of what an earlier run of the session had estimated', () => {
    const first = account(nothing, usage({ inputTokens: M }), RATES);
    const second = account(nextRun(first), usage({ costUsd: 7 }), RATES);
    expect(second.run).toMatchObject({ costUsd: 4, costEstimated: false });
    expect(second.issue.costUsd).toBe(7);
    expect(second.day.costUsd).toBe(7);
  });

  it('below that estimate takes from the issue and the day, never from a run that has less', () => {
    const first = account(nothing, usage({ inputTokens: M }), RATES);
    const second = account(nextRun(first), usage({ costUsd: 1 }), RATES);
    expect(second.run.costUsd).toBe(0);
    expect(second.issue.costUsd).toBe(1);
    expect(second.day.costUsd).toBe(1);
  });

  it('on another day takes from that day no more than it has', () => {
    const first = account(nothing, usage({ inputTokens: M }), RATES);
    const second = account({ ...nextRun(first), day: NOTHING_SPENT }, usage({ costUsd: 1 }), RATES);
    expect(second.day.costUsd).toBe(0);
  });

  it('leaves an estimate that nobody will ever replace marked as one', () => {
    let books = account(nothing, usage({ inputTokens: M }), RATES);
    books = {
      ...books,
      session: UNUSED_SESSION,
      run: { ...books.run, keepsEstimate: books.run.costEstimated },
    };
    books = account(books, usage({ costUsd: 2 }), RATES);
    expect(books.run).toMatchObject({ costUsd: 5, costEstimated: true });
  });
});

type Act =
  | {
      readonly kind: 'work';
      readonly input: number;
      readonly output: number;
      readonly cached: number;
      readonly usd: number;
    }
  /** The agent says what it has used; with or without its cost. */
  | { readonly kind: 'report'; readonly cost: boolean }
  | { readonly kind: 'save' }
  | { readonly kind: 'run' }
  /** The daemon dies: what was booked since the last save is lost, and the session is resumed from there. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'new session' };

const amount = fc.integer({ min: 0, max: 10_000 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('work' as const),
      input: amount,
      output: amount,
      cached: amount,
      usd: fc.integer({ min: 0, max: 64 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('report' as const), cost: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'save' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'run' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'new session' as const }) },
);

interface Totals {
  input: number;
  output: number;
  cached: number;
  usd: number;
}

/** An agent with session-cumulative figures, an adapter that sends increments against them, and our books. */
class Model {
  truth: Totals = { input: 0, output: 0, cached: 0, usd: 0 };
  books: Books = nothing;
  private stored: { issue: Spending; session: StoredSessionUsage } = {
    issue: NOTHING_SPENT,
    session: UNUSED_SESSION,
  };
  private session: Totals = { input: 0, output: 0, cached: 0, usd: 0 };
  /** What the adapter has sent of it. */
  private sent: Totals = { input: 0, output: 0, cached: 0, usd: 0 };

  take(one: Act): void {
    switch (one.kind) {
      case 'work':
        for (const totals of [this.session, this.truth]) {
          totals.input += one.input;
          totals.output += one.output;
          totals.cached += one.cached;
          totals.usd += one.usd;
        }
        return;
      case 'report':
        return this.report(one.cost);
      case 'save':
        this.stored = { issue: this.books.issue, session: this.books.session };
        return;
      case 'run':
        this.books = nextRun(this.books);
        return;
      case 'restart': {
        const { issue, session } = this.stored;
        this.books = { run: NOTHING_RUN, session, issue, day: issue };
        const { inputTokens: input, outputTokens: output, cacheReadTokens: cached } = session;
        this.sent = { input, output, cached, usd: session.reportedCostUsd };
        return;
      }
      case 'new session':
        // What a session has not told before it goes nobody will ever know.
        this.report(true);
        this.session = { input: 0, output: 0, cached: 0, usd: 0 };
        this.sent = { ...this.session };
        this.books = { ...this.books, session: UNUSED_SESSION };
        this.take({ kind: 'save' });
    }
  }

  report(cost: boolean): void {
    const { session, sent } = this;
    this.books = account(
      this.books,
      usage({
        inputTokens: session.input - sent.input,
        outputTokens: session.output - sent.output,
        cacheReadTokens: session.cached - sent.cached,
        costUsd: cost ? session.usd - sent.usd : null,
      }),
      RATES,
    );
    this.sent = { ...session, usd: cost ? session.usd : sent.usd };
  }
}

describe('any interleaving of work, reports, runs, restarts and new sessions', () => {
  it('sums to the truth', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const model = new Model();
        for (const one of acts) {
          model.take(one);
          const { run, issue, session, day } = model.books;
          for (const usd of [run.costUsd ?? 0, issue.costUsd, day.costUsd, session.pendingCostUsd]) {
            expect(usd).toBeGreaterThanOrEqual(0);
          }
        }
        model.report(true);
        const { issue, session } = model.books;
        expect(issue).toMatchObject({
          inputTokens: model.truth.input,
          outputTokens: model.truth.output,
          cacheReadTokens: model.truth.cached,
        });
        expect(issue.costUsd).toBeCloseTo(model.truth.usd, 6);
        expect(session.pendingCostUsd).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
