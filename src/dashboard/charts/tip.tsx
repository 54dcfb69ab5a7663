// The figures under the cursor, beside it: on its other side where the right edge is near.

import type { Signal } from '@preact/signals';
import { daemonNow } from '../clock.ts';
import { visibleText } from '../visible-text.ts';
import type { ChartData } from './chart-data.ts';
import { figure, stepName, type Unit } from './figures.ts';
import { look } from './look.ts';
import { Swatch } from './swatch.tsx';

export interface TipAt {
  readonly index: number;
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
}

export interface TipProps {
  readonly at: Signal<TipAt | null>;
  readonly data: ChartData;
  readonly kind: 'bars' | 'lines';
  readonly unit: Unit;
}

export function Tip({ at, data, kind, unit }: TipProps) {
  if (at.value === null) return null;
  const { index, leftPx, widthPx } = at.value;
  const rows = data.series
    .map((series, place) => ({ series, place, value: series.values[index] ?? null }))
    // In bars what is 0 is not there; the order is that of the eye, from the top.
    .filter(({ value }) => kind === 'lines' || (value !== null && value !== 0));
  if (kind === 'bars') rows.reverse();
  const total = rows.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const onLeft = leftPx > widthPx / 2;
  return (
    <div
      class="chart-tip"
      aria-hidden="true"
      style={
        onLeft ? { insetInlineEnd: `${widthPx - leftPx + 12}px` } : { insetInlineStart: `${leftPx + 12}px` }
      }
    >
      <strong>{stepName(data.times[index] ?? 0, data.stepMs, daemonNow.peek())}</strong>
      {rows.length === 0 ? <span class="soft">nothing</span> : null}
      {rows.map(({ series, place, value }) => (
        <span key={series.label} class="chart-tip-row">
          <Swatch series={series} index={place} kind={kind} look={look.value} />
          <bdi>{visibleText(series.label)}</bdi>
          <b>{figure(value, unit)}</b>
        </span>
      ))}
      {kind === 'bars' && rows.length > 1 ? (
        <span class="chart-tip-row chart-tip-total">
          <span>Total</span>
          <b>{figure(total, unit)}</b>
        </span>
      ) : null}
    </div>
  );
}
