// Times inside sentences.

import { describe, expect, it } from 'vitest';
import { minuteAfter, minuteOf } from '../../src/core/minutes.ts';

const at = (text: string): number => Date.parse(text);

describe('a time in a sentence', () => {
  it('is the minute that it was, in UTC', () => {
    expect(minuteOf(at('2026-11-22T09:30:59.999Z'))).toBe('2026-11-22 09:30 UTC');
    expect(minuteOf(at('2026-11-22T09:30:00.000Z'))).toBe('2026-11-22 09:30 UTC');
  });

  it('until which something holds is never one that is over before', () => {
    expect(minuteAfter(at('2026-11-22T23:59:00.001Z'))).toBe('2026-11-23 00:00 UTC');
    expect(minuteAfter(at('2026-11-22T09:30:00.000Z'))).toBe('2026-11-22 09:30 UTC');
  });

  it('that no clock shows does no harm', () => {
    expect(minuteOf(8.64e15 + 1)).toBe('an unknown time');
    expect(minuteAfter(NaN)).toBe('an unknown time');
    expect(minuteOf(Date.UTC(12_000, 0, 1))).toBe('+012000-01-01 00:00 UTC');
  });
});
