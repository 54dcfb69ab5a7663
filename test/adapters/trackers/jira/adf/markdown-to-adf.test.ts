// What each construct of Markdown becomes in Jira, and what becomes of those that Atlassian does not allow there.
import { describe, expect, it } from 'vitest';
import { markdownToAdf } from '../../../../../adapters/trackers/jira/adf/index.ts';
import { complaints } from './atlassian-schema.ts';
import { cell, headerCell, link, list, numbered, p, row, table, text } from './adf-nodes.ts';

type Node = Readonly<Record<string, unknown>>;

const br: Node = { type: 'hardBreak' };
const quote = (...content: Node[]): Node => ({ type: 'blockquote', content });
const item = (localId: string, state: string, ...content: Node[]): Node => ({
  type: 'taskItem',
  attrs: { localId, state },
  content,
});
const empty: Node = { type: 'paragraph' };

function check(markdown: string, content: readonly Node[]): void {
  const document = markdownToAdf(markdown);
  expect(document).toEqual({ type: 'doc', version: 1, content });
  expect(complaints(document)).toEqual([]);
}

describe('constructs', () => {
  it.each<[string, string, Node[]]>([
    ['nothing', ' \n\n ', []],
    ['a paragraph over two lines', 'a\n  b', [p(text('a b'))]],
    ['hard breaks', 'a  \nb\\\nc<br>d', [p(text('a'), br, text('b'), br, text('c'), br, text('d'))]],
    [
      'headings',
      '# a\n\nb\n---',
      [
        { type: 'heading', attrs: { level: 1 }, content: [text('a')] },
        { type: 'heading', attrs: { level: 2 }, content: [text('b')] },
      ],
    ],
    ['a rule', '***', [{ type: 'rule' }]],
    [
      'marks',
      '**a** _b_ ~~c~~ `d`',
      [
        p(
          text('a', 'strong'),
          text(' '),
          text('b', 'em'),
          text(' '),
          text('c', 'strike'),
          text(' '),
          text('d', 'code'),
        ),
      ],
    ],
    [
      'nested marks',
      '***a*** **b _c_**',
      [p(text('a', 'strong', 'em'), text(' '), text('b ', 'strong'), text('c', 'strong', 'em'))],
    ],
    ['marks in languages without spaces', '**重要。**次', [p(text('重要。', 'strong'), text('次'))]],
    [
      'code keeps only its link',
      '**[`a`](https://x.example)**',
      [p(text('a', link('https://x.example'), 'code'))],
    ],
    [
      'links',
      '[a](https://x.example "t") <https://y.example> https://z.example.',
      [
        p(
          text('a', link('https://x.example', 't')),
          text(' '),
          text('https://y.example', link('https://y.example')),
          text(' '),
          text('https://z.example', link('https://z.example')),
          text('.'),
        ),
      ],
    ],
    [
      'a link by reference',
      '[a][1]\n\n[1]: https://x.example',
      [
        p(text('a', link('https://x.example'))),
        p(text('[1]: '), text('https://x.example', link('https://x.example'))),
      ],
    ],
    ['a picture', '![alt](https://x.example/a.png)', [p(text('alt', link('https://x.example/a.png')))]],
    ['a path', '[a](src/a.ts)', [p(text('a (src/a.ts)'))]],
    [
      'code',
      '```ts\nlet a;\n```',
      [{ type: 'codeBlock', attrs: { language: 'ts' }, content: [text('let a;')] }],
    ],
    ['empty code', '```\n```', [{ type: 'codeBlock' }]],
    ['marks in code', '    **a**', [{ type: 'codeBlock', content: [text('**a**')] }]],
    [
      'HTML',
      '<b>a</b>\n\n<div>\n*b*\n</div>',
      [p(text('<b>a</b>')), p(text('<div> '), text('b', 'em')), p(text('</div>'))],
    ],
    ['references to characters', '&lt;a&gt; &#65; &unknown;', [p(text('<a> A &unknown;'))]],
    [
      'lists',
      '- a\n  1. b\n- c',
      [
        list(
          [p(text('a')), { type: 'orderedList', content: [{ type: 'listItem', content: [p(text('b'))] }] }],
          [p(text('c'))],
        ),
      ],
    ],
    ['a list that starts at 7', '7. a', [numbered(7, [p(text('a'))])]],
    ['an empty item', '-', [list([empty])]],
    [
      'tasks',
      '- [ ] a\n- [x] b\n  - [ ] c',
      [
        {
          type: 'taskList',
          attrs: { localId: '1' },
          content: [
            item('2', 'TODO', text('a')),
            item('3', 'DONE', text('b')),
            { type: 'taskList', attrs: { localId: '4' }, content: [item('5', 'TODO', text('c'))] },
          ],
        },
      ],
    ],
    ['a quote', '> a', [quote(p(text('a')))]],
    ['an empty quote', '>', [quote(empty)]],
    [
      'a panel',
      '> [!CAUTION]\n> a',
      [{ type: 'panel', attrs: { panelType: 'error' }, content: [p(text('a'))] }],
    ],
    ['an empty panel', '> [!TIP]', [{ type: 'panel', attrs: { panelType: 'tip' }, content: [empty] }]],
    [
      'a table',
      '| a | b |\n|---|---|\n| `x\\|y` |',
      [
        table(
          row(headerCell(p(text('a'))), headerCell(p(text('b')))),
          row(cell(p(text('x|y', 'code'))), cell(empty)),
        ),
      ],
    ],
    [
      'a row longer than its header',
      '| a |\n|---|\n| b | c |',
      [table(row(headerCell(p(text('a'))), headerCell(empty)), row(cell(p(text('b'))), cell(p(text('c')))))],
    ],
    ['characters that no document may hold', 'a\u0000b\ud800c', [p(text('abc'))]],
  ])('%s', (_, markdown, content) => {
    check(markdown, content);
  });
});

