// The API token and the webhook's secret: in the requests to Jira and nowhere else, whatever Jira echoes and whatever
// goes wrong.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { account, addIssue, botId } from '../../loopback-jira/index.ts';
import { until } from '../program.ts';
import { makeSite, type Site } from './site.ts';

const TOKEN = 'ATATT3xFfGF0-7d1c2e9a0b34f6d81ca';
const HOOK = 'hook-5f0c9e8d7b6a';
const LOGIN = `bot@example.com:${TOKEN}`;
const SECRETS = { token: TOKEN, basic: Buffer.from(LOGIN).toString('base64'), hook: HOOK };

let site: Site;
beforeEach(async () => {
  site = await makeSite({ accounts: [account({ accountId: botId, token: TOKEN })] });
});
afterEach(() => site.close());

it('are in no log line, answer, metric, stored byte, comment or agent environment', async () => {
  const env = site.folder.file('agent-env.txt');
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  await site.configure({
    tracker: {
      api_key: '$SORTIE_SITE_LOGIN',
      comments: { on_dispatch: true, on_failure: true, style: 'living' },
    },
    jira: { webhook_secret: '$SORTIE_HOOK' },
    agent: {
      command: `env > ${env}; [ $SORTIE_ISSUE_IDENTIFIER = PROJ-1 ] || { echo 'leak ${TOKEN}' >&2; exit 1; }`,
      max_sessions: 2,
    },
    logging: { level: 'debug' },
  });
  // A proxy between us and Jira that shows what it was sent.
  site.jira.faults.add({
    endpoint: 'POST /issue/{issueIdOrKey}/transitions',
    requests: 2,
    fault: {
      kind: 'status',
      status: 400,
      body: { errorMessages: [`bad header Authorization: Basic ${SECRETS.basic} of ${LOGIN}`], errors: {} },
    },
  });
  site.jira.faults.add({
    endpoint: 'GET /search/jql',
    // More than the tries of two requests at once, so that one of them fails and is logged.
    requests: [4, 5, 6, 7, 8, 9, 10],
    fault: { kind: 'status', status: 500, text: `upstream said ${TOKEN}` },
  });
  const daemon = await site.start([], { SORTIE_SITE_LOGIN: LOGIN, SORTIE_HOOK: HOOK });
  await until('one handed off', () => site.status('PROJ-1') === 'In Review');
  await until('one parked', () => daemon.parked('PROJ-2'));
  await until('a failure in the log', () => daemon.says('upstream said') > 0);
  await daemon.ticks(3);

  const paths = [
    '/',
    '/api/v1/state',
    '/api/v1/PROJ-1',
    '/api/v1/PROJ-2',
    '/api/v1/history',
    '/metrics',
    '/readyz',
  ];
  const answers = await Promise.all(
    paths.map(async (path) => [path, await (await fetch(daemon.url + path)).text()] as const),
  );
  const doctor = await site.folder.run(['doctor'], { SORTIE_SITE_LOGIN: LOGIN, SORTIE_HOOK: HOOK });
  const dryRun = await site.folder.run(['--dry-run'], { SORTIE_SITE_LOGIN: LOGIN, SORTIE_HOOK: HOOK });
  await daemon.stop();

  const stored = readdirSync(site.folder.path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.startsWith('.sortie.db') && statSync(join(site.folder.path, name)).isFile())
    .map((name) => [name, readFileSync(join(site.folder.path, name), 'latin1')] as const);
  const places: (readonly [string, string])[] = [
    ...answers,
    ...stored,
    ['log', daemon.program.stderr() + daemon.program.stdout()],
    ['doctor', doctor.stdout + doctor.stderr],
    ['dry run', dryRun.stdout + dryRun.stderr],
    ['agent environment', readFileSync(env, 'latin1')],
    ['comments', JSON.stringify([...site.jira.state.comments.values()])],
  ];
  expect(stored.length).toBeGreaterThan(0);
  const leaks = places.flatMap(([place, text]) =>
    Object.entries(SECRETS).flatMap(([name, secret]) =>
      text.includes(secret) ? [`${name} in ${place}`] : [],
    ),
  );
  expect(leaks).toEqual([]);
});
