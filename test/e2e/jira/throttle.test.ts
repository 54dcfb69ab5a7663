// 429 and outages: the pause is kept to the millisecond, seen on the API and in the metrics, and said once; running
// work goes on.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { addIssue, addIssues } from '../../loopback-jira/index.ts';
import type { Daemon } from '../daemon.ts';
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

/** Longer than any test: whoever looks late still finds it in force. */
const LONG_S = 3600;

const throttle = (endpoint: string, retryAfterS: number, reason: string) =>
  site.jira.faults.add({
    endpoint,
    requests: 1,
    fault: {
      kind: 'status',
      status: 429,
      headers: { 'Retry-After': String(retryAfterS), 'RateLimit-Reason': reason },
    },
  });
const refused = () => site.jira.requests.find(({ status }) => status === 429);
const after = (number = Infinity) => site.jira.requests.filter((request) => request.number > number);
const shown = async ({ url }: Daemon) => (await getJson<Throttled>(`${url}/api/v1/state`)).tracker_throttles;

it('shows a quota pause, asks for nothing more and lets running work go on', async () => {
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  await site.configure({ agent: { command: 'sleep 600' } });
  const daemon = await site.start();
  await until('the agent', async () => (await daemon.running('PROJ-1'))?.phase === 'streaming_turn');
  const rule = throttle('GET /search/jql', LONG_S, 'jira-quota-tenant-based');
  await until('the 429', () => rule.hits() === 1);
  const [seen] = await until('the throttle', async () => {
    const list = await shown(daemon);
    return list.length > 0 && list;
  });
  expect(seen).toMatchObject({ scope: 'all', reason: 'jira-quota-tenant-based' });
  expect(Date.parse(seen?.until ?? '') - (refused()?.atMs ?? 0)).toBeGreaterThanOrEqual(LONG_S * 1000);
  expect(await daemon.metric('sortie_tracker_throttled_seconds')).toBeGreaterThan(0);
  await daemon.ticks(3);
  expect(after(refused()?.number)).toEqual([]);
  expect((await daemon.state()).counts.running).toBe(1);
  expect(daemon.says('jira asks for fewer requests')).toBe(1);
});

it('keeps a quota pause to its end, and goes on then', async () => {
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  await site.configure({ agent: { command: 'sleep 600' } });
  const daemon = await site.start();
  await until('the agent', async () => (await daemon.running('PROJ-1'))?.phase === 'streaming_turn');
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  const rule = throttle('GET /search/jql', 1, 'jira-quota-tenant-based');
  await until('the 429', () => rule.hits() === 1);
  await until('the second run', async () => (await daemon.running('PROJ-2')) !== undefined);
  const [next] = after(refused()?.number);
  expect((next?.atMs ?? 0) - (refused()?.atMs ?? 0)).toBeGreaterThanOrEqual(1000);
  expect(await shown(daemon)).toEqual([]);
  expect(await daemon.metric('sortie_tracker_throttled_seconds')).toBe(0);
  expect((await daemon.state()).running.map(({ issue_identifier }) => issue_identifier)).toContain('PROJ-1');
  expect(daemon.says('jira asks for fewer requests')).toBe(1);
});

it('holds back only the endpoint of a burst limit', async () => {
  addIssues(site.jira.state, 'PROJ', 3, () => ({ status: 'Selected for Development' }));
  await site.configure({});
  const rule = throttle('POST /issue/{issueIdOrKey}/transitions', LONG_S, 'jira-burst-based');
  const daemon = await site.start();
  await until('the 429', () => rule.hits() === 1);
  const [seen] = await until('the throttle', async () => {
    const list = await shown(daemon);
    return list.length > 0 && list;
  });
  expect(seen?.scope).toContain('transitions');
  await daemon.ticks(2);
  const between = after(refused()?.number);
  expect(between.some(({ endpoint }) => endpoint === 'GET /search/jql')).toBe(true);
  // What the other issues had under way when the 429 came may still arrive, once each; nothing is sent after it.
  const held = between.filter(({ endpoint }) => endpoint === 'POST /issue/{issueIdOrKey}/transitions');
  const paths = [refused(), ...held].map((request) => request?.path);
  expect(new Set(paths).size).toBe(paths.length);
});

it('sends what a burst limit held back when its time has come', async () => {
  addIssues(site.jira.state, 'PROJ', 3, () => ({ status: 'Selected for Development' }));
  await site.configure({});
  throttle('POST /issue/{issueIdOrKey}/transitions', 1, 'jira-burst-based');
  await site.start();
  await until('the handoffs', () => [1, 2, 3].every((n) => site.status(`PROJ-${n}`) === 'In Review'));
  const { number = 0, path, atMs = 0 } = refused() ?? {};
  const again = after(number).find((request) => request.path === path && request.method === 'POST');
  expect((again?.atMs ?? 0) - atMs).toBeGreaterThanOrEqual(1000);
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
    80_000,
  );
  expect(new Set((await daemon.runs()).map(({ status }) => status))).toEqual(new Set(['succeeded']));
}, 180_000);

const LAG_MS = 1500;

it('does not dispatch twice while the search index still shows the old status', async () => {
  addIssues(site.jira.state, 'PROJ', 3, () => ({ status: 'Selected for Development' }));
  site.jira.settings.indexLagMs = LAG_MS;
  const log = site.folder.file('log.txt');
  await site.configure({ agent: { command: `echo $SORTIE_ISSUE_IDENTIFIER >> ${log}` } });
  const daemon = await site.start();
  await until('the handoffs', () => [1, 2, 3].every((n) => site.status(`PROJ-${n}`) === 'In Review'));
  site.jira.forgetRequests();
  // The lag is over when search no longer finds them.
  await until('the index', () =>
    site.requestsTo('GET /search/jql').some(({ atMs }) => atMs > firstSeen() + LAG_MS),
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
