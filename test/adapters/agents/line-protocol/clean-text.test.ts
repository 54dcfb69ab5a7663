// What is shown to people holds nothing that a terminal or a page would obey, and never more than its limit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, MESSAGE_LIMIT_CHARACTERS } from '../../../../adapters/agents/line-protocol/index.ts';

describe('cleanText', () => {
  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['a window title', '\u001b]0;evil\u0007done', 'done'],
    ['control characters, as one space', 'a\u0000\u0008\tb', 'a b'],
    ['line ends and separators', 'a\r\nb\u2028c', 'a b c'],
    ['text that reorders its neighbours', 'abc\u202edef', 'abcdef'],
    ['half a character', 'x\ud83d', 'x\ufffd'],
    ['a half sequence', 'x\u001b[31', 'x [31'],
  ])('takes out %s', (_, text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  it('keeps ordinary text of any language as it is', () => {
    expect(cleanText('Grüße, 世界 👩‍🚀!')).toBe('Grüße, 世界 👩‍🚀!');
  });

  it('cuts at the limit and says so', () => {
    expect(cleanText('abcdef', 6)).toBe('abcdef');
    expect(cleanText('abcdefg', 6)).toBe('abcde…');
  });

  it('cuts between characters, not within', () => {
    expect(cleanText('ab👍👍', 4)).toBe('ab…');
  });

  it('never exceeds its limit and never holds a control character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 2, max: 60 }),
        (text, limit) => {
          const clean = cleanText(text, limit);
          expect(clean.length).toBeLessThanOrEqual(limit);
          // eslint-disable-next-line no-control-regex
          expect(clean).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
          expect(clean).not.toMatch(/\p{Surrogate}/u);
        },
      ),
    );
  });

  it('is quick with megabytes', () => {
    const startedMs = performance.now();
    expect(cleanText('\u001b['.repeat(5_000_000)).length).toBeLessThanOrEqual(MESSAGE_LIMIT_CHARACTERS);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});
