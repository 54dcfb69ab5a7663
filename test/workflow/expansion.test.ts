// `$VAR`, `~` and relative paths: where they mean something, where they do not, and what an unset one gives.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { loadWorkflow } from '../../src/workflow/index.ts';
import { lines, loadBad, loadGood, minimal, optionsFor } from './workflow-file.ts';

const cloud =
  'tracker:\n  kind: cloud\n  project: P\n  api_key: k\nagent:\n  kind: command\n  command: my-agent\n';

it('expands secrets anywhere', async () => {
  const yaml = `${cloud.replace('api_key: k', 'api_key: "$WHO:${WHAT}!"')}server: { token: "t-$WHAT" }\n`;
  const { settings } = await loadGood({ yaml, env: { WHO: 'me@x', WHAT: 'pw$WHO' } });
  expect(settings.tracker.apiKey).toBe('me@x:pw$WHO!');
  expect(settings.server.token).toBe('t-pw$WHO');
});

it('expands references only when they are the whole value', async () => {
  const yaml = cloud.replace(
    'project: P',
    'project: ${PROJ}\n  endpoint: $URL\n  handoff_state: a $PROJ b\n  query_filter: x = $PROJ',
  );
  const { tracker } = (await loadGood({ yaml, env: { PROJ: 'SHOP', URL: 'https://x.example' } })).settings;
  expect(tracker).toMatchObject({
    project: 'SHOP',
    endpoint: 'https://x.example',
    handoffState: 'a $PROJ b',
    queryFilter: 'x = $PROJ',
  });
});

it('never expands a value that came from the environment', async () => {
  const env = {
    SORTIE_TRACKER_API_KEY: '$A',
    SORTIE_TRACKER_PROJECT: '$A',
    SORTIE_DB_PATH: '$A/db',
    A: 'no',
  };
  const { settings } = await loadGood({ yaml: cloud, env });
  expect(settings.tracker).toMatchObject({ apiKey: '$A', project: '$A' });
  expect(settings.dbPath).toMatch(/\/\$A\/db$/);
});

it('resolves paths: home, variables, relative to the folder of WORKFLOW.md', async () => {
  const env = { HOME: '/home/kim', D: 'data' };
  const roots = async (root: string, fromEnv = false): Promise<string> => {
    const yaml = fromEnv ? minimal : `${minimal}workspace: { root: "${root}" }\n`;
    const workflow = await loadGood({ yaml, env: fromEnv ? { ...env, SORTIE_WORKSPACE_ROOT: root } : env });
    return workflow.settings.workspaceRoot.replace(dirname(workflow.path), '<folder>');
  };
  expect(await roots('~')).toBe('/home/kim');
  expect(await roots('~/w/$D')).toBe('/home/kim/w/data');
  expect(await roots('${D}/../w')).toBe('<folder>/w');
  expect(await roots('/abs/$D')).toBe('/abs/data');
  expect(await roots('~other')).toBe('<folder>/~other');
  expect(await roots('~/w', true)).toBe('/home/kim/w');
  expect(await roots('rel', true)).toBe('<folder>/rel');
});

it('names the variable of a key that is set but expands to nothing', async () => {
  const yaml = `${cloud
    .replace('api_key: k', 'api_key: $NO_KEY')
    .replace(
      'project: P',
      'project: $NO_PROJECT\n  endpoint: $EMPTY',
    )}  env: { A: "$NO_A/$NO_B" }\ndb_path: $NO_DIR/x\nserver: { token: "${'${NO_TOKEN}'}" }\n`;
  const result = await loadBad({ yaml, env: { EMPTY: '' } });
  expect(lines(result.problems)).toEqual([
    expect.stringMatching(
      /^config\.tracker\.endpoint WORKFLOW\.md:5:13: .*\$EMPTY, which is not set or empty/,
    ),
    expect.stringMatching(/^tracker\.project WORKFLOW\.md:4:12: missing_tracker_project: .*\$NO_PROJECT/),
    expect.stringMatching(/^tracker\.api_key WORKFLOW\.md:6:12: missing_tracker_api_key: .*\$NO_KEY/),
    expect.stringMatching(/^config\.agent\.env .*agent\.env\.A refers to \$NO_A, \$NO_B, which are not set/),
    expect.stringMatching(/^config\.db_path WORKFLOW\.md:11:10: db_path refers to \$NO_DIR/),
    expect.stringMatching(/^config\.server\.token .*\$NO_TOKEN/),
  ]);
});

it('asks the .env file for a variable that the environment does not have', async () => {
  const options = optionsFor({ yaml: cloud.replace('api_key: k', 'api_key: $SORTIE_CLOUD') });
  const envFile = join(options.folder, '.env');
  writeFileSync(envFile, 'SORTIE_CLOUD=filed\nCLOUD=never\n');
  const result = await loadWorkflow({ ...options, envFile });
  expect(result.ok && result.workflow.settings.tracker.apiKey).toBe('filed');
  expect(result.ok && result.workflow.secretValues).toEqual(['filed']);
});

it('remembers the names and values that secrets came from', async () => {
  const yaml = `${cloud.replace('api_key: k', 'api_key: "$MAIL:$PASS"')}  env:\n    PATH: /opt/bin:$PATH\n    GH_TOKEN: $GH\n    PLAIN: $SORTIE_DB\n    MODE: fast\nserver: { token: literal }\nfile: {}\n`;
  const env = {
    MAIL: 'a@b',
    PASS: 'pw',
    PATH: '/bin',
    GH: 'ghp',
    SORTIE_DB: 'pg://',
    SORTIE_SERVER_TOKEN: 'over',
  };
  const workflow = await loadGood({ yaml, env });
  expect([...workflow.secretEnvNames].sort()).toEqual([
    'GH',
    'MAIL',
    'PASS',
    'SORTIE_DB',
    'SORTIE_SERVER_TOKEN',
  ]);
  expect([...workflow.secretValues].sort()).toEqual(['a@b', 'a@b:pw', 'ghp', 'over', 'pg://', 'pw']);
  expect(workflow.settings.agent.env).toEqual({
    PATH: '/opt/bin:/bin',
    GH_TOKEN: 'ghp',
    PLAIN: 'pg://',
    MODE: 'fast',
  });
});

it('expands the paths and secrets of an adapter block that is in use', async () => {
  const yaml = `${minimal}file:\n  path: $D/issues.json\n  token: "x$T"\n`;
  const workflow = await loadGood({ yaml, env: { D: 'data', T: 'sec' } });
  expect(workflow.settings.tracker.block).toEqual({
    path: join(dirname(workflow.path), 'data/issues.json'),
    token: 'xsec',
  });
  expect(workflow.secretEnvNames).toEqual(['T']);
  expect(workflow.secretValues).toEqual(['sec', 'xsec']);
});
