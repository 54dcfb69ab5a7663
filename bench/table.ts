// Figures as a table for people: plain text in columns that also reads as Markdown.

import type { Figure, Summary } from './figures.ts';
import type { Machine } from './machine.ts';
import type { Unit } from './sample.ts';

const head = ['figure', 'ours', 'floor', 'ratio', 'n', 'spread (p10–p90)'] as const;

export function renderTable(figures: readonly Figure[], machine: Machine): string {
  const rows = figures.map((figure) => [
    figure.name,
    quantity(figure.ours.median, figure.unit),
    quantity(figure.floor.median, figure.unit),
    // Nothing against nothing.
    Number.isFinite(figure.ratio) ? `${figure.ratio.toFixed(2)}×` : '–',
    counts(figure),
    spread(figure.ours, figure.unit),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => `${'-'.repeat(width + 1)}${column === 0 ? '-' : ':'}`).join('|')}|`;
  return [machineLine(machine), '', line(head), rule, ...rows.map(line)].join('\n');
}

function machineLine(machine: Machine): string {
  const { measuredAt, cores, processor, memoryGib, system, node, loadBefore } = machine;
  return `${measuredAt}: ${cores} cores (${processor}), ${memoryGib} GiB, ${system}, Node ${node}, load ${loadBefore} before`;
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function counts({ ours, floor }: Figure): string {
  return ours.n === floor.n ? String(ours.n) : `${ours.n}/${floor.n}`;
}

function spread({ p10, p90 }: Summary, unit: Unit): string {
  return `${digits(p10)}–${digits(p90)} ${unit}`;
}

function quantity(value: number, unit: Unit): string {
  return `${digits(value)} ${unit}`;
}

/** Three significant digits: more would be noise. */
function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value.toFixed(2);
}
