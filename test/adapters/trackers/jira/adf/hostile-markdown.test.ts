// Whatever a hostile text holds, what is made of it has no markup but Atlassian's own nodes and no address that is not on
// the list: HTML stays what was written, as text. And a document that somebody wrote himself is held to the same list.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defuse, markdownToAdf } from '../../../../../adapters/trackers/jira/adf/index.ts';
import { checkAdf } from '../../../../loopback-jira/index.ts';

const addresses = (value: unknown): unknown[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    (name === 'href' || name === 'url') && typeof inner === 'string' ? [inner] : addresses(inner),
  );
};

const textOf = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return '';
  const own = 'text' in value && typeof value.text === 'string' ? value.text : '';
  return own + Object.values(value).map(textOf).join('');
};

const allowed = /^(?:https?:\/\/|ftps?:\/\/|mailto:|tel:)\S/i;

it.each([
  '<script>alert(1)</script>',
  '<img src=x onerror="alert(1)">',
  'before <a href="javascript:alert(1)">click</a> after',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<div>\n<svg onload=alert(1)>\n</div>',
  '<!-- comment --><b>bold</b>',
  '<![CDATA[x]]><style>*{}</style>',
  '<?php echo 1 ?>',
])('HTML is text: %s', (markdown) => {
  const document = markdownToAdf(markdown);
  expect(checkAdf(document)).toBeNull();
  expect(textOf(document).replace(/\s/g, '')).toBe(markdown.replace(/\s/g, ''));
  expect(addresses(document)).toEqual([]);
});

it.each([
  '[a](file:///etc/passwd)',
  '[a](FILE:/etc/passwd)',
  '[a](fi&#108;e:///x)',
  '[a](vbscript&#x3a;x)',
  '[a](&#0000106avascript:x)',
  '[a](javascript&#58;&#47;&#47;https://ok.example)',
  '[a](data&colon;text/html,x)',
  '[a](blob:https://ok.example/1)',
  '[a](https:javascript:x)',
  '[a](ja\u00advascript:x)',
  '[a](\u202ejavascript:x)',
  '[![x](javascript:1)](javascript:2)',
  '<vbscript:x> <data:text/html,x> <file:///x>',
  '[a]: javascript:x\n\n[a]',
  '[a](<javascript:x> "title")',
])('is no link: %s', (markdown) => {
  expect(addresses(markdownToAdf(markdown))).toEqual([]);
});

it('makes no other address and no invalid document of any mixture', () => {
  const part = fc.constantFrom(
    ...['<a href="', 'javascript:', 'data:', 'file:', 'vbscript:', '">', '</a>', '<script>', '<!--', '-->'],
    ...['[', ']', '(', ')', '![', '<', '>', '&colon;', '&#106;', '&Tab;', '\\', '\n', '\n\n', ' ', '`', '|'],
    ...[
      'https://ok.example',
      '//x',
      'alert(1)',
      '"',
      "'",
      '# ',
      '- ',
      '> ',
      '*',
      '\u0000',
      '\u200b',
      '[1]: ',
    ],
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 24 }), (parts) => {
      const document = markdownToAdf(parts.join(''));
      expect(checkAdf(document)).toBeNull();
      for (const address of addresses(document)) expect(address).toMatch(allowed);
    }),
    { numRuns: 3_000 },
  );
});

const linked = (href: unknown): object => ({
  type: 'text',
  text: 'x',
  marks: [{ type: 'link', attrs: { href } }],
});

const paragraph = (...content: object[]): object => ({ type: 'paragraph', content });
const doc = (...content: object[]): object => ({ type: 'doc', version: 1, content });

it('takes bad links, cards and pictures out of a document of somebody else’s, and nothing else', () => {
  const good = doc(
    paragraph(linked('https://ok.example'), { type: 'inlineCard', attrs: { url: 'https://x.y' } }),
  );
  expect(defuse(good)).toEqual(good);
  expect(
    defuse(
      doc(
        paragraph(linked('java\tscript:1'), { type: 'inlineCard', attrs: { url: 'data:x' } }, linked(7)),
        { type: 'blockCard', attrs: { url: 'file:///x' } },
        { type: 'media', attrs: { type: 'external', url: 'javascript:1', width: 5 } },
      ),
    ),
  ).toEqual(
    doc(
      paragraph(
        { type: 'text', text: 'x', marks: [] },
        { type: 'text', text: 'data:x' },
        { type: 'text', text: 'x', marks: [] },
      ),
      paragraph({ type: 'text', text: 'file:///x' }),
      { type: 'media', attrs: { type: 'external', url: '', width: 5 } },
    ),
  );
  expect([defuse('javascript:1'), defuse(null), defuse([1, { value: 'red' }])]).toEqual([
    'javascript:1',
    null,
    [1, { value: 'red' }],
  ]);
});

it('holds addresses to the list wherever below the attributes they are', () => {
  const card = (address: string) => ({
    type: 'inlineCard',
    attrs: { data: { '@type': 'Object', '@id': address, url: address, icon: [{ url: address }], name: 'n' } },
  });
  const good = doc(paragraph(card('https://ok.example')));
  expect(defuse(good)).toEqual(good);
  expect(defuse(doc(paragraph(card('javascript:1'))))).toEqual(doc(paragraph(card(''))));
  let deep: unknown = { url: 'javascript:1' };
  for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
  expect(JSON.stringify(defuse({ attrs: { deep } }))).not.toContain('javascript');
});

it('ends on a document without a bottom', () => {
  let deep: unknown = linked('javascript:1');
  for (let depth = 0; depth < 20_000; depth += 1) deep = { type: 'blockquote', content: [deep] };
  expect(JSON.stringify(defuse(deep))).not.toContain('javascript');
});
