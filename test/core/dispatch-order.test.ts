// Who goes first: priority ascending with null last, then oldest first, then the identifier.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareForDispatch, inDispatchOrder } from '../../src/core/dispatch-order.ts';
import type { Issue } from '../../src/contract/index.ts';
import { issue } from './issues.ts';

function order(issues: readonly Issue[]): string[] {
  return inDispatchOrder(issues).map(({ id }) => id);
}

const anIssue = fc
  .record({
    id: fc.constantFrom('1', '2', '3', '4', '5'),
    identifier: fc.constantFrom('A-1', 'A-2', 'a-1', 'Ä-1', ''),
    priority: fc.option(fc.constantFrom(-1, 0, 1, 2, 10)),
    createdAt: fc.constantFrom('', 'soon', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', '2026-01-02'),
  })
  .map(({ id, ...facts }) => issue(id, facts));

describe('dispatch order', () => {
  it('goes by priority, lowest number first, null last', () => {
    const issues = [
      issue('1'),
      issue('2', { priority: 3 }),
      issue('3', { priority: 0 }),
      issue('4', { priority: -1 }),
    ];
    expect(order(issues)).toEqual(['4', '3', '2', '1']);
  });

  it('then by age, across time zones and precisions', () => {
    const issues = [
      issue('1', { createdAt: '2026-01-01T12:00:00Z' }),
      issue('2', { createdAt: '2026-01-01T12:30:00+01:00' }),
      issue('3', { createdAt: '2026-01-01T11:45:00.000+0000' }),
      issue('4', { createdAt: '' }),
      issue('5', { createdAt: 'yesterday' }),
    ];
    expect(order(issues)).toEqual(['2', '3', '1', '4', '5']);
  });

  it('then by identifier', () => {
    const createdAt = '2026-01-01T12:00:00Z';
    const issues = ['B-1', 'A-2', 'A-1'].map((identifier, index) =>
      issue(`${index}`, { identifier, createdAt }),
    );
    expect(order(issues)).toEqual(['2', '1', '0']);
  });

  it('is a total order: antisymmetric, transitive, and equal only for the same keys', () => {
    fc.assert(
      fc.property(anIssue, anIssue, anIssue, (a, b, c) => {
        const ab = Math.sign(compareForDispatch(a, b));
        expect(ab).toBe(-Math.sign(compareForDispatch(b, a)) + 0);
        if (ab <= 0 && compareForDispatch(b, c) <= 0) expect(compareForDispatch(a, c)).toBeLessThanOrEqual(0);
        if (ab === 0) expect([a.id, a.identifier, a.priority]).toEqual([b.id, b.identifier, b.priority]);
        expect(compareForDispatch(a, a)).toBe(0);
      }),
    );
  });

  it('gives the same order however the tracker lists the issues', () => {
    const listed = fc
      .uniqueArray(anIssue, { selector: ({ id }) => id })
      .chain((issues) =>
        fc.tuple(fc.constant(issues), fc.shuffledSubarray(issues, { minLength: issues.length })),
      );
    fc.assert(
      fc.property(listed, ([issues, shuffled]) => {
        expect(order(shuffled)).toEqual(order(issues));
      }),
    );
  });
});
