// Every key of the schema, one by one, from the schema itself: a wrong type is an error with the key's own
// check and the place of its value; a right value from the environment wins and is understood.
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { settingEntries, type SettingEntry } from '../../src/workflow/setting-list.ts';
import { shownKey } from '../../src/workflow/setting-words.ts';
import { toolSettings } from './tool-settings.ts';
import { lines, load, loadBad, loadGood, minimal } from './workflow-file.ts';

const entries = settingEntries.map((entry) => [entry.key, entry] as const);

/** The minimal front matter with one key set, in YAML that holds only that key below its parents. */
function withKey(entry: SettingEntry, value: unknown): { yaml: string; valueText: string } {
  const path = pathOf(entry);
  const base: Record<string, Record<string, unknown>> = {
    tracker: { kind: 'file' },
    agent: { kind: 'command', command: 'my-agent' },
  };
  let parent: Record<string, unknown> = base;
  for (const step of path.slice(0, -1)) {
    const name = step.replace('[]', '');
    const below = (parent[name] ??= name === step ? {} : [{}]) as Record<string, unknown>;
    parent = (Array.isArray(below) ? below[0] : below) as Record<string, unknown>;
  }
  parent[path.at(-1) ?? ''] = value;
  return { yaml: stringify(base), valueText: path.at(-1) ?? '' };
}

function pathOf({ key }: SettingEntry): string[] {
  return key.replace('*', 'command').split('.');
}

const wrong: Readonly<Record<SettingEntry['facts']['shape'], readonly unknown[]>> = {
  text: [5, true, [], { a: 1 }, 'nul \0 inside'],
  list: ['not a list', 5, { a: 1 }, [''], [5], [['a']], [null]],
  texts: [5, true, {}, '', [], [''], [5], [['a']], [null], 'nul \0 inside'],
  whole: ['five', '', 1.5, Number.NaN, Infinity, 1e300, true, [], { a: 1 }, '1_000', '0x10', '1e3'],
  flag: ['yes', 1, 'true', [], {}],
  number: ['much', -1, '-1', Number.NaN, [], true],
  map: ['text', 5, [1]],
};

it.each(entries)('refuses every wrong type of %s, with its place', async (_key, entry) => {
  for (const value of wrong[entry.facts.shape]) {
    const { yaml, valueText } = withKey(entry, value);
    const rows = yaml.split('\n').map((row) => row.replace(/^[\s-]+/, ''));
    const parent = rows.indexOf(`${pathOf(entry)[0]?.replace('[]', '')}:`);
    const line = rows.findIndex((row, index) => index >= parent && row.startsWith(`${valueText}:`)) + 2;
    const result = await loadBad({ yaml });
    const check = `config.${pathOf(entry).join('.').replace('[]', '[0]')}`;
    const found = result.problems.filter((problem) => problem.check === check);
    expect(found, `${yaml} → ${JSON.stringify(result.problems)}`).toHaveLength(1);
    expect(found[0]?.message).toMatch(new RegExp(`WORKFLOW\\.md:(${line}|${line + 1}):\\d+: `));
    expect(found[0]?.message).toContain('must be');
    expect(result.kind).toBe('workflow_settings_error');
  }
});

it.each(entries)('takes an empty %s as not set', async (_key, entry) => {
  const result = await load({ yaml: withKey(entry, null).yaml });
  const problems = result.ok ? result.workflow.warnings : result.problems;
  const key = pathOf(entry).join('.').replace('[]', '[0]');
  const about = problems.filter(({ check }) => check === `config.${key}`).map(({ message }) => message);
  expect(about).toEqual(
    entry.facts.required ? [expect.stringContaining(`${shownKey(key)} is not set; set it to`)] : [],
  );
});

it('accepts quoted whole numbers and amounts', async () => {
  const yaml = `${minimal}  max_turns: "7"\npolling: { interval_ms: '1500' }\nserver: { port: "0" }\ntoken_rates: { x: { input_per_mtok: "2.5" } }\n`;
  const { agent, pollIntervalMs, server, tokenRates } = (await loadGood({ yaml })).settings;
  expect([agent.maxTurns, pollIntervalMs, server.port, tokenRates['x']?.inputPerMtok]).toEqual([
    7, 1500, 0, 2.5,
  ]);
});

