// The order of a table, and which rows of a long one are drawn.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownRows } from '../../src/dashboard/ui/shown-rows.ts';
import { nextOrder, sorted } from '../../src/dashboard/ui/sorting.ts';

describe('the order', () => {
  it('goes up, down, and back to how the rows came', () => {
    const up = nextOrder(null, 'a');
    const down = nextOrder(up, 'a');
    expect([up, down, nextOrder(down, 'a'), nextOrder(down, 'b')]).toEqual([
      { column: 'a', descending: false },
      { column: 'a', descending: true },
      null,
      { column: 'b', descending: false },
    ]);
  });

  it('counts within names, and has what is absent last, whichever way', () => {
    const names = ['S-10', null, 'S-9', 's-1'];
    expect(sorted(names, (name) => name, false)).toEqual(['s-1', 'S-9', 'S-10', null]);
    expect(sorted(names, (name) => name, true)).toEqual(['S-10', 'S-9', 's-1', null]);
  });

  it('keeps the order in which equal rows came, and loses none', () => {
    const rows = fc.array(fc.record({ value: fc.option(fc.integer({ min: 0, max: 3 })), at: fc.nat() }));
    fc.assert(
      fc.property(rows, fc.boolean(), (list, descending) => {
        const result = sorted(list, ({ value }) => value, descending);
        for (const value of [null, 0, 1, 2, 3]) {
          const only = (all: typeof list | typeof result) => all.filter((row) => row.value === value);
          expect(only(result)).toEqual(only(list));
        }
      }),
    );
  });
});

describe('the rows in sight', () => {
  it('hold every row that can be seen, and never many more', () => {
    fc.assert(
      fc.property(
        fc.record({
          count: fc.nat(5_000),
          top: fc.nat(300_000),
          height: fc.integer({ min: 1, max: 2_000 }),
          rowPx: fc.integer({ min: 20, max: 200 }),
        }),
        ({ count, ...sight }) => {
          const { first, end } = shownRows(count, sight);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(first).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(count);
          expect(end - first).toBeLessThanOrEqual(Math.ceil(sight.height / sight.rowPx) + 26);
          for (let row = 0; row < count; row++) {
            const seen = (row + 1) * sight.rowPx > sight.top && row * sight.rowPx < sight.top + sight.height;
            if (seen && (row < first || row >= end)) throw new Error(`row ${row} is in sight and not drawn`);
          }
        },
      ),
    );
  });
});
