// Durations, times, counts and money in people's words.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ago, compact, countdown, dollars, duration, utcTime } from '../../src/dashboard/format.ts';

const now = Date.UTC(2026, 0, 1);
const at = (offsetMs: number): string => new Date(now + offsetMs).toISOString();

describe('words for people', () => {
  it.each([
    [0, '0s'],
    [999, '0s'],
    [45_000, '45s'],
    [185_000, '3m 05s'],
    [7_620_000, '2h 07m'],
    [273_600_000, '3d 4h'],
    [-5, '0s'],
    [Number.NaN, '0s'],
  ])('a duration of %d ms is %s', (ms, expected) => expect(duration(ms)).toBe(expected));

  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1.00k'],
    [12_345, '12.3k'],
    [999_499, '999k'],
    [999_500, '1.00M'],
    [1_240_000, '1.24M'],
    [999_500_000, '1.00B'],
  ])('%d is short for %s', (count, expected) => expect(compact(count)).toBe(expected));

  it('a compact count is never longer than five characters below a trillion', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 999e9 }), (count) => compact(count).length <= 5));
  });

  it('a countdown ends in now, an age begins with just now', () => {
    expect([countdown(at(90_000), now), countdown(at(999), now), countdown(at(-9), now)]).toEqual([
      'in 1m 30s',
      'now',
      'now',
    ]);
    expect([ago(at(-1_000), now), ago(at(-12_000), now), ago(at(-3_400_000), now), ago(at(9), now)]).toEqual([
      'just now',
      '12s ago',
      '56m ago',
      'just now',
    ]);
  });

  it('money has cents while they matter', () => {
    expect([dollars(0.414), dollars(12), dollars(1_234.5)]).toEqual(['$0.41', '$12.00', '$1235']);
  });

  it('a time is UTC and says so, and names the day when it is not today', () => {
    expect(utcTime(at(50_400_000), now)).toBe('14:00 UTC');
    expect(utcTime(at(86_400_000), now)).toBe('2026-01-02 00:00 UTC');
    expect(utcTime(at(-1), now)).toBe('2025-12-31 23:59 UTC');
    expect(utcTime('whenever', now)).toBe('whenever');
  });
});
