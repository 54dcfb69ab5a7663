// marked's block tokens as ADF blocks. Atlassian's schema allows little inside of list items and quotes, so what
// may not stand there becomes what may, with every word kept: headings strong paragraphs, tables one paragraph a
// row, quotes their contents. Rules are left out there, because they say nothing.
import type { Token, Tokens } from 'marked';
import { paragraph, type AdfBlock, type AdfInline, type AdfPanelType } from '../adf-document.ts';
import { inlineNodes } from './inline.ts';
import type { Definitions } from './inline-scan.ts';
import { listNodes } from './lists.ts';
import { tableNode, tableRows } from './table.ts';

export interface Conversion {
  readonly definitions: Definitions;
  /** A new id for a task or a task list, unique in the document. */
  readonly makeId: () => string;
}

/** Where blocks stand. A panel allows headings and rules, a quote and a list item do not. */
export type Place = 'document' | 'list_item' | 'panel' | 'quote';

const panelTypes: ReadonlyMap<string, AdfPanelType> = new Map([
  ['CAUTION', 'error'],
  ['CUSTOM', 'note'],
  ['ERROR', 'error'],
  ['IMPORTANT', 'note'],
  ['INFO', 'info'],
  ['NOTE', 'note'],
  ['SUCCESS', 'success'],
  ['TIP', 'tip'],
  ['WARNING', 'warning'],
]);

export function blockNodes(tokens: readonly Token[], place: Place, conversion: Conversion): AdfBlock[] {
  return tokens.flatMap((token) => blockNode(token as Tokens.Generic, place, conversion));
}

function blockNode(token: Tokens.Generic, place: Place, conversion: Conversion): AdfBlock[] {
  switch (token.type) {
    case 'space':
      return [];
    case 'code':
      return [codeBlock(token as Tokens.Code, place)];
    case 'heading':
      return heading(token as Tokens.Heading, place, conversion);
    case 'hr':
      return place === 'document' || place === 'panel' ? [{ type: 'rule' }] : [];
    case 'list':
      return listNodes(token as Tokens.List, place, conversion);
    case 'blockquote':
      return blockquote(token as Tokens.Blockquote, place, conversion);
    case 'table':
      return table(token as Tokens.Table, place, conversion);
    case 'def':
      // Stays readable beside the links that use it, and is no link to itself.
      return textBlock(token.raw, {});
    default:
      return textBlock(String(token['text'] ?? token.raw), conversion.definitions);
  }
}

function textBlock(text: string, definitions: Definitions): AdfBlock[] {
  const content = inlineNodes(text, definitions);
  return content.length === 0 ? [] : [paragraph(content)];
}

function codeBlock({ text: written, lang }: Tokens.Code, place: Place): AdfBlock {
  // marked writes out the tabs of a list item, but not those of its first line.
  const text = place === 'list_item' ? written.replace(/\t/g, '    ') : written;
  const language = (lang ?? '').trim();
  return {
    type: 'codeBlock',
    ...(language === '' ? {} : { attrs: { language } }),
    ...(text === '' ? {} : { content: [{ type: 'text', text }] }),
  };
}

function heading({ text, depth }: Tokens.Heading, place: Place, conversion: Conversion): AdfBlock[] {
  const content = inlineNodes(text, conversion.definitions);
  if (place === 'document' || place === 'panel') {
    const attrs = { level: depth };
    return [content.length === 0 ? { type: 'heading', attrs } : { type: 'heading', attrs, content }];
  }
  return content.length === 0 ? [] : [paragraph(content.map(strong))];
}

function strong(node: AdfInline): AdfInline {
  if (node.type === 'hardBreak') return node;
  const marks = node.marks ?? [];
  if (marks.some(({ type }) => type === 'code' || type === 'strong')) return node;
  // The order of inline.ts, so that equal marks are equal arrays.
  const before = marks.filter(({ type }) => type !== 'em');
  return { ...node, marks: [...before, { type: 'strong' }, ...marks.filter(({ type }) => type === 'em')] };
}

function blockquote({ tokens }: Tokens.Blockquote, place: Place, conversion: Conversion): AdfBlock[] {
  if (place === 'list_item' || place === 'quote') return blockNodes(tokens, place, conversion);
  const panel = place === 'document' ? panelOf(tokens) : undefined;
  const inside = panel ? 'panel' : 'quote';
  const content = blockNodes(panel?.tokens ?? tokens, inside, conversion);
  if (!panel && place === 'panel') return content;
  const filled = content.length === 0 ? [paragraph([])] : content;
  return panel
    ? [{ type: 'panel', attrs: { panelType: panel.panelType }, content: filled }]
    : [{ type: 'blockquote', content: filled }];
}

/** `> [!NOTE]` on a line of its own makes a panel, as on GitHub. */
function panelOf(
  tokens: readonly Token[],
): { panelType: AdfPanelType; tokens: readonly Token[] } | undefined {
  const [first, ...rest] = tokens;
  if (first?.type !== 'paragraph') return undefined;
  const { text } = first as Tokens.Paragraph;
  const marker = /^\[!([A-Za-z]+)\][ \t]*(?:\n|$)/.exec(text);
  const panelType = panelTypes.get((marker?.[1] ?? '').toUpperCase());
  if (!marker || !panelType) return undefined;
  return { panelType, tokens: [{ ...first, text: text.slice(marker[0].length) } as Token, ...rest] };
}

function table({ raw }: Tokens.Table, place: Place, conversion: Conversion): AdfBlock[] {
  const rows = tableRows(raw);
  if (!rows) return textBlock(raw, conversion.definitions);
  const node = tableNode(rows, conversion.definitions);
  if (place === 'document') return [node];
  return node.content.map(({ content: cells }, index) => {
    const joined = cells.flatMap(({ content: [cell] }, column): readonly AdfInline[] => [
      ...(column === 0 ? [] : [{ type: 'text' as const, text: ' | ' }]),
      ...(cell?.content ?? []),
    ]);
    return paragraph(index === 0 ? joined.map(strong) : joined);
  });
}
