// A table as GFM. Cells hold one line there, so blocks are joined with `<br>`: lists keep their markers, code is a
// code span a line. A table without a header row gets an empty one, since GFM has no other; a cell that spans
// several columns or rows is followed by empty ones, so that columns stay columns.
import { cleanText } from '../characters.ts';
import {
  asNode,
  attribute,
  childrenOf,
  integerAttribute,
  nodesOf,
  textOf,
  typeOf,
  type UnknownNode,
} from '../node.ts';
import { isInline, ownText, singleLine } from './inline.ts';
import { codeSpan } from './inline-text.ts';
import type { Reading } from './reading.ts';

/** Jira's editor stops at 500 cells or so; a claim beyond is an attack. */
const widthLimit = 200;

export function tableText(table: UnknownNode, reading: Reading): string {
  const rows = nodesOf(childrenOf(table)).filter((node) => reading.enter() && typeOf(node) === 'tableRow');
  const grid = gridOf(rows, reading);
  const width = Math.min(
    widthLimit,
    grid.reduce((most, row) => Math.max(most, row.length), 0),
  );
  if (width === 0) return '';
  const [first] = rows;
  const hasHeader =
    first !== undefined && nodesOf(childrenOf(first)).every((cell) => typeOf(cell) === 'tableHeader');
  const [header = [], ...body] = hasHeader ? grid : [[], ...grid];
  const line = (cells: readonly string[]): string =>
    `|${Array.from({ length: width }, (_, column) => ` ${cells[column] ?? ''} `).join('|')}|`;
  const overflow = grid.flatMap((row) => row.slice(widthLimit));
  const rest = overflow.length === 0 ? [] : [`\n${overflow.join(' ')}`];
  return [line(header), `|${' --- |'.repeat(width)}`, ...body.map(line), ...rest].join('\n');
}

function gridOf(rows: readonly UnknownNode[], reading: Reading): string[][] {
  // How many rows each column is still covered from above.
  const covered: number[] = [];
  return rows.map((row) => {
    const cells: string[] = [];
    const skipCovered = (): void => {
      while ((covered[cells.length] ?? 0) > 0) {
        covered[cells.length] = (covered[cells.length] ?? 0) - 1;
        cells.push('');
      }
    };
    for (const cell of nodesOf(childrenOf(row))) {
      if (!reading.enter()) break;
      skipCovered();
      const most = Math.max(1, widthLimit - cells.length);
      const columns = integerAttribute(cell, 'colspan', { least: 1, most, otherwise: 1 });
      const below = integerAttribute(cell, 'rowspan', { least: 1, most: rows.length, otherwise: 1 }) - 1;
      for (let column = 0; column < columns; column += 1) {
        if (below > 0) covered[cells.length] = below;
        cells.push(column === 0 ? cellText(cell, reading) : '');
      }
    }
    skipCovered();
    return cells;
  });
}

function cellText(cell: UnknownNode, reading: Reading): string {
  return linesOf(childrenOf(cell), reading, '')
    .filter((line) => line.trim() !== '')
    .join('<br>')
    .replace(/\|/g, '\\|');
}

/** Every block of a cell, a line each; `prefix` is the marker of the list around it. */
function linesOf(nodes: readonly unknown[], reading: Reading, prefix: string): string[] {
  const inline = nodes.filter((value) => isInlineValue(value));
  if (inline.length > 0 && inline.length === nodes.length)
    return [prefix + singleLine(inline, reading, true)];
  return nodes.flatMap((value, index) => {
    const node = asNode(value);
    if (!node || !reading.enter()) return [];
    if (isInline(node)) return [prefix + singleLine([node], reading, true)];
    const own = index === 0 ? prefix : prefix.replace(/\S/g, ' ');
    return (
      reading.deeper((deeper) => blockLines(node, deeper, own)) ?? [own + plain(reading.flat(node), reading)]
    );
  });
}

function blockLines(node: UnknownNode, reading: Reading, prefix: string): string[] {
  const children = childrenOf(node);
  const type = typeOf(node);
  if (type === 'paragraph' || type === 'heading') return [prefix + singleLine(children, reading, true)];
  if (type === 'codeBlock') {
    const language = cleanText(attribute(node, 'language')).trim();
    const lines = cleanText(reading.flat(node)).split('\n');
    const spans = lines.map((line) => (line === '' ? '' : (codeSpan(line, true) ?? plain(line, reading))));
    return [...(language === '' ? [] : [plain(`${language}:`, reading)]), ...spans].map(
      (line) => prefix + line,
    );
  }
  if (type === 'rule') return [];
  if (/List$/.test(type)) {
    return nodesOf(childrenOf(node)).flatMap((item, index) =>
      linesOf(childrenOf(item), reading, `${prefix}${markerOf(node, item, index)} `),
    );
  }
  if (children.length > 0) {
    const own = ownText(node);
    const inner = linesOf(children, reading, own === '' ? prefix : prefix.replace(/\S/g, ' '));
    return own === '' ? inner : [prefix + plain(own, reading), ...inner];
  }
  const leaf = singleLine([node], reading, true) || plain(textOf(node), reading);
  return leaf === '' ? [] : [prefix + leaf];
}

function markerOf(list: UnknownNode, item: UnknownNode, index: number): string {
  if (typeOf(list) === 'orderedList') {
    const first = integerAttribute(list, 'order', { least: 0, most: 999_999_999, otherwise: 1 });
    return `${first + index}.`;
  }
  if (typeOf(list) !== 'taskList') return '-';
  return attribute(item, 'state') === 'DONE' ? '- [x]' : '- [ ]';
}

function plain(text: string, reading: Reading): string {
  return singleLine([{ type: 'text', text }], reading, true);
}

function isInlineValue(value: unknown): boolean {
  const node = asNode(value);
  return node !== undefined && isInline(node);
}
