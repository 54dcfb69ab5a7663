// Credentials that are wrong from the start, and credentials that expire in the middle. Jira answers both like an
// anonymous visitor: 200 and nothing found. Nothing is dispatched, stopped or cleaned on such an answer.

import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addIssue, addIssues } from '../../loopback-jira/index.ts';
import { getJson, processesIn, until } from '../program.ts';
import { makeSite, type Site } from './site.ts';

let site: Site;
beforeEach(async () => {
  site = await makeSite();
});
afterEach(() => site.close());

function expire(expired: boolean): void {
  for (const account of site.jira.accounts) account.expired = expired;
}

it.each([
  ['bot@example.com', 'tracker.api_key'],
  [':secret-token', 'tracker.api_key'],
  ['bot@example.com:', 'tracker.api_key'],
])('refuses to start with an api_key of another shape (%s)', async (key, named) => {
  await site.configure({ tracker: { api_key: '$BAD_LOGIN' } });
  const { code, stderr } = await site.folder.run([], { BAD_LOGIN: key });
  expect(code).toBe(1);
  expect(stderr).toContain(named);
  expect(stderr).toMatch(/email:token/);
  expect(stderr).not.toContain('secret-token');
  expect(site.jira.requests).toEqual([]);
});

it('says that a login is refused, dispatches nothing, and works once it is right', async () => {
  addIssues(site.jira.state, 'PROJ', 3, () => ({ status: 'Selected for Development' }));
  await site.configure({});
  expire(true);
  const daemon = await site.start();
  const lastTick = async () =>
    (
      await getJson<{ last_tick: { result: string; error: string | null } | null }>(
        `${daemon.url}/api/v1/state`,
      )
    ).last_tick;
  await daemon.ticks(3);
  const tick = await until('a failed tick', lastTick);
  expect(tick.result).toBe('error');
  expect(tick.error).toMatch(/tracker_auth_error/);
  expect(tick.error).not.toContain('secret-token');
  expect(daemon.says(/tracker_auth_error/)).toBeGreaterThan(0);
  expect(await daemon.runs()).toEqual([]);
  expect(site.requestsTo('POST /issue/{issueIdOrKey}/transitions')).toEqual([]);
  // An empty list was never asked for, so none could be believed.
  expect(site.requestsTo('GET /search/jql')).toEqual([]);

  expire(false);
  await until('the handoffs', () =>
    ['PROJ-1', 'PROJ-2', 'PROJ-3'].every((key) => site.status(key) === 'In Review'),
  );
});

it('goes on with running work when the token expires, and cleans nothing', async () => {
  addIssues(site.jira.state, 'PROJ', 2, () => ({ status: 'Selected for Development' }));
  const go = site.folder.file('go');
  await site.configure({ agent: { command: `echo $$ > pid; while [ ! -e ${go} ]; do sleep 0.1; done` } });
  const daemon = await site.start();
  await until(
    'both agents',
    async () => (await daemon.state()).running.filter(({ phase }) => phase === 'streaming_turn').length === 2,
  );
  // Each writes its pid once it is itself: the phase begins before its process does.
  const pidFiles = ['PROJ-1', 'PROJ-2'].map((key) => site.folder.file(`workspaces/${key}/pid`));
  const agents = await until('their processes', () =>
    pidFiles.every((path) => existsSync(path) && readFileSync(path, 'utf8').endsWith('\n'))
      ? pidFiles.map((path) => Number(readFileSync(path, 'utf8')))
      : null,
  );

  site.jira.forgetRequests();
  expire(true);
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  await daemon.ticks(6);
  expect(
    site.jira.requests.some(({ endpoint, status }) => endpoint === 'GET /search/jql' && status === 200),
  ).toBe(true);
  expect((await daemon.state()).counts.running).toBe(2);
  expect(processesIn(site.folder.path)).toEqual(expect.arrayContaining(agents));
  expect(await daemon.runs('PROJ-3')).toEqual([]);
  for (const key of ['PROJ-1', 'PROJ-2'])
    expect(existsSync(site.folder.file(`workspaces/${key}`))).toBe(true);

  // The work ends while nobody may write to Jira: the handoff is made up for.
  await site.folder.write('go', '');
  await until('the ends of both', async () => (await daemon.state()).counts.running === 0);
  await daemon.ticks(3);
  expect(site.status('PROJ-1')).toBe('In Progress');
  expire(false);
  await until(
    'all handoffs',
    () => ['PROJ-1', 'PROJ-2', 'PROJ-3'].every((key) => site.status(key) === 'In Review'),
    80_000,
  );
  const runs = await daemon.runs();
  expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['succeeded']));
}, 180_000);

it('takes a CAPTCHA for what it is', async () => {
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  site.jira.settings.captcha = true;
  await site.configure({});
  const daemon = await site.start();
  await until('the word', () => daemon.says(/CAPTCHA/i) > 0);
  expect(await daemon.runs()).toEqual([]);
});

it('does not believe a sudden empty result', async () => {
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  await site.configure({ agent: { command: 'sleep 600' } });
  const daemon = await site.start();
  await until('the agent', async () => (await daemon.running('PROJ-1'))?.phase === 'streaming_turn');
  site.jira.faults.add({ endpoint: 'GET /search/jql', fault: { kind: 'empty-result' } });
  await daemon.ticks(6);
  expect((await daemon.state()).counts.running).toBe(1);
  expect(existsSync(site.folder.file('workspaces/PROJ-1'))).toBe(true);
});
