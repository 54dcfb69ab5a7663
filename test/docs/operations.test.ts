// docs/operations/: what people copy to run the daemon. Held to the code where it names metrics, ports, paths and
// programs, and to the tools that read it where those are installed.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { boardQueries, generateGrafanaDashboard } from '../../scripts/docs/grafana-dashboard.ts';
import { metricCatalogue, type MetricDefinition } from '../../src/telemetry/metric-catalogue.ts';

const folder = fileURLToPath(new URL('../../docs/operations', import.meta.url));
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

const definitions = Object.values<MetricDefinition>(metricCatalogue);
/** Every name that a scrape shows: histograms have three. */
const scraped = new Map<string, MetricDefinition>(
  definitions.flatMap((metric): [string, MetricDefinition][] =>
    metric.kind === 'histogram'
      ? ['_bucket', '_count', '_sum'].map((end) => [`${metric.name}${end}`, metric])
      : [[metric.name, metric]],
  ),
);

function metricsIn(query: string): string[] {
  return [...query.matchAll(/\bsortie_[a-z_]+/g)].map(([name]) => name);
}

/** `name{label=~"a|b"}` → label and values, for the labels that a selector names. */
function selectorsIn(query: string): { name: string; label: string; values: string[] }[] {
  return [...query.matchAll(/\b(sortie_[a-z_]+)\{([^}]*)\}/g)].flatMap(([, name = '', inner = '']) =>
    [...inner.matchAll(/(\w+)(?:=~|!~|!=|=)"([^"]*)"/g)]
      .map(([, label = '', values = '']) => ({ name, label, values: values.split('|') }))
      .filter(({ label }) => label !== 'instance' && label !== 'job'),
  );
}

function installed(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}
/** As far as the test reads it. */
interface Manifest {
  readonly kind: string;
  readonly data?: Record<string, string>;
  readonly stringData?: Record<string, string>;
  readonly spec?: {
    readonly replicas: number;
    readonly strategy: { readonly type: string };
    readonly template: { readonly spec: Pod };
  };
}
interface Pod {
  readonly volumes: { readonly name: string }[];
  readonly containers: {
    readonly volumeMounts: { readonly name: string }[];
    readonly livenessProbe: Probe;
    readonly readinessProbe: Probe;
    readonly startupProbe: Probe;
  }[];
}
interface Probe {
  readonly httpGet: { readonly path: string };
}

const rules = (parse(read('alerts.yml')) as { groups: { rules: AlertRule[] }[] }).groups.flatMap(
  (group) => group.rules,
);

it('the Grafana board is what its generator writes', async () => {
  const [file] = await generateGrafanaDashboard();
  expect(read('grafana-dashboard.json')).toBe(file?.text);
});

