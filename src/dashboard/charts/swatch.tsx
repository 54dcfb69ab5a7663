// A small picture of how a series is drawn, for legends and tooltips: the same pattern or dash, in the same colour.

import { useEffect, useRef } from 'preact/hooks';
import type { Series } from './chart-data.ts';
import { dashOf, drawTile, patternOf, placeOf, readPalette } from './chart-paint.ts';

const WIDTH_PX = 22;
const HEIGHT_PX = 12;

export interface SwatchProps {
  readonly series: Series;
  readonly index: number;
  readonly kind: 'bars' | 'lines';
  /** Changes with the theme. */
  readonly look: number;
}

export function Swatch({ series, index, kind, look }: SwatchProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const ctx = element?.getContext('2d') ?? null;
    if (element === null || ctx === null || element.parentElement === null) return;
    const scale = devicePixelRatio || 1;
    element.width = WIDTH_PX * scale;
    element.height = HEIGHT_PX * scale;
    const palette = readPalette(element.parentElement);
    const place = placeOf(series, index);
    const color = palette.series[place] ?? palette.ink;
    if (kind === 'lines') {
      ctx.strokeStyle = color;
      ctx.lineWidth = 2.5 * scale;
      ctx.setLineDash(dashOf(series, index).map((length) => length * scale));
      ctx.beginPath();
      ctx.moveTo(0, element.height / 2);
      ctx.lineTo(element.width, element.height / 2);
      ctx.stroke();
      return;
    }
    const size = 8 * scale;
    for (let x = 0; x < element.width; x += size) {
      for (let y = 0; y < element.height; y += size) {
        ctx.save();
        ctx.beginPath();
        ctx.rect(x, y, size, size);
        ctx.clip();
        ctx.translate(x, y);
        drawTile(ctx, patternOf(place), { color, card: palette.card, size });
        ctx.restore();
      }
    }
    ctx.strokeStyle = color;
    ctx.lineWidth = 2 * scale;
    ctx.strokeRect(0, 0, element.width, element.height);
  }, [series.key, series.place, series.dash, index, kind, look]);
  return <canvas ref={canvas} class="chart-swatch" aria-hidden="true" />;
}
