// Marks, and text that looks like Markdown but is not.
import { describe, expect, it } from 'vitest';
import { adfToMarkdown, markdownToAdf } from '../../../../../adapters/trackers/jira/adf/index.ts';
import { doc, link, p, text } from './adf-nodes.ts';

type Node = Readonly<Record<string, unknown>>;

describe('marks', () => {
  it.each<[string, Node[], string]>([
    ['strong', [text('a', 'strong')], '**a**'],
    ['em', [text('a', 'em')], '_a_'],
    ['em inside of a word', [text('x'), text('a', 'em'), text('y')], 'x*a*y'],
    ['strike', [text('a', 'strike')], '~~a~~'],
    ['code', [text('a*b', 'code')], '`a*b`'],
    ['code with backticks', [text('`a``', 'code')], '``` `a`` ```'],
    ['code in a link', [text('a', 'code', link('https://x.example'))], '[`a`](https://x.example)'],
    [
      'a link',
      [text('a', link('https://x.example/(b)', 'say "hi"'))],
      '[a](https://x.example/(b) "say \\"hi\\"")',
    ],
    [
      'a link with an odd address',
      [text('a', link('https://x.example/a b)<c>|'))],
      '[a](https://x.example/a%20b%29%3Cc%3E%7C)',
    ],
    [
      'a link that is its own text',
      [text('https://x.example/a_b', link('https://x.example/a_b'))],
      '<https://x.example/a_b>',
    ],
    [
      'a link over several marks',
      [text('a ', link('https://x.example')), text('b', 'strong', link('https://x.example'))],
      '[a **b**](https://x.example)',
    ],
    [
      'marks that Markdown lacks',
      [text('a', 'underline'), text('b', { type: 'subsup', attrs: { type: 'sub' } })],
      'ab',
    ],
    ['space at the edges of marks', [text('a'), text(' b ', 'strong'), text('c')], 'a **b** c'],
    ['nothing but space', [text('a'), text('  ', 'strong'), text('b')], 'a  b'],
    ['an empty text', [text('a'), text('', 'strong'), text('b')], 'ab'],
    ['nested marks', [text('a ', 'strong'), text('b', 'em', 'strong'), text(' c', 'strong')], '**a _b_ c**'],
    [
      'overlapping marks',
      [text('a ', 'strong'), text('b', 'strong', 'em'), text(' c', 'em')],
      '**a _b_** _c_',
    ],
    [
      'a break inside of a mark',
      [text('a', 'strong'), { type: 'hardBreak' }, text('b', 'strong')],
      '**a\\\nb**',
    ],
    [
      'an exclamation mark before a link',
      [text('a!'), text('b', link('https://x.example'))],
      'a\\![b](https://x.example)',
    ],
    ['emphasis that Markdown cannot say', [text('a'), text('(b)', 'strong'), text('c')], 'a(b)c'],
  ])('%s', (_, content, markdown) => {
    expect(adfToMarkdown(doc(p(...content)))).toBe(markdown);
  });
});

describe('literal text', () => {
  it.each([
    ...[
      '# a',
      '####### a',
      '- a',
      '+ a',
      '* a',
      '> a',
      '1. a',
      '12) a',
      '| a | b |',
      '```',
      '~~~',
      '---',
      '===',
      '- - -',
    ],
    ...[
      '***',
      '_ _ _',
      '<div>',
      '<br>',
      'a <b>',
      '[x] a',
      '[a](b)',
      '[a]: b',
      '![a](b)',
      '**a**',
      '_a_',
      '~~a~~',
      '`a`',
    ],
    ...[
      '&amp;',
      '&#35;',
      'a\\',
      '\\*',
      'C:\\temp\\new',
      'snake_case_name',
      '2 * 3 * 4',
      'f(*args, **kwargs)',
      'a_',
      '__init__',
    ],
    ...[
      'AT&T',
      'a < b > c',
      'array[0][1]',
      '#tag',
      '-5',
      '1.5',
      'a!',
      '!important',
      ':-: | :-:',
      '=',
      '-',
      '+',
      '#',
    ],
  ])('%s', (value) => {
    for (const content of [[text(value)], [text('before'), { type: 'hardBreak' }, text(value)]]) {
      const markdown = adfToMarkdown(doc(p(...content)));
      expect(markdownToAdf(markdown)).toEqual(doc(p(...content)));
    }
  });

  it('stays readable: no backslash where none is needed', () => {
    const value = 'snake_case C:\\temp array[0] 2 * 3 a < b AT&T -5 #tag 1.5 (a) {b} $c ~d "e" — f!';
    expect(adfToMarkdown(doc(p(text(value))))).toBe(value);
  });

  it('loses control characters and half characters', () => {
    expect(adfToMarkdown(doc(p(text('a\u0000b\ud800c\u001bd'))))).toBe('abcd');
  });
});
