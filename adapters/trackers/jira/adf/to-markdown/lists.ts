// Lists of all four kinds. Neighbouring lists take different markers, or they would read as one. An item's
// contents are indented by the width of its own marker, so nested lists, code and quotes stay inside.
import { asNode, attribute, childrenOf, integerAttribute, typeOf, type UnknownNode } from '../node.ts';
import { blockTexts } from './blocks.ts';
import { escapeLineStarts } from './escape.ts';
import { singleLine } from './inline.ts';
import type { Reading } from './reading.ts';

/** Markdown reads at most nine digits. */
const greatestNumber = 999_999_999;

/** The marker of a list behind a block with the marker `before`: `-` or `*`, `.` or `)`; `''` for other blocks. */
export function markerAfter(before: string, type: string): string {
  const [first, second] = markersOf(type);
  return before === first ? second : first;
}

function markersOf(type: string): readonly [string, string] {
  if (type === 'orderedList') return ['.', ')'];
  return /List$/.test(type) ? ['-', '*'] : ['', ''];
}

export function listText(list: UnknownNode, reading: Reading, marker: string): string {
  const first =
    typeOf(list) === 'orderedList'
      ? integerAttribute(list, 'order', { least: 0, most: greatestNumber, otherwise: 1 })
      : undefined;
  const items = nodesIn(list, reading).map((item, index) => {
    const number = first === undefined ? '' : Math.min(first + index, greatestNumber);
    return itemText(`${number}${marker} `, itemBlocks(item, reading, marker));
  });
  return joinItems(items);
}

/** An item of another type than `listItem` is somebody's mistake, and its contents still an item. */
function itemBlocks(item: UnknownNode, reading: Reading, marker: string): readonly string[] {
  // A list that begins an item takes the other marker too, because `- - -` is a rule.
  return blockTexts(typeOf(item) === 'listItem' ? childrenOf(item) : [item], reading, marker);
}

function itemText(marker: string, blocks: readonly string[]): string {
  let text = '';
  blocks.forEach((block, index) => {
    const apart = index === 0 ? '' : isTight(block) ? '\n' : '\n\n';
    text += apart + block;
  });
  return indented(marker, text);
}

/** A nested list may follow its text directly, unless it could be read as text or as an underline. */
function isTight(block: string): boolean {
  return /^(?:[-*]|1[.)]) \S/.test(block) && !/^(?:[-*][ \t]*)+(?:\n|$)/.test(block);
}

function indented(marker: string, text: string): string {
  const indent = ' '.repeat(marker.length);
  const lines = text
    .split('\n')
    .map((line, index) => (index === 0 ? marker : line === '' ? '' : indent) + line);
  return [(lines[0] ?? '').trimEnd(), ...lines.slice(1)].join('\n');
}

function joinItems(items: readonly string[]): string {
  const loose = items.some((item) => item.includes('\n\n'));
  return items.join(loose ? '\n\n' : '\n');
}

export function taskList(list: UnknownNode, reading: Reading, marker: string): string {
  const items: string[] = [];
  for (const item of nodesIn(list, reading)) {
    const type = typeOf(item);
    if (type === 'taskList') {
      const nested = reading.deeper((deeper) => taskList(item, deeper, '-')) ?? reading.flat(item);
      const indent = ' '.repeat(marker.length + 1);
      if (nested !== '')
        items.push(
          nested
            .split('\n')
            .map((line) => (line === '' ? '' : indent + line))
            .join('\n'),
        );
      continue;
    }
    const box = attribute(item, 'state') === 'DONE' ? '[x] ' : '[ ] ';
    // What follows the box is read as blocks, so a text that begins like one must not look like it.
    const blocks =
      type === 'taskItem'
        ? [escapeLineStarts(singleLine(childrenOf(item), reading, false))]
        : itemBlocks(item, reading, marker);
    const [first = '', ...rest] = type === 'blockTaskItem' ? blockTexts(childrenOf(item), reading) : blocks;
    items.push(itemText(`${marker} `, [box + first, ...rest]));
  }
  return joinItems(items);
}

export function decisionList(list: UnknownNode, reading: Reading, marker: string): string {
  const items = nodesIn(list, reading).map((item) => {
    const state =
      attribute(item, 'state')
        .toLowerCase()
        .replace(/[^a-z]/g, '') || 'decided';
    return itemText(`${marker} `, [
      `Decision (${state}): ${singleLine(childrenOf(item), reading, false)}`.trim(),
    ]);
  });
  return joinItems(items);
}

function nodesIn(list: UnknownNode, reading: Reading): UnknownNode[] {
  return childrenOf(list).flatMap((value) => {
    const node = asNode(value);
    return node && reading.enter() ? [node] : [];
  });
}
