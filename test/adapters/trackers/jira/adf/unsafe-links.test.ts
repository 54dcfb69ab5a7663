// No address that runs code becomes a link, however it is spelt.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { markdownToAdf } from '../../../../../adapters/trackers/jira/adf/index.ts';

const hrefs = (markdown: string): string[] =>
  [...JSON.stringify(markdownToAdf(markdown)).matchAll(/"href":"((?:[^"\\]|\\.)*)"/g)].map(
    ([, href]) => href ?? '',
  );

it.each([
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](<java\tscript:alert(1)>)',
  '[a](<\u0001javascript:alert(1)>)',
  '[a](<  javascript:alert(1)>)',
  '[a](&#106;avascript:alert(1))',
  '[a](&#x6A;avascript&colon;alert(1))',
  '[a](java&NewLine;script:alert(1))',
  '[a](java&Tab;script:alert(1))',
  '[a](\\javascript:alert(1))',
  '[a](java\u200bscript:alert(1))',
  '[a](vbscript:x)',
  '[a](data:text/html;base64,PHNjcmlwdD4=)',
  '![a](data:image/svg+xml,x)',
  '<javascript:alert(1)>',
  '[a][1]\n\n[1]: javascript:alert(1)',
  '[a](//evil.example)',
  '[a](file:///etc/passwd)',
])('%s', (markdown) => {
  expect(hrefs(markdown)).toEqual([]);
  expect(JSON.stringify(markdownToAdf(markdown))).toContain('a');
});

it('keeps nothing of such an address behind the text', () => {
  expect(markdownToAdf('[a](javascript:x) ![b](data:image/png;base64,AAAA)').content).toEqual([
    { type: 'paragraph', content: [{ type: 'text', text: 'a b' }] },
  ]);
});

it('lets only known schemes through, whatever the address', () => {
  const address = fc.array(
    fc.constantFrom(
      'java',
      'script',
      ':',
      'https',
      '//',
      '&#58;',
      '&colon;',
      '\t',
      ' ',
      '\u0000',
      'data',
      'x',
      '\\',
      '%3a',
      '<',
      '>',
      '(',
      ')',
    ),
  );
  fc.assert(
    fc.property(address, (parts) => {
      for (const href of hrefs(`[a](${parts.join('')}) [b](<${parts.join('')}>) <${parts.join('')}>`)) {
        expect(href).toMatch(/^(?:https?:\/\/|ftps?:\/\/|mailto:|tel:)/i);
      }
    }),
    { numRuns: 2_000 },
  );
});
