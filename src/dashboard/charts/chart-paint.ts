// Colours of the charts, as the style sheet has them for the theme of the moment, and what tells series apart for
// those who do not see the colours: a pattern in bars and areas, a dash in lines. The same key looks the same in all.

import type { Series } from './chart-data.ts';

export type Pattern = 'solid' | 'rising' | 'dots' | 'falling' | 'level' | 'cross' | 'upright' | 'sparse';

const PATTERNS: readonly Pattern[] = [
  'solid',
  'rising',
  'dots',
  'falling',
  'level',
  'cross',
  'upright',
  'sparse',
];
const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 5],
  [4, 2],
  [1, 4],
  [6, 2, 2, 2, 2, 2],
];
const PLACES = PATTERNS.length;

/** Statuses have a place of their own, so that a failure is the same in each chart; agents take theirs in turn. */
const FIXED: Readonly<Record<string, number>> = {
  succeeded: 0,
  needs_human_review: 1,
  blocked: 2,
  failed: 3,
  timed_out: 4,
  stalled: 5,
  cancelled: 6,
  interrupted: 7,
  running: 0,
  waiting: 1,
  retrying: 2,
  parked: 4,
  requests: 1,
  errors: 3,
};

export function placeOf({ key, place }: Pick<Series, 'key' | 'place'>, index: number): number {
  return FIXED[key] ?? (place ?? index) % PLACES;
}

export function dashOf({ dash }: Pick<Series, 'dash'>, index: number): number[] {
  return [...(DASHES[(dash ?? index) % PLACES] ?? [])];
}

export function patternOf(place: number): Pattern {
  return PATTERNS[place % PLACES] ?? 'solid';
}

export interface Palette {
  readonly series: readonly string[];
  readonly card: string;
  readonly ink: string;
  readonly line: string;
}

/** What the style sheet's properties come to, whatever they are made of. `host` is in the document. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span');
  host.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const palette = {
    series: PATTERNS.map((_, place) => read(`--chart-${place + 1}`)),
    card: read('--card'),
    ink: read('--soft'),
    line: read('--line'),
  };
  probe.remove();
  return palette;
}

const TILE = 8;

/** Opaque, so that what is drawn over another hides it. */
export function patternFill(place: number, palette: Palette, scale: number): CanvasPattern | string {
  const color = palette.series[place] ?? palette.ink;
  const kind = patternOf(place);
  if (kind === 'solid') return color;
  const tile = document.createElement('canvas');
  const size = Math.round(TILE * scale);
  tile.width = size;
  tile.height = size;
  const ctx = tile.getContext('2d');
  if (ctx === null) return color;
  drawTile(ctx, kind, { color, card: palette.card, size });
  return ctx.createPattern(tile, 'repeat') ?? color;
}

export function drawTile(
  ctx: CanvasRenderingContext2D,
  kind: Pattern,
  { color, card, size }: { readonly color: string; readonly card: string; readonly size: number },
): void {
  ctx.fillStyle = card;
  ctx.fillRect(0, 0, size, size);
  ctx.fillStyle = color;
  ctx.strokeStyle = color;
  if (kind === 'solid') return ctx.fillRect(0, 0, size, size);
  ctx.globalAlpha = 0.42;
  ctx.fillRect(0, 0, size, size);
  ctx.globalAlpha = 1;
  ctx.lineWidth = size / 4;
  ctx.beginPath();
  for (const [fromX, fromY, toX, toY] of strokes[kind] ?? []) {
    ctx.moveTo(fromX * size, fromY * size);
    ctx.lineTo(toX * size, toY * size);
  }
  ctx.stroke();
  if (kind !== 'dots' && kind !== 'sparse') return;
  ctx.beginPath();
  ctx.arc(size / 2, size / 2, kind === 'dots' ? size / 3.2 : size / 6, 0, 2 * Math.PI);
  ctx.fill();
}

/** Of a tile of 1 × 1; the ends go over its edges, so that tiles join. */
const strokes: Readonly<Partial<Record<Pattern, readonly (readonly [number, number, number, number])[]>>> = {
  rising: [
    [-0.5, 0.5, 0.5, -0.5],
    [-0.25, 1.25, 1.25, -0.25],
    [0.5, 1.5, 1.5, 0.5],
  ],
  falling: [
    [-0.5, 0.5, 0.5, 1.5],
    [-0.25, -0.25, 1.25, 1.25],
    [0.5, -0.5, 1.5, 0.5],
  ],
  level: [[0, 0.5, 1, 0.5]],
  upright: [[0.5, 0, 0.5, 1]],
  cross: [
    [0, 0.5, 1, 0.5],
    [0.5, 0, 0.5, 1],
  ],
};
