// The figures beside an axis are what they stand beside: exact for every step that the drawing takes, with their unit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisFigure, type Unit } from '../../../src/dashboard/charts/figures.ts';

const ticks = (step: number, count: number, unit: Unit): string[] =>
  Array.from({ length: count }, (_, index) => axisFigure(index * step, unit, step));

describe('on an axis', () => {
  it.each([
    [1_500_000, 'tokens', 500_000, '1.5M'],
    [50_000, 'tokens', 10_000, '50k'],
    [500_000, 'tokens', 100_000, '500k'],
    [1_000, 'dollars', 200, '$1k'],
    [0.25, 'dollars', 0.25, '$0.25'],
    [0.005, 'dollars', 0.005, '$0.005'],
    [0.5, 'minutes', 0.25, '30s'],
    [180, 'minutes', 60, '3h'],
    [200, 'minutes', 100, '3h 20m'],
    [75, 'percent', 25, '75 %'],
    [12, 'requests', 2, '12'],
  ] as const)('%d %s in steps of %d is %s', (value, unit, step, expected) =>
    expect(axisFigure(value, unit, step)).toBe(expected),
  );

  it('durations of polls have their unit and are not rounded', () => {
    expect(ticks(0.025, 4, 'seconds')).toEqual(['0 ms', '25 ms', '50 ms', '75 ms']);
    expect(ticks(0.0025, 3, 'seconds')).toEqual(['0 ms', '2.5 ms', '5 ms']);
    expect(ticks(0.25, 4, 'seconds')).toEqual(['0 s', '0.25 s', '0.5 s', '0.75 s']);
    expect(ticks(2.5, 3, 'seconds')).toEqual(['0 s', '2.5 s', '5 s']);
    expect(ticks(20, 3, 'seconds')).toEqual(['0 s', '20 s', '40 s']);
  });

  it('each says the very value it stands at, for every step', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 2.5, 5),
        fc.integer({ min: -4, max: 1 }),
        fc.nat(8),
        fc.constantFrom<Unit>('seconds', 'percent', 'dollars'),
        (digit, power, index, unit) => {
          const step = digit * 10 ** power;
          const said = axisFigure(index * step, unit, step);
          const number = Number.parseFloat(said.replace('$', '')) / (said.endsWith(' ms') ? 1_000 : 1);
          expect(number, said).toBeCloseTo(index * step, 9);
          expect(said).toMatch({ seconds: / m?s$/, percent: / %$/, dollars: /^\$/ }[unit as 'seconds']);
        },
      ),
    );
  });
});
