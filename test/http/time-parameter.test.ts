// Points in time in queries: what is read, and that nothing else is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTime } from '../../src/http/time-parameter.ts';
import { NOW_MS } from './fake-daemon.ts';

describe('a time in a query', () => {
  it.each([
    ['now', NOW_MS],
    ['-0s', NOW_MS],
    ['-90s', NOW_MS - 90_000],
    ['-15m', NOW_MS - 900_000],
    ['-24h', NOW_MS - 86_400_000],
    ['-7d', NOW_MS - 604_800_000],
    ['-2w', NOW_MS - 1_209_600_000],
    ['2026-11-22', Date.UTC(2026, 10, 22)],
    ['2026-11-22T09:30', Date.UTC(2026, 10, 22, 9, 30)],
    ['2026-11-22T09:30:15', Date.UTC(2026, 10, 22, 9, 30, 15)],
    ['2026-11-22T09:30:15.5Z', Date.UTC(2026, 10, 22, 9, 30, 15, 500)],
    ['2026-11-22T09:30:15.123456789z', Date.UTC(2026, 10, 22, 9, 30, 15, 123)],
    ['2026-11-22T09:30:00+02:00', Date.UTC(2026, 10, 22, 7, 30)],
    ['2026-11-22T09:30:00-0530', Date.UTC(2026, 10, 22, 15, 0)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
  ])('%s is read', (text, expected) => {
    expect(readTime(text, NOW_MS)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '7d',
    '+7d',
    '-7',
    '-7y',
    '-1234567d',
    '-7d ',
    '1795340000000',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-11-22T24:00',
    '2026-11-22T09:60',
    '2026-11-22 09:30',
    '2026-11-22T09:30:00+2',
    '22.11.2026',
    'Sun Nov 22 2026',
  ])('%j is not', (text) => {
    expect(readTime(text, NOW_MS)).toBeNull();
  });

  it('is what JSON makes of a date, for every date', () => {
    const dates = fc.date({
      min: new Date(0),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(dates, (date) => readTime(date.toISOString(), 0) === date.getTime()));
  });

  it('never throws and never gives what is no number', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = readTime(text, NOW_MS);
        return ms === null || Number.isFinite(ms);
      }),
    );
  });
});
