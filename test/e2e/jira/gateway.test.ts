// Scoped tokens and service accounts, which Jira takes only at the gateway: by a base that is written down, by a
// cloud id that the site is asked for. Links still go to the site.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { account, addIssue, botId } from '../../loopback-jira/index.ts';
import { until } from '../program.ts';
import { makeSite, type Site } from './site.ts';

let site: Site;
beforeEach(async () => {
  site = await makeSite({ accounts: [account({ accountId: botId, kind: 'scoped' })] });
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
});
afterEach(() => site.close());

const command = (): string => `cat > ${site.folder.file('seen.txt')}`;

it('works through jira.api_base, with links to the site', async () => {
  await site.configure(
    { jira: { api_base: site.jira.gatewayUrl }, agent: { command: command() } },
    'See {{ issue.url }}',
  );
  await site.start();
  await until('the handoff', () => site.status('PROJ-1') === 'In Review');
  expect(await readFile(site.folder.file('seen.txt'), 'utf8')).toContain(
    `See ${site.jira.url}/browse/PROJ-1`,
  );
  expect(new Set(site.jira.requests.map(({ base }) => base))).toEqual(new Set(['gateway']));
});

it('finds the gateway itself with jira.cloud_id: auto, and sends the site no credentials', async () => {
  await site.configure({ jira: { cloud_id: 'auto' } });
  const preload = pathToFileURL(resolve(import.meta.dirname, 'gateway-route.mjs')).href;
  await site.start([], { NODE_OPTIONS: `--import=${preload}`, LOOPBACK_PORT: new URL(site.jira.url).port });
  await until('the handoff', () => site.status('PROJ-1') === 'In Review');
  const direct = site.jira.requests.filter(({ base }) => base !== 'gateway');
  expect(direct.map(({ path, headers }) => [path, headers.authorization])).toEqual([
    ['/_edge/tenant_info', undefined],
  ]);
  expect(
    site.requestsTo('GET /search/jql').every(({ headers }) => headers.host === 'api.atlassian.com'),
  ).toBe(true);
});

it('is what the doctor advises when a scoped token meets the site', async () => {
  await site.configure({});
  const { code, stdout } = await site.run('doctor');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^problem +credentials: .*jira\.cloud_id: auto/m);
});
