// The table of docs/metrics.md, from the catalogue that the registry itself is made of.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { metricCatalogue, type MetricDefinition } from '../../src/telemetry/metric-catalogue.ts';
import { betweenMarkers, type Generator } from './generated-file.ts';

export const generateMetricsDocs: Generator = async (root) => {
  const page = await readFile(join(root, 'docs/metrics.md'), 'utf8');
  return [{ path: 'docs/metrics.md', text: betweenMarkers(page, 'metrics', metricsTable()) }];
};

function metricsTable(): string {
  const rows = Object.values<MetricDefinition>(metricCatalogue).map(
    (metric) =>
      `| \`${metric.name}\` | ${metric.kind} | ${labelsOf(metric)} | ${metric.help}${bucketsOf(metric)} |`,
  );
  return ['| name | kind | labels | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function labelsOf({ labels }: MetricDefinition): string {
  return Object.entries(labels)
    .map(([label, values]) => {
      const list = values === 'open' ? '' : `: ${values.map((value) => `\`${value}\``).join(' ')}`;
      return `\`${label}\`${list}`;
    })
    .join('; ');
}

function bucketsOf(metric: MetricDefinition): string {
  if (metric.kind !== 'histogram') return '';
  const { start, factor, count } = metric.buckets;
  return ` ${count} buckets from ${start} s, each ${factor} times the one before.`;
}
