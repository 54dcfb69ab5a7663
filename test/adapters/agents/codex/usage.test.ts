// Usage arithmetic: any interleaving of turns, repetitions, resumes, losses and new beginnings sums to the truth.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createThreadUsage } from '../../../../adapters/agents/codex/usage.ts';
import type { SessionUsage } from '../../../../src/contract/agent.ts';

type Call = { input: number; cached: number; output: number };
type Step =
  | { readonly kind: 'call'; readonly call: Call }
  /** Codex says the same again. */
  | { readonly kind: 'repeat' }
  /** The context overflowed: the total begins anew. */
  | { readonly kind: 'overflow' }
  /** A new process; the last `lost` increments were never stored. */
  | { readonly kind: 'resume'; readonly lost: number; readonly says: boolean };

const NONE: Call = { input: 0, cached: 0, output: 0 };
const call = fc
  .record({ input: fc.nat(5000), cached: fc.nat(5000), output: fc.nat(500) })
  .map(({ input, cached, output }): Call => ({ input: input + cached, cached, output }));
const callStep = call.map((made): Step => ({ kind: 'call', call: made }));
const repeat = fc.constant<Step>({ kind: 'repeat' });

function add(a: Call, b: Call): Call {
  return { input: a.input + b.input, cached: a.cached + b.cached, output: a.output + b.output };
}

function onWire({ input, cached, output }: Call): Record<string, number> {
  return { inputTokens: input, cachedInputTokens: cached, outputTokens: output };
}

/** What the store holds in the end, and what was really used. */
function play(steps: readonly Step[]): { counted: SessionUsage; truth: SessionUsage } {
  let stored: SessionUsage[] = [];
  let meter = createThreadUsage(null);
  let total = NONE;
  let last = NONE;
  let truth = NONE;
  const sum = (): SessionUsage =>
    stored.reduce(
      (all, one) => ({
        inputTokens: all.inputTokens + one.inputTokens,
        outputTokens: all.outputTokens + one.outputTokens,
        cacheReadTokens: all.cacheReadTokens + one.cacheReadTokens,
        costUsd: 0,
      }),
      { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 },
    );
  const say = (isNow: boolean): void => {
    const tokenUsage = { total: onWire(total), last: onWire(last) };
    const event = meter.take({ threadId: 't', isMain: true, isNow, tokenUsage, model: 'm' });
    if (event?.kind !== 'token_usage') return;
    for (const tokens of [event.inputTokens, event.outputTokens, event.cacheReadTokens]) {
      expect(tokens).toBeGreaterThanOrEqual(0);
    }
    stored.push({ ...event, costUsd: 0 });
  };
  for (const step of steps) {
    if (step.kind === 'call') {
      last = step.call;
      total = add(total, last);
      truth = add(truth, last);
      say(true);
    } else if (step.kind === 'repeat') {
      say(true);
    } else if (step.kind === 'overflow') {
      last = NONE;
      total = NONE;
      say(true);
    } else {
      stored = stored.slice(0, stored.length - step.lost);
      meter = createThreadUsage(sum());
      if (step.says) say(false);
    }
  }
  const { input, cached, output } = truth;
  return {
    counted: sum(),
    truth: { inputTokens: input - cached, cacheReadTokens: cached, outputTokens: output, costUsd: 0 },
  };
}

describe('usage of threads', () => {
  it('sums to the truth over any turns, repetitions, resumes and losses', () => {
    const resume = fc.nat(3).map((lost): Step => ({ kind: 'resume', lost, says: true }));
    fc.assert(
      fc.property(fc.array(fc.oneof(callStep, callStep, repeat, resume), { maxLength: 30 }), (steps) => {
        const { counted, truth } = play([...steps, { kind: 'repeat' }]);
        expect(counted).toEqual(truth);
      }),
    );
  });

  it('sums to the truth when totals begin anew, in whatever process', () => {
    const overflow = fc.constant<Step>({ kind: 'overflow' });
    const resume = fc.constant<Step>({ kind: 'resume', lost: 0, says: true });
    fc.assert(
      fc.property(fc.array(fc.oneof(callStep, overflow, resume), { maxLength: 30 }), (steps) => {
        const { counted, truth } = play(steps);
        expect(counted).toEqual(truth);
      }),
    );
  });

  it('counts from the baseline when a resumed thread does not say its total first', () => {
    const resume = fc.nat(2).map((lost): Step => ({ kind: 'resume', lost, says: false }));
    fc.assert(
      fc.property(fc.array(fc.oneof(callStep, callStep, resume), { maxLength: 20 }), call, (steps, final) => {
        const { counted, truth } = play([...steps, { kind: 'call', call: final }]);
        expect(counted).toEqual(truth);
      }),
    );
  });

  it('counts a sub-agent by its calls, and never its history', () => {
    const meter = createThreadUsage(null);
    const tokenUsage = {
      total: onWire({ input: 1000, cached: 0, output: 100 }),
      last: onWire({ input: 10, cached: 4, output: 1 }),
    };
    const event = meter.take({ threadId: 'child', isMain: false, isNow: false, tokenUsage, model: 'm' });
    expect(event).toMatchObject({ inputTokens: 6, cacheReadTokens: 4, outputTokens: 1 });
  });

  it('never throws and never counts below zero, whatever it is told', () => {
    fc.assert(
      fc.property(fc.array(fc.anything(), { maxLength: 5 }), fc.boolean(), (readings, isNow) => {
        const meter = createThreadUsage(null);
        for (const tokenUsage of readings) {
          const event = meter.take({ threadId: 't', isMain: true, isNow, tokenUsage, model: '' });
          if (event?.kind === 'token_usage') expect(event.inputTokens).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
