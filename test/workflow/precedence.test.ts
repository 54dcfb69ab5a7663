// Flag, environment, .env file, front matter, default: who wins, for every key that has a variable.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadWorkflow } from '../../src/workflow/index.ts';
import { settingEntries } from '../../src/workflow/setting-list.ts';
import { lines, load, loadBad, loadGood, minimal, optionsFor } from './workflow-file.ts';

const handingOff = minimal.replace('kind: file', 'kind: file\n  handoff_state: In Review');
const withVariable = settingEntries.filter(({ envName }) => envName !== null);

it('has one variable for each text, number and list of the parts that have any, and no other', () => {
  expect(withVariable.map(({ envName }) => envName).sort()).toMatchInlineSnapshot(`
    [
      "SORTIE_AGENT_BREAKER_FAILURES",
      "SORTIE_AGENT_BUDGET_MAX_TOKENS_PER_DAY",
      "SORTIE_AGENT_BUDGET_MAX_TOKENS_PER_ISSUE",
      "SORTIE_AGENT_BUDGET_MAX_TOKENS_PER_RUN",
      "SORTIE_AGENT_BUDGET_MAX_USD_PER_DAY",
      "SORTIE_AGENT_BUDGET_MAX_USD_PER_ISSUE",
      "SORTIE_AGENT_BUDGET_MAX_USD_PER_RUN",
      "SORTIE_AGENT_COMMAND",
      "SORTIE_AGENT_EVIDENCE",
      "SORTIE_AGENT_KIND",
      "SORTIE_AGENT_MAX_CONCURRENT_AGENTS",
      "SORTIE_AGENT_MAX_EMPTY_RUNS",
      "SORTIE_AGENT_MAX_RETRY_BACKOFF_MS",
      "SORTIE_AGENT_MAX_SESSIONS",
      "SORTIE_AGENT_MAX_TURNS",
      "SORTIE_AGENT_PASS_ENV",
      "SORTIE_AGENT_READ_TIMEOUT_MS",
      "SORTIE_AGENT_STALL_TIMEOUT_MS",
      "SORTIE_AGENT_STOP_GRACE_MS",
      "SORTIE_AGENT_TOOL_TIMEOUT_MS",
      "SORTIE_AGENT_TURN_TIMEOUT_MS",
      "SORTIE_DB_PATH",
      "SORTIE_POLLING_INTERVAL_MS",
      "SORTIE_SERVER_ALLOWED_HOSTS",
      "SORTIE_SERVER_HOST",
      "SORTIE_SERVER_PORT",
      "SORTIE_SERVER_PROTECT_METRICS",
      "SORTIE_SERVER_SOCKET",
      "SORTIE_SERVER_TOKEN",
      "SORTIE_TOOLS_APPROVAL_ON_TIMEOUT",
      "SORTIE_TOOLS_APPROVAL_TIMEOUT_MS",
      "SORTIE_TOOLS_APPROVAL_WAIT_MS",
      "SORTIE_TOOLS_AUDIT_RETENTION_DAYS",
      "SORTIE_TOOLS_CALLS_PER_MINUTE",
      "SORTIE_TOOLS_DEFAULT",
      "SORTIE_TOOLS_ENABLED",
      "SORTIE_TOOLS_MAX_MESSAGES_PER_RUN",
      "SORTIE_TOOLS_PROJECTS",
      "SORTIE_TOOLS_READ_DEFAULT",
      "SORTIE_TRACKER_ACTIVE_STATES",
      "SORTIE_TRACKER_ADAPTER",
      "SORTIE_TRACKER_API_KEY",
      "SORTIE_TRACKER_COMMENTS_ON_COMPLETION",
      "SORTIE_TRACKER_COMMENTS_ON_DISPATCH",
      "SORTIE_TRACKER_COMMENTS_ON_FAILURE",
      "SORTIE_TRACKER_COMMENTS_STYLE",
      "SORTIE_TRACKER_ENDPOINT",
      "SORTIE_TRACKER_HANDOFF_STATE",
      "SORTIE_TRACKER_IN_PROGRESS_STATE",
      "SORTIE_TRACKER_KIND",
      "SORTIE_TRACKER_MAX_IN_HANDOFF",
      "SORTIE_TRACKER_PARK_LABEL",
      "SORTIE_TRACKER_PROJECT",
      "SORTIE_TRACKER_QUERY_FILTER",
      "SORTIE_TRACKER_REQUIRED_LABELS",
      "SORTIE_TRACKER_RICH_TEXT",
      "SORTIE_TRACKER_TERMINAL_STATES",
      "SORTIE_WORKSPACE_ROOT",
    ]
  `);
});

