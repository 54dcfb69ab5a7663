// What did not change keeps its identity from event to event, and what is shown is always the newer answer.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../src/dashboard/share.ts';

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const row = (issue_id: string, turn: number) => ({ issue_id, turn, tokens: { total: 5 } });

describe('sharing', () => {
  it('gives the newer answer, whatever came before', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        const plain: unknown = copy(after);
        expect(share(copy(before), plain)).toEqual(plain);
      }),
    );
  });

  it('keeps an equal answer by identity', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const before: unknown = copy(value);
        return Object.is(share(before, copy(value)), before);
      }),
    );
  });

  it('keeps the rows that did not change when others come, go or change', () => {
    const before = [row('a', 1), row('b', 1), row('c', 1)];
    const after = share(before, [row('new', 1), row('a', 1), row('c', 2)]);
    expect(after[1]).toBe(before[0]);
    expect(after[2]).not.toBe(before[2]);
    expect(after[2]?.tokens).toBe(before[2]?.tokens);
    expect(after.map(({ issue_id }) => issue_id)).toEqual(['new', 'a', 'c']);
  });
});
