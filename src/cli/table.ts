// Columns of text for a terminal: as wide as what is in them, the last one cut at the terminal's edge. Widths are those
// that a terminal shows (wide characters take two cells). Figures are short, for the eye; `--json` has them whole.

import stringWidth from 'string-width';

const NO_TERMINAL_WIDTH = 200;
/** No column but the last may push the others off the screen. */
const WIDEST = 32;

export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width = process.stdout.columns ?? NO_TERMINAL_WIDTH,
): string {
  const all = [head, ...rows].map((row) =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cut(cell, WIDEST))),
  );
  const widths = head.map((_, column) => Math.max(...all.map((row) => stringWidth(row[column] ?? ''))));
  return all.map((row) => `${cut(line(row, widths), width)}\n`).join('');
}

function line(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell))))
    .join('  ')
    .trimEnd();
}

/** By what is seen: never in the middle of a character. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const wide = stringWidth(segment);
    if (used + wide > width - 1) break;
    kept += segment;
    used += wide;
  }
  return `${kept}…`;
}

/** `4s`, `12m 04s`, `3h 20m`, `5d 2h`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const pad = (amount: number): string => String(amount).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h ${pad(Math.floor((seconds % 3_600) / 60))}m`;
  return `${Math.floor(seconds / 86_400)}d ${Math.floor((seconds % 86_400) / 3_600)}h`;
}

/** `950`, `12.3k`, `4.6M`. */
export function tokens(count: number): string {
  if (count < 1_000) return String(count);
  if (count < 999_950) return `${(count / 1_000).toFixed(1)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

/** `~` = an estimate; "" = unknown. */
export function money(usd: number | null, estimated: boolean): string {
  return usd === null ? '' : `${estimated ? '~' : ''}$${usd.toFixed(2)}`;
}
