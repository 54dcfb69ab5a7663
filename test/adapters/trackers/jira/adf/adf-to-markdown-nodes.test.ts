// What each node of Atlassian's schema looks like to an agent.
import { expect, it } from 'vitest';
import { adfToMarkdown } from '../../../../../adapters/trackers/jira/adf/index.ts';
import { cell, doc, headerCell, list, numbered, p, row, table, text } from './adf-nodes.ts';

type Node = Readonly<Record<string, unknown>>;

const code = (value: string, language?: string): Node => ({
  type: 'codeBlock',
  ...(language === undefined ? {} : { attrs: { language } }),
  content: [text(value)],
});
const inline = (type: string, attrs: Node): Node => p({ type, attrs });
const br: Node = { type: 'hardBreak' };
const task = (state: string, ...content: Node[]): Node => ({
  type: 'taskItem',
  attrs: { localId: '1', state },
  content,
});
const tasks = (...content: Node[]): Node => ({ type: 'taskList', attrs: { localId: '1' }, content });

it.each<[string, Node[], string]>([
  ['paragraphs', [p(text('a')), p(), p(text('b'))], 'a\n\nb'],
  ['a hard break', [p(text('red'), br, text('after'))], 'red\\\nafter'],
  ['a line break inside of a text', [p(text('red\nafter'))], 'red\\\nafter'],
  [
    'a heading',
    [{ type: 'heading', attrs: { level: 3 }, content: [text('a'), br, text('b #')] }],
    '### a<br>b \\#',
  ],
  ['a heading of no level', [{ type: 'heading', content: [text('a')] }], '# a'],
  ['a rule', [p(text('a')), { type: 'rule' }], 'a\n\n---'],
  ['code', [code('let a;\n\nlet b;', 'ts')], '```ts\nlet a;\n\nlet b;\n```'],
  ['code that holds a fence', [code('```\nx\n````')], '`````\n```\nx\n````\n`````'],
  ['code of a strange language', [code('x', 'a`b')], '~~~a`b\nx\n~~~'],
  ['empty code', [{ type: 'codeBlock' }], '```\n```'],
  ['a quote', [{ type: 'blockquote', content: [p(text('a')), p(text('b'))] }], '> a\n>\n> b'],
  [
    'a panel',
    [{ type: 'panel', attrs: { panelType: 'warning' }, content: [p(text('a'))] }],
    '> [!WARNING]\n> a',
  ],
  [
    'a panel that begins with a list',
    [{ type: 'panel', attrs: { panelType: 'info' }, content: [list([p(text('a'))])] }],
    '> [!INFO]\n>\n> - a',
  ],
  [
    'nested lists',
    [list([p(text('a')), numbered(3, [p(text('b'))], [p(text('c'))])], [p(text('d'))])],
    '- a\n\n  3. b\n  4. c\n\n- d',
  ],
  ['a list right in a list', [list([p(text('a')), list([p(text('b'))])])], '- a\n  - b'],
  [
    'an item of several blocks',
    [numbered(9, [p(text('a')), code('x')], [p(text('b'))])],
    '9. a\n\n   ```\n   x\n   ```\n\n10. b',
  ],
  ['neighbouring lists', [list([p(text('a'))]), list([p(text('b'))])], '- a\n\n* b'],
  ['lists of nothing but lists', [list([list([list([p()])])])], '- * -'],
  [
    'tasks',
    [tasks(task('TODO', text('a')), task('DONE', text('b')), tasks(task('DONE', text('c'))))],
    '- [ ] a\n- [x] b\n  - [x] c',
  ],
  [
    'decisions',
    [
      {
        type: 'decisionList',
        content: [{ type: 'decisionItem', attrs: { state: 'DECIDED' }, content: [text('a')] }],
      },
    ],
    '- Decision (decided): a',
  ],
  [
    'an expand',
    [{ type: 'expand', attrs: { title: 'More' }, content: [p(text('a'))] }],
    '<details><summary>More</summary>\n\na\n\n</details>',
  ],
  [
    'a nested expand',
    [{ type: 'nestedExpand', attrs: { title: '' }, content: [p(text('a'))] }],
    '<details><summary></summary>\n\na\n\n</details>',
  ],
  [
    'columns, one after the other',
    [
      {
        type: 'layoutSection',
        content: [
          { type: 'layoutColumn', content: [p(text('a'))] },
          { type: 'layoutColumn', content: [p(text('b'))] },
        ],
      },
    ],
    'a\n\nb',
  ],
  ['a mention', [inline('mention', { id: '5b1', text: '@Ann' })], '@Ann'],
  ['a mention without a name', [inline('mention', { id: '5b1' })], '@5b1'],
  ['an emoji', [inline('emoji', { shortName: ':smile:', text: '😄' })], '😄'],
  ['an emoji without a picture', [inline('emoji', { shortName: ':custom:' })], ':custom:'],
  ['a date, by its day in UTC', [inline('date', { timestamp: '1704067199999' })], '2023-12-31'],
  ['a date that is none', [inline('date', { timestamp: 'soon' })], 'soon'],
  ['a status', [inline('status', { text: 'IN REVIEW', color: 'blue' })], '**IN REVIEW**'],
  ['a placeholder', [inline('placeholder', { text: 'Describe it' })], 'Describe it'],
  [
    'an inline card',
    [inline('inlineCard', { url: 'https://x.example/a_b?c=*' })],
    '<https://x.example/a_b?c=*>',
  ],
  [
    'a card by its data',
    [inline('inlineCard', { data: { url: 'https://x.example', name: 'Page' } })],
    '[Page](https://x.example)',
  ],
  ['a block card', [{ type: 'blockCard', attrs: { url: 'https://x.example' } }], '<https://x.example>'],
  ['an embedded card', [{ type: 'embedCard', attrs: { url: 'https://x.example' } }], '<https://x.example>'],
  [
    'a picture with its caption',
    [
      {
        type: 'mediaSingle',
        content: [
          { type: 'media', attrs: { type: 'file', id: '7', alt: 'Screen' } },
          { type: 'caption', content: [text('Fig 1')] },
        ],
      },
    ],
    '\\[file: Screen]\n\nFig 1',
  ],
  [
    'a file by its name',
    [
      {
        type: 'mediaGroup',
        content: [{ type: 'media', attrs: { type: 'file', id: '7', __fileName: 'log.txt' } }],
      },
    ],
    '\\[file: log.txt]',
  ],
  ['a file by its id', [{ type: 'media', attrs: { type: 'file', id: '7' } }], '\\[file: 7]'],
  [
    'a picture from elsewhere',
    [{ type: 'media', attrs: { type: 'external', url: 'https://x.example/a.png', alt: 'A' } }],
    '[A](https://x.example/a.png)',
  ],
  [
    'an extension',
    [{ type: 'extension', attrs: { extensionKey: 'chart', text: 'Burn-down' } }],
    '\\[extension: chart] Burn-down',
  ],
  [
    'an extension with a body',
    [{ type: 'bodiedExtension', attrs: { extensionKey: 'box' }, content: [p(text('a'))] }],
    '\\[extension: box]\n\na',
  ],
  [
    'a block of the future',
    [{ type: 'hologram', attrs: { title: 'T' }, content: [p(text('a')), { type: 'ray', text: 'b' }] }],
    'T\n\na\n\nb',
  ],
  [
    'an inline node of the future',
    [p(text('a '), { type: 'smell', attrs: { text: 'rose' } }, text(' b'))],
    'a rose b',
  ],
  ['text where blocks should be', [text('a'), text('b'), p(text('c'))], 'ab\n\nc'],
  [
    'a table',
    [
      table(
        row(headerCell(p(text('a|b'))), headerCell(p(text('c')))),
        row(cell(p(text('1', 'code'))), cell(p(text('x')), p(text('y')))),
      ),
    ],
    '| a\\|b | c |\n| --- | --- |\n| `1` | x<br>y |',
  ],
  [
    'a table without a header',
    [table(row(cell(p(text('a'))), cell(p(text('b')))))],
    '|  |  |\n| --- | --- |\n| a | b |',
  ],
  [
    'lists, code and panels in a cell',
    [
      table(
        row(headerCell(p(text('h')))),
        row(
          cell(
            numbered(2, [p(text('a')), list([p(text('b'))])], [p(text('c'))]),
            code('x | y\nz', 'sh'),
            { type: 'panel', attrs: { panelType: 'note' }, content: [p(text('n'))] },
            tasks(task('DONE', text('t'))),
          ),
        ),
      ),
    ],
    '| h |\n| --- |\n| 2. a<br>   - b<br>3. c<br>sh:<br>`x \\| y`<br>`z`<br>NOTE:<br>n<br>- [x] t |',
  ],
  [
    'cells that span others',
    [
      table(
        row(headerCell(p(text('a'))), headerCell(p(text('b'))), headerCell(p(text('c')))),
        row(
          { type: 'tableCell', attrs: { colspan: 2, rowspan: 2 }, content: [p(text('d'))] },
          cell(p(text('e'))),
        ),
        row(cell(p(text('f')))),
      ),
    ],
    '| a | b | c |\n| --- | --- | --- |\n| d |  | e |\n|  |  | f |',
  ],
])('%s', (_, content, markdown) => {
  expect(adfToMarkdown(doc(...content))).toBe(markdown);
});

it('does not believe a cell that claims to span a billion columns', () => {
  const wide = { type: 'tableCell', attrs: { colspan: 1e9, rowspan: 1e9 }, content: [p(text('a'))] };
  expect(adfToMarkdown(doc(table(row(wide)))).length).toBeLessThan(5_000);
});

it.each([null, undefined, 'text', 7, [], {}])('gives nothing for %j', (value) => {
  expect(adfToMarkdown(value)).toBe('');
});

it('reads a fragment that is no document', () => {
  expect(adfToMarkdown(p(text('a')))).toBe('a');
});
