// Block nodes as blocks of Markdown lines. Works on any node in any place: inline nodes among blocks make a
// paragraph, a block that is unknown gives its children, so nothing that has words is left out.
import { cleanText } from '../characters.ts';
import {
  asNode,
  attribute,
  childrenOf,
  integerAttribute,
  textOf,
  typeOf,
  type UnknownNode,
} from '../node.ts';
import { escapeText } from './escape.ts';
import { isInline, ownText, panelLabel, paragraphText, singleLine } from './inline.ts';
import { decisionList, listText, markerAfter, taskList } from './lists.ts';
import type { Reading } from './reading.ts';
import { tableText } from './table.ts';

/** The blocks of `nodes`, in order, none of them empty. `marker` is that of the list around them. */
export function blockTexts(nodes: readonly unknown[], reading: Reading, marker = ''): string[] {
  const blocks: string[] = [];
  let before = marker;
  let inline: unknown[] = [];
  const add = (text: string, used: string): void => {
    if (text === '') return;
    blocks.push(text);
    before = used;
  };
  const flush = (): void => {
    if (inline.length > 0) add(paragraphText(inline, reading), '');
    inline = [];
  };
  for (const value of nodes) {
    const node = asNode(value);
    if (!node) continue;
    if (isInline(node)) {
      inline.push(node);
      continue;
    }
    flush();
    if (!reading.enter()) break;
    const next = markerAfter(before, typeOf(node));
    const text = reading.deeper((deeper) => blockText(node, deeper, next));
    add(text ?? paragraphText([{ type: 'text', text: reading.flat(node) }], reading), next);
  }
  flush();
  return blocks;
}

function blockText(node: UnknownNode, reading: Reading, marker: string): string {
  const children = childrenOf(node);
  switch (typeOf(node)) {
    case 'paragraph':
    case 'caption':
      return mixedText(node, reading);
    case 'heading':
      return headingText(node, reading);
    case 'codeBlock':
      return codeText(node, reading);
    case 'rule':
      return '---';
    case 'blockquote':
      return quoted(blockTexts(children, reading).join('\n\n'));
    case 'panel':
      return panelText(node, reading);
    case 'bulletList':
    case 'orderedList':
      return listText(node, reading, marker);
    case 'taskList':
      return taskList(node, reading, marker);
    case 'decisionList':
      return decisionList(node, reading, marker);
    case 'table':
      return tableText(node, reading);
    case 'expand':
    case 'nestedExpand':
      return expandText(node, reading);
    case 'media':
    case 'blockCard':
    case 'embedCard':
    case 'extension':
      return paragraphText([node], reading);
    default:
      return unknownText(node, reading);
  }
}

/** A paragraph, and after it whatever blocks somebody put inside. */
function mixedText(node: UnknownNode, reading: Reading): string {
  const children = childrenOf(node);
  const hasBlocks = children.some((child) => {
    const inner = asNode(child);
    return inner !== undefined && !isInline(inner) && childrenOf(inner).length > 0;
  });
  return hasBlocks ? blockTexts(children, reading).join('\n\n') : paragraphText(children, reading);
}

function unknownText(node: UnknownNode, reading: Reading): string {
  const own = ownText(node);
  const children = blockTexts(childrenOf(node), reading);
  const first = own === '' ? [] : [paragraphText([{ type: 'text', text: own }], reading)];
  return [...first, ...children].filter((text) => text !== '').join('\n\n');
}

function headingText(node: UnknownNode, reading: Reading): string {
  const level = integerAttribute(node, 'level', { least: 1, most: 6, otherwise: 1 });
  const text = singleLine(childrenOf(node), reading, false).replace(/#$/, '\\#');
  return text === '' ? '#'.repeat(level) : `${'#'.repeat(level)} ${text}`;
}

function codeText(node: UnknownNode, reading: Reading): string {
  const text = cleanText(rawText(node, reading));
  const language = cleanText(attribute(node, 'language'))
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\]/g, '\\\\');
  const char = language.includes('`') ? '~' : '`';
  let longest = 2;
  for (const [run] of text.matchAll(char === '`' ? /`+/g : /~+/g)) longest = Math.max(longest, run.length);
  const fence = char.repeat(longest + 1);
  return [`${fence}${language}`, ...(text === '' ? [] : [text]), fence].join('\n');
}

function rawText(node: UnknownNode, reading: Reading): string {
  return childrenOf(node)
    .map((value) => {
      const child = asNode(value);
      if (!child || !reading.enter()) return '';
      if (typeOf(child) === 'hardBreak') return '\n';
      return typeOf(child) === 'text' ? textOf(child) : reading.flat(child);
    })
    .join('');
}

function panelText(node: UnknownNode, reading: Reading): string {
  const type = panelLabel(node);
  const children = childrenOf(node);
  const body = blockTexts(children, reading).join('\n\n');
  // A paragraph of nothing is not written, so it is not what the body starts with.
  const first = children
    .map(asNode)
    .find(
      (child) => child && (typeOf(child) !== 'paragraph' || paragraphText(childrenOf(child), reading) !== ''),
    );
  const startsWithText = first !== undefined && typeOf(first) === 'paragraph';
  if (body === '') return quoted(`[!${type}]`);
  return quoted(`[!${type}]\n${startsWithText ? '' : '\n'}${body}`);
}

function expandText(node: UnknownNode, reading: Reading): string {
  const title = escapeText(cleanText(attribute(node, 'title')).replace(/\s+/g, ' ').trim(), {
    inLink: false,
  });
  const blocks = blockTexts(childrenOf(node), reading);
  return [`<details><summary>${title}</summary>`, ...blocks, '</details>'].join('\n\n');
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}
