// What people write beside their words: one line, bounded, without anything that fools a terminal or a reader.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../../src/http/one-line.ts';

describe('one line', () => {
  it.each([
    ['  the customer waits ', 'the customer waits'],
    ['first\r\nsecond\u2028third', 'first second third'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['abc\u202edef\u2066', 'abc def'],
    ['\u0000\u0007', ''],
    ['lone \ud83d half', 'lone \ufffd half'],
    ['grüße 🚀', 'grüße 🚀'],
  ])('%j becomes %j', (text, expected) => {
    expect(oneLine(text, 100)).toBe(expected);
  });

  it('cuts by characters, not by halves of them', () => {
    expect(oneLine('🚀'.repeat(600), 500)).toBe('🚀'.repeat(500));
    expect(oneLine('x'.repeat(60_000), 500)).toBe('x'.repeat(500));
  });

  it('always is one line of the given length, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 1, max: 50 }),
        (text, longest) => {
          const line = oneLine(text, longest);
          expect([...line].length).toBeLessThanOrEqual(longest);
          expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
          expect(line).toBe(line.trim());
          expect(oneLine(line, longest)).toBe(line);
        },
      ),
    );
  });
});
