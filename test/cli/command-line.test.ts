// What hostile text may not do to a terminal, as a field of a line and as JSON.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonText, oneField } from '../../src/cli/command-line.ts';

const obeyed = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u;

it('leaves a field without anything that a terminal obeys or that turns what is read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(oneField(text)).not.toMatch(obeyed);
    }),
  );
  expect(oneField('\u001b]0;owned\u0007a\tb\r\nc\u009b2Jd')).toBe(' ]0;owned a b  c 2Jd');
  expect(oneField('user\u202etxt.exe\u2066')).toBe('usertxt.exe');
  expect(oneField('Größe 漢字 👩‍👩‍👧‍👦')).toBe('Größe 漢字 👩‍👩‍👧‍👦');
});

it('writes JSON that is the same value, with nothing in it that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = jsonText(value, 0);
      expect(text).not.toMatch(obeyed);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
