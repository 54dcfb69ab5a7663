// Which documents the loopback takes: the nesting rules that converters break, one by one.
import { expect, it } from 'vitest';
import { adf, checkAdf } from './index.ts';

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const doc = (...content: readonly Node[]): unknown => ({ type: 'doc', version: 1, content });
const text = (words: string, ...marks: readonly Node[]): Node => ({
  type: 'text',
  text: words,
  ...(marks.length > 0 ? { marks } : {}),
});
const block = (type: string, ...content: readonly Node[]): Node => ({ type, content });
const paragraph = (...content: readonly Node[]): Node => block('paragraph', ...content);
const item = (...content: readonly Node[]): Node => block('bulletList', block('listItem', ...content));
const heading: Node = { type: 'heading', attrs: { level: 2 }, content: [text('x')] };
const strong: Node = { type: 'strong' };
const code: Node = { type: 'code' };
const link: Node = { type: 'link', attrs: { href: 'https://example.com' } };
const cell = (...content: readonly Node[]): Node =>
  block('table', block('tableRow', { type: 'tableCell', attrs: {}, content }));
const panel = (...content: readonly Node[]): Node => ({
  type: 'panel',
  attrs: { panelType: 'info' },
  content,
});

it.each<readonly [string, unknown]>([
  ['an empty document', doc()],
  ['lines', adf('one\n\ntwo')],
  ['marks on text', doc(paragraph(text('x', strong, link), { type: 'hardBreak' }, text('y', code, link)))],
  ['nested lists', doc(item(paragraph(text('x')), item(paragraph(text('y')))))],
  ['code in a list', doc(item(block('codeBlock', text('x'))))],
  ['a heading in a table cell', doc(cell(heading, paragraph()))],
  ['a panel with a list', doc(panel(item(paragraph(text('x')))))],
  [
    'a task list',
    doc({
      type: 'taskList',
      attrs: { localId: 'a' },
      content: [{ type: 'taskItem', attrs: { localId: 'b', state: 'TODO' } }],
    }),
  ],
  [
    'a mention and a card',
    doc(
      paragraph({ type: 'mention', attrs: { id: 'x' } }, { type: 'inlineCard', attrs: { url: 'https://x' } }),
    ),
  ],
])('takes %s', (_, document) => {
  expect(checkAdf(document)).toBeNull();
});

it.each<readonly [string, unknown, RegExp]>([
  ['plain text', 'hello', /not an object/],
  ['another version', { type: 'doc', version: 2, content: [] }, /version/],
  ['a document without content', { type: 'doc', version: 1 }, /content/],
  ['loose text', doc(text('x')), /text may not stand in doc/],
  ['empty text', doc(paragraph(text(''))), /text is empty/],
  ['code with strong', doc(paragraph(text('x', code, strong))), /strong is not allowed/],
  ['marks in a code block', doc(block('codeBlock', text('x', strong))), /strong is not allowed/],
  ['a break in a code block', doc(block('codeBlock', { type: 'hardBreak' })), /hardBreak may not/],
  ['a heading in a list item', doc(item(heading)), /heading may not/],
  ['a table in a list item', doc(item(cell(paragraph()))), /table may not/],
  ['a rule in a list item', doc(item({ type: 'rule' })), /rule may not/],
  ['a panel in a list item', doc(item(panel(paragraph()))), /panel may not/],
  ['an empty list', doc(block('bulletList')), /fewer than 1/],
  ['an empty quote', doc(block('blockquote')), /fewer than 1/],
  ['a quote in a quote', doc(block('blockquote', block('blockquote', paragraph()))), /blockquote may not/],
  ['an empty panel', doc(panel()), /fewer than 1/],
  ['a panel in a panel', doc(panel(panel(paragraph()))), /panel may not/],
  ['a panel of no kind', doc({ ...panel(paragraph()), attrs: { panelType: 'loud' } }), /panelType/],
  ['a heading of level 7', doc({ ...heading, attrs: { level: 7 } }), /level/],
  ['a heading without a level', doc(block('heading', text('x'))), /no attrs/],
  [
    'a task without an id',
    doc({
      type: 'taskList',
      attrs: { localId: 'a' },
      content: [{ type: 'taskItem', attrs: { state: 'TODO' } }],
    }),
    /localId/,
  ],
  ['a link without an address', doc(paragraph(text('x', { type: 'link', attrs: {} }))), /href/],
  ['the same mark twice', doc(paragraph(text('x', strong, strong))), /twice/],
  ['an unknown node', doc({ type: 'marquee' }), /marquee may not/],
  ['an unknown attribute', doc({ ...paragraph(), attrs: { align: 'left' } }), /no attribute align/],
  ['an unknown key', doc({ ...paragraph(), style: 'x' }), /no style/],
])('refuses %s', (_, document, reason) => {
  expect(checkAdf(document)).toMatch(reason);
});
