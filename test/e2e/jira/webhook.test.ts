// POST /hooks/jira: off without its secret; proven by the signature alone; it wakes a tick and is never believed.

import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addIssue } from '../../loopback-jira/index.ts';
import type { Daemon } from '../daemon.ts';
import { until } from '../program.ts';
import { makeSite, type Site } from './site.ts';

const SECRET = 'hook-secret-9b1c0d2e3f4a5b6c';

let site: Site;
let daemon: Daemon;

/** No tick comes by itself after the first. */
async function start(jira: object, command = 'true'): Promise<void> {
  site = await makeSite();
  await site.configure({ jira, polling: { interval_ms: 3_600_000 }, agent: { command } });
  daemon = await site.start([], { HOOK_SECRET: SECRET });
  await until(
    'the first tick',
    async () => (await daemon.metric('sortie_poll_cycles_total{result="success"}')) > 0,
  );
}

let delivery = 0;
const signed = (body: string, secret = SECRET): Record<string, string> => ({
  'content-type': 'application/json',
  'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  'x-atlassian-webhook-identifier': `delivery-${++delivery}`,
});
const notice = (key: string, id = '10001'): string =>
  JSON.stringify({ webhookEvent: 'jira:issue_updated', timestamp: 1, issue: { id, key } });

async function post(body: string, headers: Record<string, string>, path = '/hooks/jira') {
  const response = await fetch(`${daemon.url}${path}`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}
const ticks = () => daemon.metric('sortie_poll_cycles_total{result="success"}');

describe('with its secret', () => {
  beforeAll(() => start({ webhook_secret: '$HOOK_SECRET' }));
  afterAll(() => site.close());

  it('wakes a tick, once for each delivery, without bearer or Origin', async () => {
    const { id, key } = addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
    const body = notice(key, id);
    const headers = { ...signed(body), origin: 'https://elsewhere.example' };
    expect(await post(body, headers)).toEqual({ status: 202, text: '{"result":"accepted"}' });
    await until('the handoff', () => site.status(key) === 'In Review');

    const before = await ticks();
    expect((await post(body, headers)).text).toBe('{"result":"duplicate"}');
    await new Promise((wake) => setTimeout(wake, 300));
    expect(await ticks()).toBe(before);
  });

  it('never believes what a notification says', async () => {
    const before = await ticks();
    const { id, key } = addIssue(site.jira.state, 'PROJ', { status: 'Backlog' });
    const fields = { status: { name: 'Selected for Development' } };
    const body = JSON.stringify({ issue: { id, key, fields } });
    expect((await post(body, signed(body))).status).toBe(202);
    await until('a tick', async () => (await ticks()) > before);
    expect(await daemon.runs(key)).toEqual([]);
    expect((await daemon.state()).counts.running).toBe(0);
  });

  describe('with a signature that proves nothing', () => {
    let before = 0;
    beforeAll(async () => {
      before = await ticks();
    });

    it.each<[string, (body: string) => Record<string, string>]>([
      ['without a signature', () => ({ 'content-type': 'application/json' })],
      ['signed with another secret', (body) => signed(body, 'another')],
      ['with a signature of other bytes', (body) => signed(`${body} `)],
      [
        'with a signature that is none',
        () => ({ 'x-hub-signature': 'sha256=zz', 'content-type': 'application/json' }),
      ],
      [
        'signed as SHA-1',
        (body) => ({
          'x-hub-signature': `sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}`,
          'content-type': 'application/json',
        }),
      ],
    ])('refuses a delivery %s', async (_what, headersFor) => {
      const body = notice('PROJ-1');
      const answer = await post(body, headersFor(body));
      expect(answer.status).toBe(403);
      expect((JSON.parse(answer.text) as { error: { code: string } }).error.code).toBe('webhook_refused');
      expect(answer.text).not.toContain(SECRET);
    });

    it('wakes nobody for what it refuses', async () => {
      await new Promise((wake) => setTimeout(wake, 300));
      expect(await ticks()).toBe(before);
    });
  });

  it('refuses more than 2 MiB, and a signed body that is no notification', async () => {
    const huge = JSON.stringify({ pad: 'x'.repeat(3 * 1024 * 1024) });
    expect((await post(huge, signed(huge))).status).toBe(413);
    expect((await post('not json', signed('not json'))).status).toBe(403);
    expect((await post('{}', signed('{}'), '/hooks/github')).status).toBe(404);
    const { key } = addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
    const body = notice(key);
    expect((await post(body, signed(body))).status).toBe(202);
  });
});

it('stops a running agent soon after a person closed its issue', async ({ onTestFinished }) => {
  await start({ webhook_secret: SECRET }, 'sleep 600');
  onTestFinished(() => site.close());
  const { id, key } = addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  await daemon.refresh();
  await until('the agent', async () => (await daemon.running(key))?.phase === 'streaming_turn');
  site.jira.people.move(key, 'Done');
  const body = notice(key, id);
  await post(body, signed(body));
  await until('the agent to be stopped', async () => (await daemon.state()).counts.running === 0);
});

it('is not there without the secret', async ({ onTestFinished }) => {
  await start({});
  onTestFinished(() => site.close());
  const body = notice('PROJ-1');
  expect((await post(body, signed(body))).status).toBe(404);
  expect((await post(body, signed(body, ''))).status).toBe(404);
});
