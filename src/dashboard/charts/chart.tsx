// One chart: a drawing with a legend, the figures under the cursor, and all of them in a table behind it. With the
// keyboard, the arrows move through the steps, and each step's figures are read out.

import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { Empty, Section } from '../ui/section.tsx';
import { daemonNow } from '../clock.ts';
import { visibleText } from '../visible-text.ts';
import { isEmpty, type ChartData } from './chart-data.ts';
import { ChartTable } from './chart-table.tsx';
import { figure, stepName, type Unit } from './figures.ts';
import { look } from './look.ts';
import { createPlot, type Plot, type PlotOptions } from './plot.ts';
import { Swatch } from './swatch.tsx';
import { Tip, type TipAt } from './tip.tsx';

export interface ChartProps {
  readonly title: string;
  /** One sentence: what it counts. */
  readonly note: string;
  /** What will appear here, while there is nothing. */
  readonly empty: string;
  /** null = not read yet. */
  readonly data: ChartData | null;
  readonly kind: 'bars' | 'lines';
  readonly unit: Unit;
  readonly span: PlotOptions['span'];
  readonly top?: number;
}

export function Chart({ title, note, empty, data, ...rest }: ChartProps) {
  return (
    <Section title={title}>
      <p class="chart-note soft">{note}</p>
      {data === null ? (
        <div class="chart-plot" aria-busy="true" />
      ) : isEmpty(data, rest.unit === 'percent') ? (
        <div class="chart-nothing">
          <Empty>{empty}</Empty>
        </div>
      ) : (
        <Drawn title={title} data={data} {...rest} />
      )}
    </Section>
  );
}

type DrawnProps = Omit<ChartProps, 'note' | 'empty' | 'data'> & { readonly data: ChartData };

function Drawn({ title, data, kind, unit, span, top }: DrawnProps) {
  const at = useSignal<TipAt | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const plot = usePlot(host, at, { data, kind, unit, span, ...(top !== undefined && { top }) });
  const hintId = useId();
  return (
    <>
      <ul class="chart-legend" aria-label={`Legend of ${title}`}>
        {data.series.map((series, index) => (
          <li key={series.label}>
            <Swatch series={series} index={index} kind={kind} look={look.value} />
            <bdi>{visibleText(series.label)}</bdi>
          </li>
        ))}
      </ul>
      <div
        class="chart-frame"
        role="group"
        tabIndex={0}
        aria-label={`${title}, chart`}
        aria-describedby={hintId}
        onKeyDown={(event) => {
          const next = stepAfter(event.key, at.value?.index ?? null, data.times.length);
          if (next === undefined) return;
          event.preventDefault();
          plot.current?.point(next);
        }}
        onBlur={() => plot.current?.point(null)}
      >
        <div ref={host} class="chart-plot" aria-hidden="true" />
        <Tip at={at} data={data} kind={kind} unit={unit} />
        <span id={hintId} class="unseen">
          The arrow keys move through the figures; all of them are in the table below.
        </span>
        <Spoken at={at} data={data} unit={unit} />
      </div>
      <ChartTable title={title} data={data} unit={unit} isStacked={kind === 'bars'} />
    </>
  );
}

function usePlot(
  host: { readonly current: HTMLDivElement | null },
  at: Signal<TipAt | null>,
  options: Omit<PlotOptions, 'onCursor'>,
): { readonly current: Plot | null } {
  const plot = useRef<Plot | null>(null);
  const { data, kind, unit, span, top } = options;
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const made = createPlot(element, {
      ...options,
      onCursor: (cursor) => {
        if (cursor === null ? at.peek() !== null : true)
          at.value = cursor && { ...cursor, widthPx: element.clientWidth };
      },
    });
    plot.current = made;
    let width = element.clientWidth;
    const resized = new ResizeObserver(() => {
      if (element.clientWidth === width || element.clientWidth === 0) return;
      width = element.clientWidth;
      made.resize(width);
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
      at.value = null;
    };
  }, [data, kind, unit, span.sinceMs, span.untilMs, top]);
  useEffect(() => {
    if (look.value > 0) plot.current?.recolour();
  }, [look.value]);
  return plot;
}

/** undefined = the key is none of ours; null = away. */
export function stepAfter(key: string, index: number | null, count: number): number | null | undefined {
  const last = count - 1;
  switch (key) {
    case 'ArrowRight':
      return index === null ? 0 : Math.min(last, index + 1);
    case 'ArrowLeft':
      return index === null ? last : Math.max(0, index - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return index === null ? undefined : null;
    default:
      return undefined;
  }
}

interface SpokenProps {
  readonly at: Signal<TipAt | null>;
  readonly data: ChartData;
  readonly unit: Unit;
}

function Spoken({ at, data, unit }: SpokenProps) {
  const index = at.value?.index;
  const text = useMemo(() => {
    if (index === undefined) return '';
    const figures = data.series.map(({ label, values }) => `${label}: ${figure(values[index], unit)}`);
    return `${stepName(data.times[index] ?? 0, data.stepMs, daemonNow.peek())}. ${figures.join(', ')}`;
  }, [index, data, unit]);
  return (
    <span class="unseen" aria-live="polite">
      {visibleText(text)}
    </span>
  );
}
