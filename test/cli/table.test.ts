// Tables and figures for a terminal: nothing is wider than it, nothing in a cell is obeyed by it, and columns stand
// below each other for whatever characters.

import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import * as page from '../../src/dashboard/format.ts';
import { cut, duration, money, table, tokens } from '../../src/cli/table.ts';

/** Letters of all kinds, wide ones, families, marks, and what a terminal obeys. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom('a', '漢', '👩‍👩‍👧‍👦', 'é', '\u0301', '\u200b', '\u001b[31m', '\t', '\n', '\u202e', '🇩🇪'),
    )
    .map((parts) => parts.join('')),
);

describe('cut', () => {
  it('is never wider than asked for, and changes nothing that fits', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 80 }), (text, width) => {
        const clean = text.replace(/\p{C}/gu, '');
        const shown = cut(clean, width);
        expect(stringWidth(shown)).toBeLessThanOrEqual(width);
        if (clean.length <= width && stringWidth(clean) <= width) expect(shown).toBe(clean);
        if (!shown.endsWith('…')) expect(stringWidth(shown)).toBe(stringWidth(clean));
      }),
    );
  });

  it('never parts a character', () => {
    expect(cut('漢字', 3)).toBe('漢…');
    expect(cut('漢字', 2)).toBe('…');
    expect(cut('漢字', 4)).toBe('漢字');
    expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3)).toBe('👩‍👩‍👧‍👦…');
    expect(cut('plain text', 5)).toBe('plai…');
  });

  it('bounds what takes no room on the screen', () => {
    expect(cut(`a${'\u0301'.repeat(10_000)}b`, 10).length).toBeLessThan(100);
    expect(cut('\u200b'.repeat(10_000), 10).length).toBeLessThan(1_000);
  });

  it('cuts nothing when there is no edge', () => {
    const text = `a${'\u0301'.repeat(100)}${'b'.repeat(10_000)}`;
    expect(cut(text, Infinity)).toBe(text);
  });
});

describe('table', () => {
  it('begins each column at the same place in each line', () => {
    const text = table(
      ['KEY', 'STATE', 'TITLE'],
      [
        ['漢字-1', 'x', 'first'],
        ['A-1', '👩‍👩‍👧‍👦', 'second'],
      ],
      80,
    );
    const starts = text
      .trimEnd()
      .split('\n')
      .map((line) => stringWidth(line.slice(0, line.search(/TITLE|first|second/))));
    expect(new Set(starts).size).toBe(1);
  });

  it('has one line a row, no wider than the terminal, with nothing that a terminal obeys', () => {
    const rows = fc.array(fc.tuple(anyText, anyText, anyText), { maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 120 }), (cells, width) => {
        const lines = table(['A', 'B', 'C'], cells, width).split('\n');
        expect(lines).toHaveLength(cells.length + 2);
        for (const line of lines) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u);
        }
      }),
    );
  });

  it('lets no column but the last push the others away', () => {
    const text = table(['KEY', 'LAST'], [['K'.repeat(500), 'L'.repeat(500)]], Infinity);
    expect(text).toContain(`${'K'.repeat(31)}…  ${'L'.repeat(500)}\n`);
  });

  it('takes more rows than a call takes arguments', () => {
    const rows = Array.from({ length: 150_000 }, () => ['a', 'b']);
    expect(table(['A', 'B'], rows, 80).length).toBe('a  b\n'.length * 150_001);
  });
});

describe('figures', () => {
  it.each([
    [-5_000, '0s'],
    [59_400, '59s'],
    [59_999, '59s'],
    [60_000, '1m 00s'],
    [724_000, '12m 04s'],
    [12_000_000, '3h 20m'],
    [439_200_000, '5d 2h'],
    [NaN, '?'],
  ])('a duration of %d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [0, '0'],
    [999, '999'],
    [1_234, '1.23k'],
    [12_345, '12.3k'],
    [456_789, '457k'],
    [999_499, '999k'],
    [999_500, '1.00M'],
    [1_234_567_890, '1.23B'],
  ])('%d tokens are %s', (count, text) => {
    expect(tokens(count)).toBe(text);
  });

  it('marks an estimate, and says nothing of what is not known', () => {
    expect([money(1.234, false), money(1.235, true), money(null, true)]).toEqual(['$1.23', '≈ $1.24', '']);
    expect([money(0, false), money(99.99, false), money(1_234.5, false)]).toEqual([
      '$0.00',
      '$99.99',
      '$1235',
    ]);
  });

  it('are those of the page', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4e9 }), fc.integer({ min: -5_000, max: 1e9 }), (count, ms) => {
        expect(tokens(count)).toBe(page.compact(count));
        expect(duration(ms)).toBe(page.duration(ms));
        expect(money(count / 1_000, false)).toBe(page.dollars(count / 1_000));
      }),
    );
  });
});
