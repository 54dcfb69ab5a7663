// Inline nodes as pieces of marked text, and those as one string of Markdown. Everything that stands for words has
// some: a mention its name, a date its day in UTC, a card its address. What is unknown gives its text and children.
import { cleanText } from '../characters.ts';
import {
  asNode,
  attribute,
  childrenOf,
  marksOf,
  objectAttribute,
  textOf,
  typeOf,
  type UnknownNode,
} from '../node.ts';
import type { Reading } from './reading.ts';
import { escapeLineStarts } from './escape.ts';
import { enclosedAddress } from './inline-text.ts';
import { renderPieces } from './checked-marks.ts';
import { linkKey, type Piece } from './pieces.ts';

const inlineTypes: ReadonlySet<string> = new Set([
  'date',
  'emoji',
  'hardBreak',
  'inlineCard',
  'inlineExtension',
  'mediaInline',
  'mention',
  'placeholder',
  'status',
  'text',
]);

export function isInline(node: UnknownNode): boolean {
  return inlineTypes.has(typeOf(node));
}

/** One line for each hard break, safe at the start of each line. `''` when there is nothing to see. */
export function paragraphText(nodes: readonly unknown[], reading: Reading): string {
  const text = renderPieces(piecesOf(nodes, reading), { lineBreak: '\\\n', inTable: false });
  return escapeLineStarts(text);
}

/** The same on a single line: for headings, tasks and the cells of tables. */
export function singleLine(nodes: readonly unknown[], reading: Reading, inTable: boolean): string {
  return renderPieces(piecesOf(nodes, reading), { lineBreak: '<br>', inTable });
}

function piecesOf(nodes: readonly unknown[], reading: Reading): Piece[] {
  return nodes.flatMap((value): Piece[] => {
    const node = asNode(value);
    return node && reading.enter() ? pieces(node, reading) : [];
  });
}

function pieces(node: UnknownNode, reading: Reading): Piece[] {
  const marks = markKeys(node);
  switch (typeOf(node)) {
    case 'text':
      return textPieces(textOf(node), marks, isCode(node));
    case 'hardBreak':
      return [{ kind: 'break', text: '', marks: [] }];
    case 'mention':
      return textPieces(attribute(node, 'text') || `@${attribute(node, 'id')}`, marks);
    case 'emoji':
      return textPieces(attribute(node, 'text') || attribute(node, 'shortName'), marks);
    case 'date':
      return textPieces(dayOf(attribute(node, 'timestamp')), marks);
    case 'status':
      return textPieces(attribute(node, 'text'), [...marks.filter((key) => key !== 'strong'), 'strong']);
    case 'inlineCard':
    case 'blockCard':
    case 'embedCard':
      return cardPieces(node, marks);
    case 'media':
    case 'mediaInline':
      return mediaPieces(node, marks);
    case 'extension':
    case 'inlineExtension':
    case 'bodiedExtension':
      return [...textPieces(extensionName(node), marks), ...nested(node, reading)];
    default:
      return [...textPieces(ownText(node), marks), ...nested(node, reading)];
  }
}

/** The children of a node that should have none, or of a block inside of a paragraph. */
function nested(node: UnknownNode, reading: Reading): Piece[] {
  const children = childrenOf(node);
  if (children.length === 0) return [];
  const inner = reading.deeper((deeper) => piecesOf(children, deeper));
  if (inner === undefined) return textPieces(reading.flat(node), []);
  const apart = isInline(node) ? [] : [{ kind: 'break' as const, text: '', marks: [] }];
  return [...inner, ...apart];
}

/** Line breaks inside of a text are breaks: Jira shows them as such. */
function textPieces(text: string, marks: readonly string[], code = false): Piece[] {
  const lines = cleanText(text).split('\n');
  if (code) return [{ kind: 'code' as const, text: lines.join(' '), marks: onlyLink(marks) }].filter(hasText);
  // A tab shows as a space, and Markdown parsers make any number of spaces of it.
  return lines.flatMap((line, index): Piece[] => [
    ...(index === 0 ? [] : [{ kind: 'break' as const, text: '', marks: [] }]),
    ...(line === '' ? [] : [{ kind: 'text' as const, text: line.replace(/\t/g, ' '), marks }]),
  ]);
}

