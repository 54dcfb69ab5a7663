// docs/metrics.md against what a scrape really shows, both ways.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generateMetricsDocs } from '../../scripts/docs/metrics-docs.ts';
import { createMetrics } from '../../src/telemetry/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8');

interface Row {
  readonly kind: string;
  readonly labels: string[];
}

/** From the page as a reader sees it, not from the catalogue. */
function documented(): Record<string, Row> {
  const rows = page.matchAll(/^\| `(sortie_\w+)` \| (\w+) \| (.*?) \| .*\|$/gm);
  return Object.fromEntries(
    [...rows].map(([, name = '', kind = '', labels = '']) => [
      name,
      {
        kind,
        labels: labels
          .split('; ')
          .flatMap((text) => /^`(\w+)`/.exec(text)?.[1] ?? [])
          .sort(),
      },
    ]),
  );
}

/** From the text of a scrape in which everything was counted at least once. */
async function scraped(): Promise<Record<string, Row>> {
  const metrics = createMetrics({ version: '1' });
  metrics.countToolCall('Bash', 'success');
  const text = await metrics.text();
  const kinds = [...text.matchAll(/^# TYPE (sortie_\w+) (\w+)$/gm)];
  return Object.fromEntries(
    kinds.map(([, name = '', kind = '']) => {
      const samples = text.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?(?:\\{(.*)\\})? `, 'gm'));
      const labels = [...samples].flatMap(([, list = '']) =>
        [...list.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label = '']) => label),
      );
      return [name, { kind, labels: [...new Set(labels)].filter((label) => label !== 'le').sort() }];
    }),
  );
}

it('is what `npm run docs` writes', async () => {
  expect(await generateMetricsDocs(root)).toEqual([{ path: 'docs/metrics.md', text: page }]);
});

it('names every metric that a scrape shows, with its kind and labels, and none besides', async () => {
  const found = await scraped();
  expect(Object.keys(found).length).toBeGreaterThanOrEqual(20);
  expect(documented()).toEqual(found);
});

it('speaks of no metric that does not exist', async () => {
  const known = Object.keys(await scraped());
  const spoken = new Set([...page.matchAll(/\bsortie_\w+\b/g)].map(([name]) => name));
  expect([...spoken].filter((name) => !known.includes(name))).toEqual([]);
});

it('has no label by issue, run or session', async () => {
  const labels = Object.values(await scraped()).flatMap((row) => row.labels);
  expect(labels.filter((label) => /issue|run|session|identifier|title|workspace/.test(label))).toEqual([]);
});
