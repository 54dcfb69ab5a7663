// Durations, counts and codes in people's words.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ago,
  clockTime,
  compact,
  countdown,
  dollars,
  duration,
  endings,
  pauseLine,
  words,
} from '../../src/dashboard/format.ts';

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

  it('an unknown code is shown in its own words', () => {
    expect([words('streaming_turn'), words('some_new_code'), words('')]).toEqual([
      'Working',
      'Some new code',
      '',
    ]);
  });

  it('says what ends a park', () => {
    const ends = (until: string | null, ...ends_on: string[]): string => endings({ until, ends_on }, now);
    expect(ends(null, 'operator')).toBe('never by itself');
    expect(ends(null, 'issue_change', 'workflow_change', 'operator')).toBe(
      'when the issue changes or WORKFLOW.md changes',
    );
    expect(ends(at(60_000), 'until', 'operator')).toBe('in 1m 00s');
    expect(ends(at(60_000), 'until')).toBe('in 1m 00s');
    expect(ends(null)).toBe('never by itself');
  });

  it('a time of today is the clock’s, another day is named', () => {
    const noon = new Date(2026, 0, 1, 12).getTime();
    const later = (day: number, hour: number): string => new Date(2026, 0, day, hour, 5).toISOString();
    expect(clockTime(later(1, 14), noon)).toBe('14:05');
    expect(clockTime(later(2, 9), noon)).toBe('2026-01-02 09:05');
  });

  it('a pause says who, why and until when, as far as there is something to say', () => {
    const pause = { reason: 'quota', agent_kind: 'codex', detail: 'usage limit', until: null };
    expect(pauseLine(pause, now)).toBe('Paused: codex, usage limit');
    expect(pauseLine({ ...pause, agent_kind: null, detail: '', until: at(0) }, now)).toMatch(
      /^Paused: every agent, until \d\d:\d\d$/,
    );
  });
});
