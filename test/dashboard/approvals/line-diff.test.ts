// The lines of a diff are the two texts, whole and in order, however they are compared.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines } from '../../../src/dashboard/approvals/line-diff.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
const linesOf = (whole: string): string[] => (whole === '' ? [] : whole.split('\n'));

describe('a diff by lines', () => {
  it('holds both texts', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffLines(before, after);
        const without = (kind: string) => diff.filter((line) => line.kind !== kind).map((line) => line.text);
        expect(without('in')).toEqual(linesOf(before));
        expect(without('out')).toEqual(linesOf(after));
      }),
    );
  });

  it('finds what stays between what changes', () => {
    expect(diffLines('one\ntwo\nthree', 'one\nzwei\nthree').map(({ kind }) => kind)).toEqual([
      'same',
      'out',
      'in',
      'same',
    ]);
  });

  it('of two texts of 20,000 lines answers at once', () => {
    const many = (word: string): string =>
      Array.from({ length: 20_000 }, (_, at) => `${word}${at}`).join('\n');
    const diff = diffLines(`same\n${many('a')}`, `same\n${many('b')}`);
    expect(diff.filter(({ kind }) => kind === 'same')).toHaveLength(1);
    expect(diff).toHaveLength(40_001);
  });
});
