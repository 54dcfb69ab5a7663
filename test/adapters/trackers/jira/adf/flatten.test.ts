// The plain-text contract of tracker.rich_text: plain, word for word.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flattenAdf } from '../../../../../adapters/trackers/jira/adf/index.ts';
import { junk } from './adf-arbitrary.ts';
import { doc, p, text } from './adf-nodes.ts';

it('puts a line break after each paragraph, and none at the end', () => {
  expect(flattenAdf(doc(p(text('Hello world')), p(text('Second paragraph'))))).toBe(
    'Hello world\nSecond paragraph',
  );
});

it('leaves a blank line between list items, because the item and its paragraph both end', () => {
  const item = (word: string) => ({ type: 'listItem', content: [p(text(word))] });
  expect(flattenAdf(doc({ type: 'bulletList', content: [item('a'), item('b')] }))).toBe('a\n\nb');
});

it('knows nothing of hard breaks, mentions and cards', () => {
  const card = { type: 'inlineCard', attrs: { url: 'https://x.example' } };
  const mention = { type: 'mention', attrs: { id: '1', text: '@Ann' } };
  expect(flattenAdf(doc(p(text('red'), { type: 'hardBreak' }, text('after'), mention, card)))).toBe(
    'redafter',
  );
});

describe('ends with a line break', () => {
  const blocks = [
    ...[
      'paragraph',
      'heading',
      'bulletList',
      'orderedList',
      'listItem',
      'blockquote',
      'codeBlock',
      'rule',
      'table',
    ],
    ...[
      'tableRow',
      'tableCell',
      'tableHeader',
      'panel',
      'decisionList',
      'decisionItem',
      'taskList',
      'taskItem',
    ],
    ...['mediaSingle', 'mediaGroup'],
  ];
  it.each(blocks)('%s', (type) => {
    expect(flattenAdf({ content: [{ type, content: [text('a')] }, text('b')] })).toBe('a\nb');
  });

  it.each(['doc', 'expand', 'layoutColumn', 'caption', 'unheardOf', '__proto__', 'constructor'])(
    'not %s',
    (type) => {
      expect(flattenAdf({ content: [{ type, content: [text('a')] }, text('b')] })).toBe('ab');
    },
  );
});

it.each([null, undefined, 'text', 7, true, [], [text('a')], {}])('gives nothing for %j', (value) => {
  expect(flattenAdf(value)).toBe('');
});

it('survives 100,000 levels', () => {
  let node: object = text('deep');
  for (let level = 0; level < 100_000; level += 1) node = { type: 'blockquote', content: [node] };
  expect(flattenAdf(node)).toBe('deep');
});

it('ends on a node that contains itself', () => {
  const node: { type: string; content: unknown[] } = { type: 'loop', content: [text('a')] };
  node.content.push(node);
  expect(flattenAdf(node)).toMatch(/^a+$/);
});

it('never throws', () => {
  fc.assert(fc.property(junk, (value) => typeof flattenAdf(value) === 'string'));
});
