// A GFM table, cut into cells here: marked drops the cells that a row has more than the header, and no word of what
// an agent wrote may be lost. Every row gets as many cells as the longest. Returns nothing when the table would
// have far more cells than characters, which is an attack and not a table.
import { paragraph, type AdfTable, type AdfTableCell } from '../adf-document.ts';
import { inlineNodes } from './inline.ts';
import type { Definitions } from './inline-scan.ts';

/** A real table has at least a bar a cell; short rows of a long table are padded, hence not one. */
const cellsPerCharacter = 4;

/** `undefined` for what is no table after all. `raw` begins with the header row. */
export function tableRows(raw: string): readonly (readonly string[])[] | undefined {
  const lines = raw.replace(/\n+$/, '').split('\n');
  const rows = lines.filter((_, index) => index !== 1).map(splitRow);
  const delimiters = splitRow(lines[1] ?? '');
  if (rows[0]?.length !== delimiters.length) return undefined;
  const width = rows.reduce((most, row) => Math.max(most, row.length), 1);
  if (width * rows.length > cellsPerCharacter * raw.length) return undefined;
  return rows.map((row) => [...row, ...Array<string>(width - row.length).fill('')]);
}

export function tableNode(rows: readonly (readonly string[])[], definitions: Definitions): AdfTable {
  const content = rows.map((row, index) => ({
    type: 'tableRow' as const,
    content: row.map((cell): AdfTableCell => ({
      type: index === 0 ? 'tableHeader' : 'tableCell',
      content: [paragraph(inlineNodes(cell, definitions))],
    })),
  }));
  return { type: 'table', content };
}

/** Cuts at each `|` that no backslash protects; the bars at both ends are only decoration. */
function splitRow(line: string): readonly string[] {
  const cells: string[] = [];
  let start = 0;
  for (let index = 0; index < line.length; index += 1) {
    if (line[index] === '\\') index += 1;
    else if (line[index] === '|') {
      cells.push(line.slice(start, index));
      start = index + 1;
    }
  }
  cells.push(line.slice(start));
  if (cells.length > 1 && cells[0]?.trim() === '') cells.shift();
  if (cells.length > 1 && cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replace(/\\\|/g, '|'));
}