it('the Grafana board shows every metric, and no metric that does not exist', () => {
  const shown = new Set(boardQueries().flatMap(metricsIn));
  const missing = definitions.filter(
    ({ name, kind }) => !shown.has(kind === 'histogram' ? `${name}_bucket` : name),
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
  expect([...shown].filter((name) => !scraped.has(name))).toEqual([]);
});

it('panels of the board neither overlap nor share an id', async () => {
  const [file] = await generateGrafanaDashboard();
  const { panels } = JSON.parse(file?.text ?? '{}') as {
    panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
  };
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});

it('alert rules name metrics, labels and values that exist, and say what to do', () => {
  const queries = [...rules.map(({ expr }) => expr), ...boardQueries()];
  expect(rules.length).toBeGreaterThan(10);
  expect(queries.flatMap(metricsIn).filter((name) => !scraped.has(name))).toEqual([]);
  for (const { name, label, values } of queries.flatMap(selectorsIn)) {
    const known = scraped.get(name)?.labels[label];
    expect(known, `${name} has the label ${label}`).toBeDefined();
    if (known !== 'open') expect(known).toEqual(expect.arrayContaining(values));
  }
  for (const { labels, annotations } of rules) {
    expect(['page', 'ticket']).toContain(labels.severity);
    expect(annotations.summary).not.toBe('');
    expect(annotations.description).not.toBe('');
  }
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
});

it('Prometheus takes the rules and the configuration', async (ctx) => {
  ctx.skip(!installed('promtool'), 'promtool is not installed');
  const place = await mkdtemp(join(tmpdir(), 'sortie-promtool-'));
  try {
    await copyFile(join(folder, 'alerts.yml'), join(place, 'alerts.yml'));
    await copyFile(join(folder, 'compose/prometheus.yml'), join(place, 'prometheus.yml'));
    const said = execFileSync('promtool', ['check', 'config', join(place, 'prometheus.yml')], {
      encoding: 'utf8',
    });
    expect(said).toContain(`${rules.length} rules found`);
    // As rules of their own, the queries of the board are parsed, too.
    const records = boardQueries().map((query, index) => ({
      record: `board:query${index}`,
      expr: query.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'),
    }));
    const board = join(place, 'board.yml');
    await writeFile(board, stringify({ groups: [{ name: 'board', rules: records }] }));
    expect(execFileSync('promtool', ['check', 'rules', board], { encoding: 'utf8' })).toContain(
      `${records.length} rules found`,
    );
  } finally {
    await rm(place, { recursive: true });
  }
});

it('systemd takes the unit', (ctx) => {
  ctx.skip(!installed('systemd-analyze'), 'systemd-analyze is not installed');
  const said = execFileSync(
    'systemd-analyze',
    ['security', '--offline=true', join(folder, 'sortie.service')],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exposure = Number(/Overall exposure level for sortie\.service: ([\d.]+)/.exec(said)?.[1]);
  expect(exposure).toBeLessThan(4);
});

it('the compose file mounts what is there and reaches the daemon by its names', () => {
  const { services } = parse(read('compose/compose.yaml')) as {
    services: Record<
      string,
      { volumes: string[]; build?: string; environment?: Record<string, string>; ports: string[] }
    >;
  };
  const ours = Object.values(services).flatMap(({ volumes }) => volumes.filter((one) => one.startsWith('.')));
  for (const mount of ours.filter((one) => !one.startsWith('./data'))) {
    expect(existsSync(join(folder, 'compose', mount.split(':')[0] ?? '')), mount).toBe(true);
  }
  expect(existsSync(join(folder, 'compose', services['sortie']?.build ?? '', 'Dockerfile'))).toBe(true);
  const scrape = parse(read('compose/prometheus.yml')) as {
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
  };
  expect(scrape.scrape_configs[0]?.job_name).toBe('sortie');
  expect(scrape.scrape_configs[0]?.static_configs[0]?.targets).toEqual(['sortie:7678']);
  expect(services['sortie']?.environment?.['SORTIE_SERVER_ALLOWED_HOSTS']?.split(',')).toContain('sortie');
  for (const port of Object.values(services).flatMap(({ ports }) => ports))
    expect(port).toMatch(/^127\.0\.0\.1:/);
});

it('the Kubernetes manifests hold together', () => {
  const documents = parseAllDocuments(read('kubernetes.yaml')).map((one) => {
    expect(one.errors).toEqual([]);
    return one.toJS() as Manifest;
  });
  const deployment = documents.find(({ kind }) => kind === 'Deployment')?.spec;
  const pod = deployment?.template.spec;
  const container = pod?.containers[0];
  expect(deployment).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  expect(container?.livenessProbe.httpGet.path).toBe('/livez');
  expect(container?.startupProbe.httpGet.path).toBe('/livez');
  expect(container?.readinessProbe.httpGet.path).toBe('/readyz');
  const volumes = pod?.volumes.map(({ name }) => name);
  expect(volumes).toEqual(
    expect.arrayContaining(container?.volumeMounts.map(({ name }) => name) ?? ['none']),
  );
  const config = documents.find(({ kind }) => kind === 'ConfigMap')?.data?.['WORKFLOW.md'] ?? '';
  const named = [...config.matchAll(/\$([A-Z_]+)/g)].map(([, name]) => name);
  const secret = documents.find(({ kind }) => kind === 'Secret')?.stringData ?? {};
  expect(Object.keys(secret)).toEqual(expect.arrayContaining(named));
});

it('each agent that is a program of its own has a Dockerfile with the version that was checked', () => {
  const pages = join(dirname(folder), 'agents');
  const files = readdirSync(join(folder, 'agents')).map((name) => name.replace('Dockerfile.', ''));
  expect(files.toSorted()).toEqual(['claude-code', 'codex', 'copilot-cli', 'gemini-cli', 'opencode']);
  for (const kind of files) {
    const text = read(`agents/Dockerfile.${kind}`);
    const page = readFileSync(join(pages, `${kind}.md`), 'utf8');
    const version = /AGENT_VERSION=(\S+)/.exec(text)?.[1] ?? 'none';
    const name = /npm install --global "(.+)@\$\{AGENT_VERSION\}"/.exec(text)?.[1] ?? 'none';
    expect(page, kind).toContain(version);
    expect(page, kind).toMatch(new RegExp(`npm install -g ${name}`));
    expect(text.trimEnd().endsWith('USER node')).toBe(true);
  }
});
