// Samples → figures: medians of both sides, their ratio, and how far the middle eighty per cent of ours lie apart.
// Medians, because a shared machine makes a few values of any series meaningless. Judges nothing.

import type { Sample, Side, Unit } from './sample.ts';

export interface Summary {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  readonly n: number;
}

export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly ours: Summary;
  readonly floor: Summary;
  /** Median of ours ÷ median of the floor. */
  readonly ratio: number;
}

/** In the order in which they were first measured. A figure with one side only has no ratio and is left out. */
export function figuresOf(samples: readonly Sample[]): Figure[] {
  const names = new Set(samples.map(({ figure }) => figure));
  return [...names].flatMap((name) => {
    const mine = samples.filter(({ figure }) => figure === name);
    const ours = summarise(valuesOf(mine, 'ours'));
    const floor = summarise(valuesOf(mine, 'floor'));
    const unit = mine[0]?.unit;
    if (ours === null || floor === null || unit === undefined) return [];
    return [{ name, unit, ours, floor, ratio: ours.median / floor.median }];
  });
}

function valuesOf(samples: readonly Sample[], wanted: Side): number[] {
  return samples.filter(({ side }) => side === wanted).map(({ value }) => value);
}

function summarise(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    p10: quantile(sorted, 0.1),
    p90: quantile(sorted, 0.9),
    n: sorted.length,
  };
}

/** Between two values of the series, in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}
