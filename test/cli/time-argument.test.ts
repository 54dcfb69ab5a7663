// Times on the command line: what people write, and nothing that is guessed at.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timeArgument } from '../../src/cli/time-argument.ts';

const now = Date.UTC(2026, 10, 22, 9, 30);

it.each([
  ['2026-11-22', Date.UTC(2026, 10, 22)],
  ['2026-11-22T09:30', now],
  ['2026-11-22T09:30:00Z', now],
  ['2026-11-22T10:30:00+01:00', now],
  [' 2026-11-22 ', Date.UTC(2026, 10, 22)],
  ['now', now],
  ['-7d', now - 7 * 86_400_000],
  ['7d', now - 7 * 86_400_000],
  ['24h', now - 86_400_000],
  ['30m', now - 1_800_000],
  ['90s', now - 90_000],
  ['2w', now - 14 * 86_400_000],
])('%s is a time', (text, ms) => {
  expect(timeArgument(text, now)).toBe(ms);
});

it.each(['', 'yesterday', '7', '-7', '7y', '+7d', '2026-02-31', '2026-13-01', '2026', '22.11.2026', '1e3d'])(
  '%j is none',
  (text) => {
    expect(() => timeArgument(text, now)).toThrow('expected a time such as');
  },
);

it('gives every moment back that it is given', () => {
  const moment = fc.date({ min: new Date(0), max: new Date(4_102_444_800_000), noInvalidDate: true });
  fc.assert(
    fc.property(moment, (date) => {
      expect(timeArgument(date.toISOString(), now)).toBe(date.getTime());
    }),
  );
});
