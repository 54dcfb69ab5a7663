// Columns of text for a terminal: as wide as what is in them, each line cut at the terminal's edge. Widths are those
// that a terminal shows (wide characters take two cells). Every cell is cleaned: what is in it may be hostile. Figures
// are short, for the eye, and the same as on the page; `--json` has them whole.

import stringWidth from 'string-width';
import { oneField } from './command-line.ts';

/** No column but the last may push the others off the screen. */
const WIDEST = 32;
/** A person's flag or family has up to 20; hostile text puts thousands of marks on one letter. */
const LONGEST_CHARACTER = 32;

/** Into a file or a pipe lines go whole. A terminal that does not know its width says 0. */
export function terminalWidth(): number {
  return process.stdout.columns || Infinity;
}

export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width = terminalWidth(),
): string {
  const last = head.length - 1;
  const all = [head, ...rows].map((row) =>
    row.map((cell, column) => (column === last ? oneField(cell) : cut(oneField(cell), WIDEST))),
  );
  const widths = head.map((_, column) =>
    all.reduce((widest, row) => Math.max(widest, stringWidth(row[column] ?? '')), 0),
  );
  return all.map((row) => `${cut(line(row, widths), width)}\n`).join('');
}

function line(row: readonly string[], widths: readonly number[]): string {
  const last = row.length - 1;
  return row
    .map((cell, column) =>
      column === last ? cell : cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell))),
    )
    .join('  ')
    .trimEnd();
}

/** By what is seen: never in the middle of a character. What nobody sees counts when there is too much of it. */
export function cut(text: string, width: number): string {
  if (width === Infinity || /^[ -~]*$/.test(text)) {
    return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
  }
  const mostUnits = width * LONGEST_CHARACTER;
  let kept = '';
  let used = 0;
  let fitting = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const character = segment.slice(0, LONGEST_CHARACTER);
    used += stringWidth(character);
    kept += character;
    if (used > width || kept.length > mostUnits) return `${fitting}…`;
    if (used < width) fitting = kept;
  }
  return kept;
}

/** `4s`, `12m 04s`, `3h 20m`, `5d 2h`; `?` = the times make no sense. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '?';
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (amount: number): string => String(amount).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h ${pad(Math.floor((seconds % 3_600) / 60))}m`;
  return `${Math.floor(seconds / 86_400)}d ${Math.floor((seconds % 86_400) / 3_600)}h`;
}

/** Three digits that count: `950`, `1.23k`, `12.3k`, `457k`, `1.24M`. */
export function tokens(count: number): string {
  if (count < 1_000) return String(count);
  const [scale, unit] = count < 999_500 ? [1_000, 'k'] : count < 999_500_000 ? [1_000_000, 'M'] : [1e9, 'B'];
  const scaled = count / scale;
  return `${scaled.toFixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0)}${unit}`;
}

/** `$4.20`, `$120`; `≈` = an estimate; "" = unknown. */
export function money(usd: number | null, estimated: boolean): string {
  return usd === null ? '' : `${estimated ? '≈ ' : ''}$${usd.toFixed(usd < 100 ? 2 : 0)}`;
}
