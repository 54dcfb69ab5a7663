// From the catalogue to prom-client: makes one instrument and gives every known label combination its zero,
// so that a rate over a counter sees the first event and an alert on an absent series does not fire.

import { Counter, exponentialBuckets, Gauge, Histogram, type Registry } from 'prom-client';
import { metricCatalogue, type MetricDefinition, type MetricKey } from './metric-catalogue.ts';

type KeysOf<Kind extends MetricDefinition['kind']> = {
  [K in MetricKey]: (typeof metricCatalogue)[K]['kind'] extends Kind ? K : never;
}[MetricKey];

export type GaugeKey = KeysOf<'gauge'>;
export type CounterKey = KeysOf<'counter'>;
export type HistogramKey = KeysOf<'histogram'>;
export type LabelOf<K extends MetricKey> = Extract<keyof (typeof metricCatalogue)[K]['labels'], string>;

export function counterOf<K extends CounterKey>(registry: Registry, key: K): Counter<LabelOf<K>> {
  const definition: MetricDefinition = metricCatalogue[key];
  const counter = new Counter<LabelOf<K>>(configuration(registry, definition));
  for (const labels of knownLabels<LabelOf<K>>(definition)) counter.inc(labels, 0);
  return counter;
}

/** `collect` runs at each scrape and sets the gauge. */
export function gaugeOf<K extends GaugeKey>(
  registry: Registry,
  key: K,
  collect?: (gauge: Gauge<LabelOf<K>>) => void,
): Gauge<LabelOf<K>> {
  const definition: MetricDefinition = metricCatalogue[key];
  const gauge: Gauge<LabelOf<K>> = new Gauge<LabelOf<K>>({
    ...configuration<LabelOf<K>>(registry, definition),
    ...(collect === undefined ? {} : { collect: () => collect(gauge) }),
  });
  for (const labels of knownLabels<LabelOf<K>>(definition)) gauge.set(labels, 0);
  return gauge;
}

export function histogramOf<K extends HistogramKey>(registry: Registry, key: K): Histogram<LabelOf<K>> {
  const definition = metricCatalogue[key];
  const { start, factor, count } = definition.buckets;
  const histogram = new Histogram<LabelOf<K>>({
    ...configuration<LabelOf<K>>(registry, definition),
    buckets: exponentialBuckets(start, factor, count),
  });
  for (const labels of knownLabels<LabelOf<K>>(definition)) histogram.zero(labels);
  return histogram;
}

function configuration<Label extends string>(
  registry: Registry,
  definition: MetricDefinition,
): { name: string; help: string; labelNames: Label[]; registers: Registry[] } {
  return {
    name: definition.name,
    help: definition.help,
    labelNames: Object.keys(definition.labels) as Label[],
    registers: [registry],
  };
}

/** Every combination of closed label values; none when a label is open, one empty one without labels. */
function knownLabels<Label extends string>(definition: MetricDefinition): Record<Label, string>[] {
  let combinations: Record<string, string>[] = [{}];
  for (const [label, values] of Object.entries(definition.labels)) {
    if (values === 'open') return [];
    combinations = combinations.flatMap((labels) => values.map((value) => ({ ...labels, [label]: value })));
  }
  return combinations as Record<Label, string>[];
}
