// Names in the pages are promises: every metric, every SORTIE_ variable and every setting that a page mentions
// must be one that the program has. A page about a name that was renamed fails here.
import { describe, expect, it } from 'vitest';
import { agents } from '../../adapters/index.ts';
import { metricCatalogue } from '../../src/telemetry/metric-catalogue.ts';
import { TOOLS_FILE_VARIABLE } from '../../src/tools/mcp/tools-file.ts';
import { settingEntries } from '../../src/workflow/setting-list.ts';
import { pages, read } from './repository-files.ts';

const metrics = new Set<string>(Object.values(metricCatalogue).map(({ name }) => name));

const variables = new Set([
  ...settingEntries.map(({ envName }) => envName),
  // Which .env file to read, and the mark of a run's processes.
  ...['SORTIE_ENV_FILE', 'SORTIE_RUN_ID'],
  // What hooks and agents are told.
  ...['SORTIE_ISSUE_ID', 'SORTIE_ISSUE_IDENTIFIER', 'SORTIE_WORKSPACE', 'SORTIE_ATTEMPT'],
  ...['SORTIE_TURN', 'SORTIE_SESSION_ID', 'SORTIE_PROMPT_FILE'],
  TOOLS_FILE_VARIABLE,
]);

/** What looks like a metric and is none: a tool of agents, as its page of the generated reference names it. */
const tools = new Set([...read('docs/tools.md').matchAll(/^### `(\w+)`$/gm)].map(([, name = '']) => name));

const settings = new Set(settingEntries.map(({ key }) => key));
const sections = new Set([...settings].filter((key) => key.includes('.')).map((key) => key.split('.')[0]));
/** Adapters' own blocks, and the one check of `sortie validate` that is named like a setting. */
const notOurs = /^(?:file|mock|command|jira)\.|^workspace\.root_writable$/;
const kinds = agents.map(({ kind }) => kind).join('|');
const priceOf = new RegExp(`^token_rates\\.(?:${kinds})(?=\\.|$)`);

const unknownMetrics = (text: string): string[] =>
  [...text.matchAll(/\bsortie_[a-z_]+/g)]
    .map(([name]) => name.replace(/_(?:bucket|sum|count)$/, ''))
    .filter((name) => !metrics.has(name) && !tools.has(name) && name !== 'sortie_workspaces');

const unknownVariables = (text: string): string[] =>
  [...text.matchAll(/\bSORTIE_[A-Z_]*[A-Z]\b(?!_?\*)/g)]
    .map(([name]) => name)
    .filter((name) => !variables.has(name));

const unknownSettings = (text: string): string[] =>
  [...text.matchAll(/`([a-z_]+(?:\.[a-z_]+)+)(?::[^`]*)?`/g)]
    .map(([, key = '']) => key.replace(priceOf, 'token_rates'))
    .filter((key) => sections.has(key.split('.')[0]) && !notOurs.test(key) && !settings.has(key))
    .filter(
      (key) => ![...settings].some((known) => known.startsWith(`${key}.`) || known.startsWith(`${key}[`)),
    );

describe('names that the program has', () => {
  it.each([...pages(), 'Dockerfile', 'scripts/healthcheck.mjs'])('%s', (page) => {
    const text = read(page);
    expect([...unknownMetrics(text), ...unknownVariables(text), ...unknownSettings(text)]).toEqual([]);
  });
});

it('finds a name that the program has not', () => {
  expect(unknownMetrics('`sortie_sessions_jumping` but sortie_sessions_running')).toEqual([
    'sortie_sessions_jumping',
  ]);
  expect(unknownVariables('SORTIE_SERVER_PROT, SORTIE_SERVER_PORT, SORTIE_*')).toEqual([
    'SORTIE_SERVER_PROT',
  ]);
  expect(unknownSettings('`server.prot`, `server.port: 1`, `tracker.comments`, `issue.title`')).toEqual([
    'server.prot',
  ]);
});