function hasText({ text }: Piece): boolean {
  return text !== '';
}

function onlyLink(marks: readonly string[]): readonly string[] {
  return marks.filter((key) => key.startsWith('link:'));
}

function isCode(node: UnknownNode): boolean {
  return marksOf(node).some((mark) => typeOf(mark) === 'code');
}

/** Marks that Markdown has. Underline, colours, sub- and superscript are dropped, their text kept. */
function markKeys(node: UnknownNode): readonly string[] {
  const keys = new Set<string>();
  let link: string | undefined;
  for (const mark of marksOf(node)) {
    const type = typeOf(mark);
    const href = cleanText(attribute(mark, 'href')).trim();
    if (type === 'strong' || type === 'em' || type === 'strike') keys.add(type);
    if (type === 'link' && href !== '')
      link ??= linkKey({ href, title: cleanText(attribute(mark, 'title')) });
  }
  if (link !== undefined) keys.add(link);
  return [...keys];
}

function cardPieces(node: UnknownNode, marks: readonly string[]): Piece[] {
  const data = objectAttribute(node, 'data');
  const written = attribute(node, 'url') || (data ? stringIn(data, 'url') || stringIn(data, '@id') : '');
  const name = data ? stringIn(data, 'name') : '';
  const url = cleanText(written).trim();
  const address = enclosedAddress(url);
  if (name === '' && address !== undefined) return [{ kind: 'raw', text: address, marks: [] }];
  if (url !== '') return textPieces(name || url, [linkKey({ href: url, title: '' }), ...marks]);
  const source = objectAttribute(node, 'datasource');
  return textPieces(name || (source ? `datasource ${stringIn(source, 'id')}` : ''), marks);
}

function stringIn(node: UnknownNode, key: string): string {
  const value = node[key];
  return typeof value === 'string' ? value : '';
}

/** Files have no address that an agent could fetch, so their name has to do. */
function mediaPieces(node: UnknownNode, marks: readonly string[]): Piece[] {
  const alt = attribute(node, 'alt').trim();
  const name = alt || attribute(node, '__fileName').trim() || attribute(node, 'fileName').trim();
  const url = cleanText(attribute(node, 'url')).trim();
  if (url !== '') {
    const link = marks.some((key) => key.startsWith('link:')) ? [] : [linkKey({ href: url, title: '' })];
    return textPieces(name || url, [...link, ...marks]);
  }
  return textPieces(`[${attribute(node, 'type') || 'file'}: ${name || attribute(node, 'id')}]`, marks);
}

/** What a container or an unknown node says itself, beside its children. */
export function ownText(node: UnknownNode): string {
  if (/extension$/i.test(typeOf(node))) return extensionName(node);
  if (typeOf(node) === 'panel') return `${panelLabel(node)}:`;
  return textOf(node) || attribute(node, 'text') || attribute(node, 'title');
}

export function panelLabel(node: UnknownNode): string {
  const type = attribute(node, 'panelType').replace(/[^A-Za-z]/g, '');
  return type.toUpperCase() || 'INFO';
}

function extensionName(node: UnknownNode): string {
  const parameters = objectAttribute(node, 'parameters');
  const title = parameters ? stringIn(parameters, 'extensionTitle') : '';
  const name = title || attribute(node, 'extensionKey');
  const text = attribute(node, 'text').trim();
  return `[extension: ${name}]${text === '' || text === name ? '' : ` ${text}`}`;
}

/** Milliseconds since the epoch, as text, to the day in UTC; anything else stays as it is. */
export function dayOf(timestamp: string): string {
  const at = /^-?\d{1,16}$/.test(timestamp) ? new Date(Number(timestamp)) : undefined;
  return at && !Number.isNaN(at.getTime()) ? (at.toISOString().split('T', 1)[0] ?? timestamp) : timestamp;
}
