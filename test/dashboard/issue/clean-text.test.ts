// Agent output is made fit to be looked at.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../../src/dashboard/issue/clean-text.ts';

const exactly = (text: string): RegExp =>
  new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, 'u');

describe('agent output', () => {
  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['the screen’s codes', 'a\u001b[2J\u001b[?25lb', 'ab'],
    ['a window title', '\u001b]0;evil\u0007shown', 'shown'],
    ['a link', '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['a code that was cut off', 'a\u001b[3', 'a'],
    ['a progress bar', '10%\r20%\r\nnext', '10%\n20%\nnext'],
    ['a separator of lines', 'a\u2028b', 'a\nb'],
    ['a bell', 'a\u0007b', /^a⟨?\S{1,3}⟩?b$/u],
    ['a mark that turns the direction', 'a\u202Egnp.exe', /^a⟨.+⟩gnp\.exe$/],
    ['ordinary text', 'Grüße\tan 👩‍💻\n', 'Grüße\tan 👩‍💻\n'],
  ])('with %s', (_, text, expected) =>
    expect(cleanText(text)).toMatch(expected instanceof RegExp ? expected : exactly(expected)),
  );

  it('holds nothing that a terminal or the direction of text obeys', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('\u001b', '[', ']', '3', 'm', '\u0007', '\u202e', '\u009b', 'a', '\r', '\u0000'),
    });
    fc.assert(
      fc.property(nasty, (text) => {
        expect(cleanText(text)).not.toMatch(
          // eslint-disable-next-line no-control-regex -- they are what is looked for
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
        );
      }),
    );
  });

  it('of a megabyte of unfinished codes is cleaned at once', () => {
    const started = performance.now();
    cleanText('\u001b]'.repeat(500_000));
    cleanText('\u001b[1;'.repeat(250_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
