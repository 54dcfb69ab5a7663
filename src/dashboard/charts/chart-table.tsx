// All figures of a chart as a table, newest first, for those who do not look at pictures or want to copy them. Drawn
// only when it is opened; steps in which nothing happened are left out and counted.

import { useSignal } from '@preact/signals';
import { daemonNow } from '../clock.ts';
import { visibleText } from '../visible-text.ts';
import type { ChartData } from './chart-data.ts';
import { figure, stepName, type Unit } from './figures.ts';

export interface ChartTableProps {
  readonly title: string;
  readonly data: ChartData;
  readonly unit: Unit;
  /** 0 = nothing happened. */
  readonly isStacked: boolean;
}

/** A day of minutes has 1,440 rows; nobody reads more. */
const ROW_LIMIT = 1_500;

export function ChartTable({ title, data, unit, isStacked }: ChartTableProps) {
  const open = useSignal(false);
  return (
    <details class="chart-details" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>Figures of {title.charAt(0).toLowerCase() + title.slice(1)}</summary>
      {open.value ? <Figures title={title} data={data} unit={unit} isStacked={isStacked} /> : null}
    </details>
  );
}

function Figures({ title, data, unit, isStacked }: ChartTableProps) {
  const filled = filledSteps(data, isStacked);
  const left = data.times.length - filled.length;
  return (
    <div class="chart-table" role="region" tabIndex={0} aria-label={`Figures of ${title}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{data.stepMs >= 86_400_000 ? 'Day (UTC)' : 'From'}</th>
            {data.series.map(({ label }) => (
              <th key={label} scope="col">
                <bdi>{visibleText(label)}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {filled.slice(0, ROW_LIMIT).map((index) => (
            <tr key={index}>
              <th scope="row">{stepName(data.times[index] ?? 0, data.stepMs, daemonNow.peek())}</th>
              {data.series.map(({ label, values }) => (
                <td key={label}>{figure(values[index], unit)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 ? <p class="soft">{left} steps without any figure are left out.</p> : null}
    </div>
  );
}

/** Indexes, newest first. */
export function filledSteps({ times, series }: ChartData, isStacked: boolean): readonly number[] {
  const filled: number[] = [];
  for (let index = times.length - 1; index >= 0; index -= 1) {
    const hasFigure = series.some(({ values }) => {
      const value = values[index] ?? null;
      return value !== null && !(isStacked && value === 0);
    });
    if (hasFigure) filled.push(index);
  }
  return filled;
}