describe('where Atlassian allows less', () => {
  it.each<[string, string, Node[]]>([
    ['a heading in a list', '- # a', [list([p(text('a', 'strong'))])]],
    ['a rule in a list', '- a\n\n  ***', [list([p(text('a'))])]],
    ['a quote in a list', '- > a', [list([p(text('a'))])]],
    [
      'a table in a list',
      '- | a | b |\n  |---|---|\n  | c | d |',
      [
        list([
          p(text('a', 'strong'), text(' | ', 'strong'), text('b', 'strong')),
          p(text('c'), text(' | '), text('d')),
        ]),
      ],
    ],
    ['a list that begins an item', '- - a', [list([empty, list([p(text('a'))])])]],
    ['a quote in a quote', '> > a', [quote(p(text('a')))]],
    ['tasks in a quote', '> - [x] a', [quote(list([p(text('[x] a'))]))]],
    ['a panel in a list', '- > [!NOTE]\n  > a', [list([p(text('[!NOTE] a'))])]],
    ['tasks among items', '- [x] a\n- b', [list([p(text('[x] a'))], [p(text('b'))])]],
    [
      'a task with code',
      '- [ ] a\n\n  ```\n  b\n  ```',
      [list([p(text('[ ] a')), { type: 'codeBlock', content: [text('b')] }])],
    ],
  ])('%s', (_, markdown, content) => {
    check(markdown, content);
  });
});

it('takes ids from the caller', () => {
  let last = 0;
  const document = markdownToAdf('- [ ] a', { makeId: () => `id-${(last += 1)}` });
  expect(document.content[0]).toMatchObject({
    attrs: { localId: 'id-1' },
    content: [{ attrs: { localId: 'id-2' } }],
  });
});

it('turns containers nested too deep into text', () => {
  const document = markdownToAdf(`${'> - '.repeat(5_000)}word`);
  expect(complaints(document)).toEqual([]);
  expect(JSON.stringify(document)).toContain('word');
});
