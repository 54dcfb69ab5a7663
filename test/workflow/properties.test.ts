// Whatever bytes, settings, environment or .env file there are: a load answers a workflow or problems in one
// line each with a known check, never throws, and a good one keeps the promises of Settings.
import { writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadWorkflow, type LoadResult } from '../../src/workflow/index.ts';
import { settingEntries } from '../../src/workflow/setting-list.ts';
import { minimal, optionsFor } from './workflow-file.ts';

const knownCheck =
  /^(?:workflow_load|workflow_front_matter|config\..+|template_parse|template_render|tracker\.(?:kind|api_key|project)|tracker_adapter|agent\.(?:kind|command)|agent_adapter|args|unknown_key|unknown_sub_key|type_mismatch)$/;

function judge(result: LoadResult): void {
  const problems = result.ok ? result.workflow.warnings : result.problems;
  for (const { check, message, severity } of problems) {
    expect(check).toMatch(knownCheck);
    expect(message).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    if (result.ok) expect(severity).toBe('warning');
  }
  if (!result.ok) {
    expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
    return;
  }
  const { settings } = result.workflow;
  expect(isAbsolute(settings.workspaceRoot) && isAbsolute(settings.dbPath)).toBe(true);
  expect(settings.pollIntervalMs).toBeGreaterThan(0);
  expect(settings.hooks.timeoutMs).toBeGreaterThan(0);
  const active = settings.tracker.activeStates.map((state) => state.toLowerCase());
  if (settings.tracker.handoffState !== '')
    expect(active).not.toContain(settings.tracker.handoffState.toLowerCase());
  for (const limit of Object.values(settings.agent.maxConcurrentAgentsByState))
    expect(limit).toBeGreaterThan(0);
}

const hostileText = fc
  .array(
    fc.constantFrom(
      '---',
      '\n',
      '---\n',
      ' ',
      '\t',
      ':',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&a',
      '*a',
      '!!str',
      '!x',
      '|',
      '>',
      '#',
      '%',
      '{{',
      '}}',
      '{%',
      '%}',
      'tracker',
      'kind',
      'file',
      '\r\n',
      '\uFEFF',
      '\u2028',
      'issue.title',
      '<<',
      '?',
      ',',
      '1',
      '~',
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.from(parts.join('')));

it('answers for any bytes', async () => {
  const options = optionsFor({});
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    hostileText,
    hostileText.map((text) => Buffer.concat([Buffer.from('---\n'), text, Buffer.from('\n---\n'), text])),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      writeFileSync(options.path, content);
      judge(await loadWorkflow(options));
    }),
    { numRuns: 400 },
  );
});

const oddKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  'x',
  'kind',
  'path',
  '1',
  '$A',
  'a b',
);
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1,
      5,
      1.5,
      1e300,
      -0,
      Number.NaN,
      Infinity,
      '',
      ' ',
      '5',
      '-5',
      '$A',
      '${NO}',
      '~',
      'To Do',
      'done',
      '0.0.0.0',
      new Date(0),
      '\u2028',
      'x\ny',
    ),
    fc.string({ maxLength: 8 }),
    fc.double(),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(oddKey, tie('any'), { maxKeys: 3 }),
  ),
})).any;

const key = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...settingEntries.map((entry) => entry.key.replace('*', 'x').replace('[]', '')),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'tracker',
      'agent',
      'hooks',
      'server',
      'file',
      'command',
      'cloud',
      '__proto__',
      'token_rates',
      'token_rates.x',
      'notifications',
    ),
  },
);

it('answers for any front matter', async () => {
  const options = optionsFor({});
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(key, value), { maxLength: 6 }), async (changes) => {
      const data: Record<string, unknown> = {
        tracker: { kind: 'file' },
        agent: { kind: 'command', command: 'x' },
      };
      for (const [path, changed] of changes) put(data, path.split('.'), changed);
      writeFileSync(options.path, `---\n${stringify(data)}---\nGo.\n`);
      judge(await loadWorkflow({ ...options, env: { A: 'expanded' } }));
    }),
    { numRuns: 500 },
  );
});

function put(data: Record<string, unknown>, path: readonly string[], changed: unknown): void {
  const [step = '', ...rest] = path;
  const below = Object.hasOwn(data, step) ? data[step] : undefined;
  const isMap = typeof below === 'object' && below !== null && !Array.isArray(below);
  const next = isMap ? (below as Record<string, unknown>) : {};
  if (rest.length > 0) put(next, rest, changed);
  Object.defineProperty(data, step, {
    value: rest.length > 0 ? next : changed,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

it('answers for any environment and any .env file', async () => {
  const names = settingEntries.flatMap(({ envName }) => (envName === null ? [] : [envName]));
  const options = optionsFor({ yaml: minimal });
  const envFile = join(options.folder, '.env');
  const word = fc.oneof(
    fc.string({ maxLength: 10 }),
    fc.constantFrom('5', '-5', 'true', 'a,b', '$A', 'To Do', '::1'),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...names, '__proto__'), word, { maxKeys: 4 }),
      fc.array(fc.tuple(fc.constantFrom(...names, 'export X', '', '#'), fc.constantFrom('=', ' '), word), {
        maxLength: 4,
      }),
      async (env, rows) => {
        writeFileSync(envFile, rows.map((row) => row.join('')).join('\n'));
        judge(await loadWorkflow({ ...options, env, envFile }));
      },
    ),
    { numRuns: 300 },
  );
});