it('has the defaults of the reference', async () => {
  const { settings } = await loadGood({ env: { TMPDIR: '/tmp/elsewhere' } });
  expect(settings).toMatchObject({
    tracker: {
      activeStates: ['To Do', 'In Progress'],
      terminalStates: ['Done'],
      handoffState: '',
      requiredLabels: [],
      maxInHandoff: 0,
      comments: { onDispatch: false, onCompletion: false, onFailure: false, style: 'plain' },
      block: { path: 'issues.json' },
    },
    pollIntervalMs: 30_000,
    workspaceRoot: '/tmp/elsewhere/sortie_workspaces',
    hooks: { afterCreate: '', timeoutMs: 60_000 },
    agent: {
      env: {},
      passEnv: [],
      maxTurns: 20,
      maxSessions: 0,
      maxConcurrentAgents: 10,
      turnTimeoutMs: 3_600_000,
      readTimeoutMs: 5000,
      stallTimeoutMs: 300_000,
      toolTimeoutMs: 1_800_000,
      budget: {
        maxTokensPerRun: 0,
        maxTokensPerIssue: 0,
        maxTokensPerDay: 0,
        maxUsdPerRun: 0,
        maxUsdPerIssue: 0,
        maxUsdPerDay: 0,
      },
      evidence: 'observed',
      maxEmptyRuns: 3,
      breakerFailures: 5,
      stopGraceMs: 5000,
      maxRetryBackoffMs: 300_000,
      block: { shell: 'sh' },
    },
    server: {
      ...{ port: 7678, portAsked: false, host: '127.0.0.1', token: '', allowedHosts: [] },
      ...{ socket: '', protectMetrics: false, users: [] },
    },
    notifications: [],
    tools: toolSettings(),
    logging: { level: 'info', format: 'text' },
  });
  expect(settings.dbPath).toMatch(/\/\.sortie\.db$/);
});

it('gives each budget, and each price, to the setting of its name', async () => {
  const limits = [
    'tokens_per_run',
    'tokens_per_issue',
    'tokens_per_day',
    'usd_per_run',
    'usd_per_issue',
    'usd_per_day',
  ];
  const budget = Object.fromEntries(limits.map((name, index) => [`max_${name}`, index + 1]));
  const prices = ['input', 'output', 'cache_read', 'cache_write'];
  const rates = Object.fromEntries(prices.map((name, index) => [`${name}_per_mtok`, `${index}.5`]));
  const agent = { kind: 'command', command: 'x', budget, evidence: 'strict', max_empty_runs: 9 };
  const yaml = stringify({ tracker: { kind: 'file' }, agent, token_rates: { command: rates } });
  const { settings } = await loadGood({ yaml });
  expect(settings.agent.budget).toEqual({
    maxTokensPerRun: 1,
    maxTokensPerIssue: 2,
    maxTokensPerDay: 3,
    maxUsdPerRun: 4,
    maxUsdPerIssue: 5,
    maxUsdPerDay: 6,
  });
  expect(settings.agent).toMatchObject({ evidence: 'strict', maxEmptyRuns: 9 });
  expect(settings.tokenRates['command']).toEqual({
    inputPerMtok: 0.5,
    outputPerMtok: 1.5,
    cacheReadPerMtok: 2.5,
    cacheWritePerMtok: 3.5,
  });
});

it.each([
  [
    'budget: { max_tokens_per_run: 1.5 }',
    'agent.budget.max_tokens_per_run must be a whole number, 0 or more',
  ],
  ['budget: { max_usd_per_day: -1 }', 'agent.budget.max_usd_per_day must be a number, 0 or more'],
  ['evidence: some', 'agent.evidence must be "observed" or "strict" or "off"'],
  ['max_empty_runs: 0', 'agent.max_empty_runs must be a whole number, 1 or more'],
  ['tool_timeout_ms: 0', 'agent.tool_timeout_ms must be a whole number, 1 or more'],
])('refuses %j', async (yaml, text) => {
  const { problems } = await loadBad({ yaml: `${minimal}  ${yaml}\n` });
  expect(lines(problems)).toEqual([expect.stringContaining(text)]);
});

