// Where the rows of a long list lie, against a plain list of heights.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRowHeights } from '../../../src/dashboard/issue/row-heights.ts';

const step = fc.oneof(
  fc.record({
    kind: fc.constant('resize' as const),
    to: fc.integer({ min: 0, max: 700 }),
    height: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant('measure' as const),
    to: fc.integer({ min: 0, max: 700 }),
    height: fc.integer({ min: 1, max: 300 }),
  }),
);

it('agrees with a plain list, whatever is measured, added and cut off', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: -5, max: 60_000 }), (steps, offset) => {
      const heights = createRowHeights(40);
      const model: number[] = [];
      for (const { kind, to, height } of steps) {
        if (kind === 'resize') {
          heights.resize(to);
          while (model.length > to) model.pop();
          while (model.length < to) model.push(40);
        } else {
          const by = heights.measure(to, height);
          const before = model[to];
          expect(by).toBe(before === undefined ? 0 : height - before);
          if (before !== undefined) model[to] = height;
        }
      }
      const top = (index: number): number => model.slice(0, index).reduce((sum, one) => sum + one, 0);
      expect(heights.total()).toBe(top(model.length));
      for (const index of [0, 1, model.length >> 1, model.length])
        expect(heights.top(index)).toBe(top(index));
      const at = model.findIndex((_, index) => top(index + 1) > offset);
      expect(heights.at(offset)).toBe(Math.max(0, at === -1 ? model.length - 1 : at));
    }),
  );
});
