// Nothing that hides or turns text gets through unseen, and nothing else is changed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visibleText } from '../../src/dashboard/visible-text.ts';

it.each([
  ['plain text, with ümläuts, 日本語 and 👩‍👩‍👧', 'plain text, with ümläuts, 日本語 and 👩‍👩‍👧'],
  ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
  ['\u001B[31mred\u0007', '⟨ESC⟩[31mred⟨BEL⟩'],
  ['\u202Egnp.exe', '⟨RLO⟩gnp.exe'],
  ['a\u200Bb\uFEFF\u00AD', 'a⟨ZWSP⟩b⟨BOM⟩⟨SHY⟩'],
  ['\u007F\u009B\u2029', '⟨DEL⟩⟨U+009B⟩⟨U+2029⟩'],
  ['', ''],
])('%j is shown as %j', (text, shown) => expect(visibleText(text)).toBe(shown));

it('leaves nothing that turns text, breaks lines unseen or controls a terminal, whatever came', () => {
  const code = fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0x2000, max: 0x2070 }));
  const text = fc.string({ unit: code.map((one) => String.fromCharCode(one)) });
  const unseen = /[\p{Bidi_Control}\p{Zl}\p{Zp}]|(?![\t\n\r])\p{Cc}/u;
  fc.assert(fc.property(text, (one) => !unseen.test(visibleText(one))));
});