it('takes a bare off for the word that it is', async () => {
  expect((await loadGood({ yaml: `${minimal}  evidence: off\n` })).settings.agent.evidence).toBe('off');
});

it('reports every wrong key at once, and the template with them', async () => {
  const yaml = `${minimal}  max_turns: x\npolling: []\nserver: { port: 70000, host: localhost }\nlogging: { level: loud }\n`;
  const result = await loadBad({ yaml, body: '{{ isue.title }}' });
  expect(result.problems.map(({ check }) => check)).toEqual([
    'config.polling',
    'config.agent.max_turns',
    'config.server.port',
    'config.logging.level',
    'config.server.host',
    'template_render',
  ]);
});

it('never shows a secret that has the wrong type or an environment value of one', async () => {
  const yaml = `${minimal}  env: { A_KEY: [s3cret] }\nserver: { token: [s3cret] }\n`;
  expect(JSON.stringify((await loadBad({ yaml })).problems)).not.toContain('s3cret');
});

it('leaves out bad entries of the limits by state, with a warning each', async () => {
  const yaml = `${minimal}  max_concurrent_agents_by_state: { "To Do ": 2, A: "3", B: 0, C: x, D: 1.5, E: null, F: [1] }\n`;
  const workflow = await loadGood({ yaml });
  expect(workflow.settings.agent.maxConcurrentAgentsByState).toEqual({ 'to do': 2, a: 3 });
  expect(workflow.warnings.map(({ check }) => check)).toEqual(Array(5).fill('type_mismatch'));
  expect(lines(workflow.warnings)[0]).toMatch(
    /WORKFLOW\.md:7:\d+: agent\.max_concurrent_agents_by_state\.B must be/,
  );
});

it.each(['0', '-5', '"-1"'])('falls back with a warning for hooks.timeout_ms %s', async (value) => {
  const workflow = await loadGood({ yaml: `${minimal}hooks: { timeout_ms: ${value} }\n` });
  expect(workflow.settings.hooks.timeoutMs).toBe(60_000);
  expect(lines(workflow.warnings)).toEqual([
    expect.stringMatching(/^type_mismatch WORKFLOW\.md:7:22: .*60000 is used/),
  ]);
});

it.each([
  ['sever: {}', 'unknown_key', 'unknown key "sever" (did you mean "server"?)'],
  ['hooks: { befor_run: x }', 'unknown_sub_key', '"befor_run" in hooks (did you mean "before_run"?)'],
  ['hooks: { afetr_run: x }', 'unknown_sub_key', 'did you mean "after_run"?'],
  ['zzzzzz: 1', 'unknown_key', 'unknown key "zzzzzz"; it is ignored'],
  ['file: { pth: x }', 'unknown_sub_key', '"pth" in file (did you mean "path"?)'],
  ['command: { shel: x }', 'unknown_sub_key', '"shel" in command (did you mean "shell"?)'],
  [
    'token_rates: { command: { cache_writes_per_mtok: 1 } }',
    'unknown_sub_key',
    'did you mean "cache_write_per_mtok"?',
  ],
  ['token_rates: { command: { inputs_per_mtok: 1 } }', 'unknown_sub_key', 'did you mean "input_per_mtok"?'],
  [
    'token_rates: { comand: {} }',
    'unknown_sub_key',
    'no agent adapter "comand" to have token_rates (did you mean "command"?)',
  ],
  ['hooks: { events: x }', 'unknown_sub_key', 'unknown key "events" in hooks; it is ignored'],
])('warns of %j and goes on', async (yaml, check, text) => {
  const workflow = await loadGood({ yaml: `${minimal}${yaml}\n` });
  expect(workflow.warnings).toHaveLength(1);
  expect(lines(workflow.warnings)[0]).toMatch(new RegExp(`^${check} WORKFLOW\\.md:7:\\d+: `));
  expect(workflow.warnings[0]?.message).toContain(text);
});
