// When again: min(10 s × 2^(n−1), agent.max_retry_backoff_ms).

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, CONTINUATION_DELAY_MS } from '../../src/core/backoff.ts';

describe('backoff', () => {
  it.each([
    [1, 10_000],
    [2, 20_000],
    [3, 40_000],
    [4, 80_000],
    [5, 160_000],
    [6, 300_000],
    [7, 300_000],
    [1_000_000, 300_000],
  ])('waits after failure %i for %i ms', (failures, delayMs) => {
    expect(backoffMs(failures, 300_000)).toBe(delayMs);
  });

  it('is limited also below its base', () => {
    expect(backoffMs(1, 2_000)).toBe(2_000);
  });

  it('takes no failure like one', () => {
    expect(backoffMs(0, 300_000)).toBe(10_000);
  });

  it('continues after a second', () => {
    expect(CONTINUATION_DELAY_MS).toBe(1_000);
  });

  it('never shrinks, never passes the limit and stays an exact number', () => {
    fc.assert(
      fc.property(fc.nat(2_000), fc.integer({ min: 0, max: 2 ** 40 }), (failures, maxMs) => {
        const delayMs = backoffMs(failures, maxMs);
        expect(Number.isSafeInteger(delayMs)).toBe(true);
        expect(delayMs).toBeLessThanOrEqual(maxMs);
        expect(backoffMs(failures + 1, maxMs)).toBeGreaterThanOrEqual(delayMs);
      }),
    );
  });
});
