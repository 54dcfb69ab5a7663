// 429 and outages: the pause is kept to the millisecond, seen on the API and in the metrics, and said once; running
// work goes on.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { addIssue, addIssues } from '../../loopback-jira/index.ts';
import { getJson, until } from '../program.ts';
import { makeSite, type Site } from './site.ts';

let site: Site;
beforeEach(async () => {
  site = await makeSite();
});
afterEach(() => site.close());

interface Throttled {
  readonly tracker_throttles: readonly {
    readonly scope: string;
    readonly until: string;
    readonly reason: string;
  }[];
}

it('keeps a quota pause for everything, and shows it', async () => {
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  await site.configure({ agent: { command: 'sleep 600' } });
  const daemon = await site.start();
  await until('the agent', async () => (await daemon.running('PROJ-1'))?.phase === 'streaming_turn');
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  const throttled = site.jira.faults.add({
    endpoint: 'GET /search/jql',
    requests: 1,
    fault: {
      kind: 'status',
      status: 429,
      headers: { 'Retry-After': '3', 'RateLimit-Reason': 'jira-quota-tenant-based' },
    },
  });
  await until('the 429', () => throttled.hits() === 1);
  const refused = site.jira.requests.find(({ status }) => status === 429);
  const seen = await until('the throttle', async () => {
    const [first] = (await getJson<Throttled>(`${daemon.url}/api/v1/state`)).tracker_throttles;
    return first;
  });
  expect(seen).toMatchObject({ scope: 'all', reason: 'jira-quota-tenant-based' });
  expect(Date.parse(seen.until) - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(3000);
  expect(await daemon.metric('sortie_tracker_throttled_seconds')).toBeGreaterThan(0);

  const next = await until('the next request', () =>
    site.jira.requests.find(({ number }) => number > (refused?.number ?? 0)),
  );
  expect(next.atMs - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(3000);
  await until('the second run', async () => (await daemon.running('PROJ-2')) !== undefined);
  expect((await getJson<Throttled>(`${daemon.url}/api/v1/state`)).tracker_throttles).toEqual([]);
  expect(await daemon.metric('sortie_tracker_throttled_seconds')).toBe(0);
  expect((await daemon.state()).running.map(({ issue_identifier }) => issue_identifier)).toContain('PROJ-1');
  expect(daemon.says('jira asks for fewer requests')).toBe(1);
});

it('holds back only the endpoint of a burst limit', async () => {
  addIssues(site.jira.state, 'PROJ', 3, () => ({ status: 'Selected for Development' }));
  await site.configure({});
  const rule = site.jira.faults.add({
    endpoint: 'POST /issue/{issueIdOrKey}/transitions',
    requests: 1,
    fault: {
      kind: 'status',
      status: 429,
      headers: { 'Retry-After': '4', 'RateLimit-Reason': 'jira-burst-based' },
    },
  });
  const daemon = await site.start();
  await until('the 429', () => rule.hits() === 1);
  const [seen] = await until('the throttle', async () => {
    const { tracker_throttles: list } = await getJson<Throttled>(`${daemon.url}/api/v1/state`);
    return list.length > 0 && list;
  });
  expect(seen?.scope).toContain('transitions');
  const refused = site.jira.requests.find(({ status }) => status === 429);
  const between = () =>
    site.jira.requests.filter(
      ({ atMs, number }) => number > (refused?.number ?? 0) && atMs < (refused?.atMs ?? 0) + 4000,
    );
  await until('the handoffs', () => [1, 2, 3].every((n) => site.status(`PROJ-${n}`) === 'In Review'), 30_000);
  const held = between().filter(({ endpoint }) => endpoint === 'POST /issue/{issueIdOrKey}/transitions');
  // What the other issues had under way when the 429 came may still arrive, once each; nothing is sent after it.
  const paths = [refused, ...held].map((request) => request?.path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(between().some(({ endpoint }) => endpoint === 'GET /search/jql')).toBe(true);
});

it('sits out an outage: work goes on, nothing is stopped, and the queue moves again', async () => {
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  const go = site.folder.file('go');
  await site.configure({ agent: { command: `while [ ! -e ${go} ]; do sleep 0.1; done` } });
  const daemon = await site.start();
  await until('the agent', async () => (await daemon.running('PROJ-1'))?.phase === 'streaming_turn');
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  const down = site.jira.faults.add({
    fault: [
      { kind: 'reset', at: 'before' },
      { kind: 'status', status: 502, text: 'Bad Gateway' },
      { kind: 'html', status: 503 },
      { kind: 'html' },
    ],
  });
  await until('some failures', () => down.hits() > 8);
  expect((await daemon.state()).counts.running).toBe(1);
  expect((await daemon.ready()).httpStatus).toBe(200);
  await site.folder.write('go', '');
  await until('the end of the work', async () => (await daemon.running('PROJ-1')) === undefined);
  down.remove();
  await until(
    'both handoffs',
    () => site.status('PROJ-1') === 'In Review' && site.status('PROJ-2') === 'In Review',
    45_000,
  );
  expect(new Set((await daemon.runs()).map(({ status }) => status))).toEqual(new Set(['succeeded']));
}, 90_000);

it('does not dispatch twice while the search index still shows the old status', async () => {
  addIssues(site.jira.state, 'PROJ', 3, () => ({ status: 'Selected for Development' }));
  site.jira.settings.indexLagMs = 2500;
  const log = site.folder.file('log.txt');
  await site.configure({ agent: { command: `echo $SORTIE_ISSUE_IDENTIFIER >> ${log}` } });
  const daemon = await site.start();
  await until('the handoffs', () => [1, 2, 3].every((n) => site.status(`PROJ-${n}`) === 'In Review'));
  site.jira.forgetRequests();
  // The lag is over when search no longer finds them.
  await until('the index', () =>
    site
      .requestsTo('GET /search/jql')
      .some(({ atMs }) => atMs > Date.now() - 100 && atMs > firstSeen() + 2600),
  );
  await daemon.ticks(2);
  expect((await daemon.runs()).map(({ issue_identifier }) => issue_identifier).sort()).toEqual([
    'PROJ-1',
    'PROJ-2',
    'PROJ-3',
  ]);
  expect(site.requestsTo('POST /issue/{issueIdOrKey}/transitions')).toEqual([]);
});

const firstSeen = (): number => site.jira.requests[0]?.atMs ?? Infinity;