it('lets the environment win over the front matter for every key that has a variable', async () => {
  const values = {
    text: 'word',
    list: 'a, b ,,c',
    texts: 'word',
    whole: '3',
    flag: 'true',
    number: '1.75',
    map: '',
  };
  for (const { key, envName, facts } of withVariable) {
    const special: Record<string, string> = {
      'tracker.kind': 'file',
      'tracker.comments.style': 'living',
      'tracker.rich_text': 'markdown',
      'agent.kind': 'command',
      'agent.evidence': 'strict',
      'tools.default': 'deny',
      'tools.read_default': 'deny',
      'tools.approval.on_timeout': 'reject',
      'tools.projects': 'ENG',
      'server.host': '127.0.0.2',
      'tracker.active_states': 'word',
      'tracker.in_progress_state': 'To Do',
    };
    const env = { [envName ?? '']: special[key] ?? values[facts.shape] };
    const loadTracker = async (): Promise<never> => Promise.reject(new Error('was asked for'));
    const yaml = key === 'tracker.max_in_handoff' ? handingOff : minimal;
    const result = await load({ yaml, env, options: key === 'tracker.adapter' ? { loadTracker } : {} });
    if (key === 'tracker.adapter') expect(result).toMatchObject({ ok: false });
    else if (!result.ok) throw new Error(`${key}: ${lines(result.problems).join()}`);
    else
      expect(JSON.stringify(result.workflow.settings), key).toContain(
        expectedText(special[key] ?? values[facts.shape]),
      );
  }
  function expectedText(value: string): string {
    return value.includes(',') ? '["a","b","c"]' : value;
  }
});

it('takes flags before everything', async () => {
  const { settings } = await loadGood({
    yaml: `${minimal}server: { port: 1000 }\nlogging: { level: debug }\n`,
    env: { SORTIE_SERVER_PORT: '2000', SORTIE_SERVER_HOST: '127.0.0.3' },
    options: { overrides: { port: 3000, host: '127.0.0.4', logLevel: 'error', logFormat: 'json' } },
  });
  expect(settings.server).toMatchObject({ port: 3000, portAsked: true, host: '127.0.0.4' });
  expect(settings.logging).toEqual({ level: 'error', format: 'json' });
});

it('refuses wrong flags by their name', async () => {
  const result = await loadBad({
    options: { overrides: { port: '99999', host: 'nowhere', logLevel: 'loud' } },
  });
  expect(lines(result.problems)).toEqual([
    expect.stringMatching(
      /^args --port: server\.port must be a whole number, from 0 to 65535, found the text "99999"/,
    ),
    expect.stringMatching(/^args --log-level: logging\.level must be/),
    expect.stringMatching(/^args --host: server\.host must be an IP address/),
  ]);
});

it('takes the real environment before the .env file, and an empty real variable as unset', async () => {
  const options = optionsFor({ env: { SORTIE_AGENT_MAX_TURNS: '', SORTIE_AGENT_COMMAND: 'real' } });
  const envFile = join(options.folder, '.env');
  writeFileSync(envFile, 'SORTIE_AGENT_MAX_TURNS=4\nSORTIE_AGENT_COMMAND=filed\nSORTIE_SERVER_TOKEN=\n');
  const asked = await loadWorkflow({ ...options, envFile });
  const named = await loadWorkflow({ ...options, env: { ...options.env, SORTIE_ENV_FILE: envFile } });
  for (const result of [asked, named]) {
    if (!result.ok) throw new Error(lines(result.problems).join());
    expect(result.workflow.settings.agent).toMatchObject({ maxTurns: 4, command: 'real' });
  }
  expect(process.env['SORTIE_AGENT_COMMAND']).toBeUndefined();
});

it('says where a wrong value of the environment or of the .env file stands', async () => {
  const options = optionsFor({
    env: { SORTIE_AGENT_MAX_TURNS: 'x', SORTIE_TRACKER_COMMENTS_ON_FAILURE: 'yes' },
  });
  writeFileSync(join(options.folder, '.env'), '\nSORTIE_POLLING_INTERVAL_MS=soon\n');
  const result = await loadWorkflow({ ...options, envFile: join(options.folder, '.env') });
  if (result.ok) throw new Error('expected to fail');
  expect(lines(result.problems)).toEqual([
    expect.stringContaining(
      'config.tracker.comments.on_failure SORTIE_TRACKER_COMMENTS_ON_FAILURE in the environment: ',
    ),
    expect.stringContaining(
      'config.polling.interval_ms .env:2: SORTIE_POLLING_INTERVAL_MS: polling.interval_ms must be',
    ),
    expect.stringContaining(
      'config.agent.max_turns SORTIE_AGENT_MAX_TURNS in the environment: agent.max_turns must be',
    ),
  ]);
});

it('changes its content hash with the file and with the .env file, and with nothing else', async () => {
  const options = optionsFor({});
  const envFile = join(options.folder, '.env');
  const hash = async (): Promise<string | null> => {
    const result = await loadWorkflow({ ...options, envFile });
    return result.ok ? result.workflow.contentHash : result.contentHash;
  };
  writeFileSync(envFile, 'SORTIE_X=1\n');
  const first = await hash();
  expect(await hash()).toBe(first);
  writeFileSync(envFile, 'SORTIE_X=2\n');
  const second = await hash();
  expect(second).not.toBe(first);
  writeFileSync(options.path, `---\n${minimal}  max_turns: x\n---\nDo it.\n`);
  expect([first, second]).not.toContain(await hash());
});
