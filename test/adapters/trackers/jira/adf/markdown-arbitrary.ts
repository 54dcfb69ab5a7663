// Markdown as agents and attackers write it: every construct, whole and broken, nested and run together. Each piece
// carries words of the form w12x, so that a test can ask whether one got lost.
import fc from 'fast-check';

const word = fc.integer({ min: 0, max: 99 }).map((number) => `w${number}x`);

const syntax = fc.constantFrom(
  ...[
    '*',
    '**',
    '***',
    '_',
    '__',
    '~~',
    '~',
    '`',
    '``',
    '```',
    '[',
    ']',
    '](',
    ')',
    '![',
    '<',
    '>',
    '&',
    '|',
    '\\',
  ],
  ...[
    '(',
    '!',
    '#',
    '-',
    '+',
    '=',
    ':',
    '1.',
    '<br>',
    '&amp;',
    '&#32;',
    '&nbsp;',
    '\\\n',
    '  \n',
    '\n',
    ' ',
    '"',
  ],
  ...[
    '重',
    '。',
    '😀',
    '\u00a0',
    '\t',
    '\u2028',
    '\ud800',
    '\u0000',
    'https://x.example/',
    '<https://x.example>',
  ],
  ...['[x]', '[ ] ', '[^1]', '<div>', '<!-- ', '-->', '{', '}', '^', "'", '.', ',', '/'],
);

export const inlineMarkdown: fc.Arbitrary<string> = fc.letrec<{ inline: string; node: string }>((tie) => ({
  inline: fc.array(tie('node'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    word,
    syntax,
    fc.tuple(word, word).map(([a, b]) => `${a} ${b}`),
    tie('inline').map((text) => `*${text}*`),
    tie('inline').map((text) => `**${text}**`),
    tie('inline').map((text) => `_${text}_`),
    tie('inline').map((text) => `~~${text}~~`),
    word.map((text) => `\`${text}\``),
    fc.tuple(word, word).map(([text, path]) => `[${text}](https://x.example/${path})`),
    fc
      .tuple(word, word, word)
      .map(([text, path, title]) => `[${text}](<https://x.example/${path}> "${title}")`),
    fc.tuple(word, word).map(([text, path]) => `[${text}](docs/${path}.md)`),
    fc.tuple(tie('inline'), word).map(([text, path]) => `[${text}](https://x.example/${path})`),
    fc.tuple(word, word).map(([alt, path]) => `![${alt}](https://x.example/${path}.png)`),
  ),
})).inline;

const indent = (text: string, by: string): string => text.replace(/\n(?=.)/g, `\n${by}`);

const line = inlineMarkdown.map((text) => text.replace(/\n/g, ' '));

export const blockMarkdown: fc.Arbitrary<string> = fc.letrec<{ blocks: string; block: string }>((tie) => ({
  blocks: fc
    .array(fc.tuple(tie('block'), fc.constantFrom('\n', '\n\n', '\n\n\n')), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.map(([text, end]) => text + end).join('')),
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    inlineMarkdown,
    fc.tuple(fc.integer({ min: 1, max: 7 }), line).map(([level, text]) => `${'#'.repeat(level)} ${text}`),
    fc.tuple(line, fc.constantFrom('===', '---', '- - -', '***', '|-|', ':-:')).map(([a, b]) => `${a}\n${b}`),
    fc.constantFrom(
      '---',
      '***',
      '___',
      '-',
      '*',
      '1.',
      '>',
      '#',
      '- [ ]',
      '- [x] ',
      '```',
      '~~~',
      '    ',
      '\t',
      '',
    ),
    fc
      .tuple(fc.constantFrom('```', '~~~', '````'), word, inlineMarkdown)
      .map(([f, l, t]) => `${f}${l}\n${t}\n${f}`),
    inlineMarkdown.map((text) => indent(`    ${text}`, '    ')),
    tie('blocks').map((text) => `- ${indent(text, '  ')}`),
    tie('blocks').map((text) => `* ${indent(text, '  ')}`),
    tie('blocks').map((text) => `- [ ] ${indent(text, '  ')}`),
    line.map((text) => `- [x] ${text}\n- [ ] ${text}`),
    fc.tuple(fc.nat({ max: 12 }), tie('blocks')).map(([n, text]) => `${n}. ${indent(text, '   ')}`),
    tie('blocks').map((text) => `> ${text.replace(/\n(?=.)/g, '\n> ')}`),
    fc
      .tuple(fc.constantFrom('NOTE', 'TIP', 'warning', 'CAUTION', 'WHAT'), tie('blocks'))
      .map(([type, text]) => `> [!${type}]\n> ${text.replace(/\n/g, '\n> ')}`),
    fc
      .array(fc.array(line, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
      .map((rows) =>
        [
          `|${rows[0]?.join('|')}|`,
          `|${rows[0]?.map(() => '-').join('|')}|`,
          ...rows.map((r) => r.join('|')),
        ].join('\n'),
      ),
    fc.tuple(word, word).map(([label, path]) => `[${label}]: https://x.example/${path}\n\n[${label}]`),
    line.map((text) => `<details><summary>${text}</summary>`),
  ),
})).blocks;

/** Everything above, and strings of any characters. */
export const anyMarkdown: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: blockMarkdown },
  { weight: 2, arbitrary: inlineMarkdown },
  {
    weight: 2,
    arbitrary: fc.array(fc.oneof(syntax, word), { maxLength: 25 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

/** Characters that no document may hold are taken out first: they part no words. */
export function wordsIn(text: string): readonly string[] {
  const clean = text.replace(/\p{Cs}|(?!\s)\p{Cc}/gu, '');
  return [...clean.matchAll(/w\d+x/g)].map(([found]) => found);
}
