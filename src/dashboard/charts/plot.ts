// One uPlot drawing: bars on top of each other, or lines. It knows sizes, axes and colours and nothing of what is
// drawn. Colours are read again at each `recolour`, so a change of theme costs one redraw.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { stacked, type ChartData } from './chart-data.ts';
import { dashOf, patternFill, placeOf, readPalette, type Palette } from './chart-paint.ts';
import { axisFigure, type Unit } from './figures.ts';

export interface PlotOptions {
  readonly data: ChartData;
  readonly kind: 'bars' | 'lines';
  readonly unit: Unit;
  /** The whole span, also where there are no figures. */
  readonly span: { readonly sinceMs: number; readonly untilMs: number };
  /** Highest value of the axis; absent = the data's. */
  readonly top?: number;
  /** null = the cursor left. `leftPx`, `topPx` within the host. */
  readonly onCursor: (
    at: { readonly index: number; readonly leftPx: number; readonly topPx: number } | null,
  ) => void;
}

export interface Plot {
  resize(widthPx: number): void;
  recolour(): void;
  /** Moves the cursor to a step, as a key would; null takes it away. */
  point(index: number | null): void;
  destroy(): void;
}

const HEIGHT_PX = 210;
/** Fewer figures than these are drawn with their points. */
const SPARSE = 40;
const AXIS_FONT = '11px system-ui, sans-serif';

export function createPlot(host: HTMLElement, { data, kind, unit, span, top, onCursor }: PlotOptions): Plot {
  let palette = readPalette(host);
  let fills = new Map<number, CanvasPattern | string>();
  // The highest sum is drawn first and the others over it, each hiding what it does not add.
  const order = data.series.map((_, index) => index);
  if (kind === 'bars') order.reverse();
  const drawn = kind === 'bars' ? stacked(data) : data;
  const middle = data.times.map((time) => time + data.stepMs / 2);
  const columns = order.map((index) => [...(drawn.series[index]?.values ?? [])]);

  const colour = (place: number): string => palette.series[place] ?? palette.ink;
  const fill = (place: number): CanvasPattern | string => {
    const known = fills.get(place) ?? patternFill(place, palette, devicePixelRatio || 1);
    fills.set(place, known);
    return known;
  };

  const series = order.map((index): uPlot.Series => {
    const own = data.series[index];
    if (own === undefined) return {};
    const place = placeOf(own, index);
    const stroke = (): string => colour(place);
    if (kind === 'bars') return barSeries(stroke, () => fill(place));
    // A lone figure between two gaps has no line: it is seen by its point.
    const isSparse = own.values.filter((value) => value !== null).length < SPARSE;
    return {
      stroke,
      width: data.series.length > 4 ? 1.5 : 2,
      dash: dashOf(own, index),
      points: { size: 5, fill: stroke, show: isSparse },
    };
  });

  const plot = new uPlot(
    {
      width: Math.max(host.clientWidth, 200),
      height: HEIGHT_PX,
      ms: 1,
      tzDate: (ts) => uPlot.tzDate(new Date(ts), 'Etc/UTC'),
      legend: { show: false },
      padding: [10, 18, 0, 0],
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        points: { show: kind === 'lines', size: 7 },
      },
      scales: {
        x: { time: true, range: () => [span.sinceMs, span.untilMs] },
        y: { range: (_, __, max) => [0, top ?? roundTop(max, unit)] },
      },
      axes: axes(() => palette, unit),
      series: [{}, ...series],
      hooks: {
        setCursor: [
          (self) => {
            const { idx, left = -1, top: y = -1 } = self.cursor;
            if (idx == null || left < 0) return onCursor(null);
            const place = self.valToPos(middle[idx] ?? 0, 'x');
            onCursor({ index: idx, leftPx: place + self.over.offsetLeft, topPx: y + self.over.offsetTop });
          },
        ],
      },
    },
    [middle, ...columns] as uPlot.AlignedData,
    host,
  );
  return {
    resize: (widthPx) => plot.setSize({ width: Math.max(widthPx, 200), height: HEIGHT_PX }),
    recolour: () => {
      palette = readPalette(host);
      fills = new Map();
      plot.redraw(false, true);
    },
    point: (index) => {
      const time = index === null ? undefined : middle[index];
      plot.setCursor(
        time === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(time, 'x'), top: HEIGHT_PX / 4 },
      );
    },
    destroy: () => plot.destroy(),
  };
}

function barSeries(stroke: () => string, fill: () => CanvasPattern | string): uPlot.Series {
  return {
    stroke,
    fill,
    width: 1,
    points: { show: false },
    ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.82, 46, 2], align: 0 }) }),
  };
}

/** A little room above the highest, and never an axis from 0 to 0. */
function roundTop(max: number | null, unit: Unit): number {
  if (max === null || !(max > 0)) return 1;
  const room = max * 1.08;
  return unit === 'runs' || unit === 'issues' || unit === 'requests' ? Math.max(1, Math.ceil(room)) : room;
}

const WHOLE: ReadonlySet<Unit> = new Set(['runs', 'issues', 'requests', 'tokens']);

function axes(palette: () => Palette, unit: Unit): uPlot.Axis[] {
  const grid = { stroke: () => palette().line, width: 1 };
  const common = { stroke: () => palette().ink, font: AXIS_FONT, grid, ticks: { show: false } };
  const day = 86_400_000;
  return [
    {
      ...common,
      size: 34,
      space: 64,
      grid: { show: false },
      values: (_, splits, __, ___, step) =>
        splits.map((at, index) => {
          const iso = new Date(at).toISOString();
          const [date, clock] = [iso.slice(5, 10), iso.slice(11, 16)];
          if (step >= day * 28) return iso.slice(0, 7);
          if (step >= day) return date;
          return index === 0 || clock === '00:00' ? `${clock}\n${date}` : clock;
        }),
    },
    {
      ...common,
      size: 52,
      space: 36,
      ...(WHOLE.has(unit) && { incrs: wholeSteps() }),
      values: (_, splits, __, ___, step) => splits.map((value) => axisFigure(value, unit, step)),
    },
  ];
}

function wholeSteps(): number[] {
  const steps: number[] = [];
  for (let scale = 1; scale < 1e13; scale *= 10) steps.push(scale, 2 * scale, 5 * scale);
  return steps;
}
