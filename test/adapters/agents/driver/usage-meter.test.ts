// The arithmetic on which totals and budgets rest: whatever an agent repeats, resumes or reports late is counted once.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createUsageMeter } from '../../../../adapters/agents/driver/index.ts';
import type { UsageMeter, UsageReading } from '../../../../adapters/agents/driver/index.ts';
import type { SessionUsage } from '../../../../src/contract/agent.ts';

const NONE: SessionUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 };

/** What the core keeps: the sum of all increments. */
function collector(baseline: SessionUsage | null) {
  const sum = { ...NONE, ...baseline };
  const meter = createUsageMeter(baseline);
  return {
    sum,
    meter,
    take(reading: UsageReading) {
      const event = meter.take(reading);
      if (event?.kind !== 'token_usage') return event;
      for (const figure of ['inputTokens', 'outputTokens', 'cacheReadTokens'] as const) {
        expect(event[figure]).toBeGreaterThanOrEqual(0);
        sum[figure] += event[figure];
      }
      sum.costUsd += event.costUsd ?? 0;
      return event;
    },
  };
}

const call = fc.record({
  input: fc.nat(5000),
  output: fc.nat(5000),
  cache: fc.nat(5000),
  cost: fc.nat(1000),
});
type Call = { input: number; output: number; cache: number; cost: number };
const turn = fc.record({
  calls: fc.array(call, { maxLength: 5 }),
  /** Which reports of the turn get lost (killed process), and how often each is repeated. */
  live: fc.boolean(),
  repeats: fc.integer({ min: 1, max: 3 }),
  killed: fc.boolean(),
  restarted: fc.boolean(),
});

const total = (calls: readonly Call[], scope: UsageReading['scope']): UsageReading => ({
  scope,
  inputTokens: calls.reduce((sum, { input }) => sum + input, 0),
  outputTokens: calls.reduce((sum, { output }) => sum + output, 0),
  cacheReadTokens: calls.reduce((sum, { cache }) => sum + cache, 0),
  cost: { scope, usd: calls.reduce((sum, { cost }) => sum + cost, 0) },
  model: 'm',
});

it('sums session totals to the truth, under any turns, repeats, lost reports and restarts', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 8 }), call, (turns, last) => {
      const done: Call[] = [];
      let side = collector(null);
      for (const { calls, live, repeats, killed, restarted } of turns) {
        // A daemon that comes back starts from the sum that was kept.
        if (restarted) side = collector({ ...side.sum });
        side.meter.beginProcess();
        side.meter.beginTurn();
        for (const one of calls) {
          done.push(one);
          if (live) for (let n = 0; n < repeats; n += 1) side.take(total(done, 'session'));
        }
        if (!killed) for (let n = 0; n < repeats; n += 1) side.take(total(done, 'session'));
      }
      side.take(total([...done, last], 'session'));
      const { inputTokens, outputTokens, cacheReadTokens, cost } = total([...done, last], 'session');
      expect(side.sum).toEqual({ inputTokens, outputTokens, cacheReadTokens, costUsd: cost?.usd });
    }),
  );
});

it('sums live calls and the figure of the turn that settles them, with a cost that goes on across turns', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 8 }), (turns) => {
      const counted: Call[] = [];
      const charged: Call[] = [];
      let side = collector(null);
      for (const { calls, live, repeats, killed, restarted } of turns) {
        if (restarted) side = collector({ ...side.sum });
        side.meter.beginTurn();
        charged.push(...calls);
        if (live) for (const one of calls) side.take({ ...total([one], 'call'), cost: null });
        if (killed) {
          if (live) counted.push(...calls);
          continue;
        }
        counted.push(...calls);
        const settled = { ...total(calls, 'turn'), cost: total(charged, 'session').cost ?? null };
        for (let n = 0; n < repeats; n += 1) side.take(settled);
      }
      const truth = total(counted, 'session');
      expect(side.sum).toMatchObject({
        inputTokens: truth.inputTokens,
        outputTokens: truth.outputTokens,
        cacheReadTokens: truth.cacheReadTokens,
      });
      const lastSettled = turns.findLastIndex(({ killed }) => !killed);
      const known = turns.slice(0, lastSettled + 1).flatMap(({ calls }) => calls);
      expect(side.sum.costUsd).toBe(total(known, 'session').cost?.usd);
    }),
  );
});

it('counts a process anew, and never below what was sent', () => {
  const { meter, take, sum } = collector({ ...NONE, inputTokens: 1000 });
  take({ scope: 'process', inputTokens: 30, model: '' });
  take({ scope: 'process', inputTokens: 20, model: '' });
  meter.beginProcess();
  take({ scope: 'process', inputTokens: 20, model: '' });
  expect(sum.inputTokens).toBe(1050);
});

it('says what was written to a cache, as a part of the input', () => {
  const { take } = collector(null);
  expect(take({ scope: 'turn', inputTokens: 100, cacheWriteTokens: 60, model: 'm' })).toMatchObject({
    inputTokens: 100,
    cacheWriteTokens: 60,
    costUsd: null,
  });
  expect(take({ scope: 'turn', inputTokens: 110, cacheWriteTokens: 60, model: 'm' })).toEqual({
    kind: 'token_usage',
    inputTokens: 10,
    outputTokens: 0,
    cacheReadTokens: 0,
    model: 'm',
    costUsd: null,
  });
});

it('knows no part of a token', () => {
  const meter = createUsageMeter(null);
  const reading = { scope: 'turn', inputTokens: 10.4, outputTokens: 5e-324, model: '' } as const;
  expect(meter.take(reading)).toMatchObject({ inputTokens: 10, outputTokens: 0 });
  expect(meter.take(reading)).toBeNull();
});

it('takes no figure that is none', () => {
  const odd = fc.oneof(
    fc.constantFrom(NaN, Infinity, -Infinity, 1e300, -1, null, undefined, '12' as never, {} as never),
    fc.integer({ max: 0 }),
  );
  fc.assert(
    fc.property(odd, odd, fc.constantFrom('call', 'turn', 'process', 'session'), (input, cost, scope) => {
      const meter: UsageMeter = createUsageMeter(null);
      const usd = cost as number;
      expect(meter.take({ scope, inputTokens: input as number, cost: { scope, usd }, model: '' })).toBe(null);
    }),
  );
});
