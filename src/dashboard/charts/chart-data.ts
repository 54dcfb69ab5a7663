// Figures as columns for the charts: what a chart is drawn from, and what can be said of any. Pure. Nothing is invented,
// smoothed or guessed.

export interface Series {
  /** What it stands for, e.g. a status or an agent: the same thing has the same colour in every chart. */
  readonly key: string;
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Which colour of the palette, from 0, unless the key has one of its own; absent = its place in the list. */
  readonly place?: number;
  /** Which dash of a line, from 0 = none; absent = its place in the list. */
  readonly dash?: number;
}

export interface ChartData {
  /** Milliseconds since the epoch, the start of each step; ascending. */
  readonly times: readonly number[];
  readonly stepMs: number;
  readonly series: readonly Series[];
}

/** No step holds a figure. Of a share 0 is one (`zeroCounts`): every run failed; of a sum it is nothing. */
export function isEmpty({ series }: ChartData, zeroCounts = false): boolean {
  return series.every(({ values }) =>
    values.every((value) => value === null || (value === 0 && !zeroCounts)),
  );
}

/** Each series on top of those before it, as it is drawn; what is 0 or absent is not drawn. */
export function stacked({ times, stepMs, series }: ChartData): ChartData {
  const sums = new Array<number>(times.length).fill(0);
  return {
    times,
    stepMs,
    series: series.map(({ values, ...rest }) => ({
      ...rest,
      values: values.map((value, index) => {
        sums[index] = (sums[index] ?? 0) + (value ?? 0);
        return value === null || value === 0 ? null : sums[index];
      }),
    })),
  };
}
