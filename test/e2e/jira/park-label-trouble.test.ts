// Parks in Jira while Jira fails: the label and the reason come when it is well again, and are no person's change.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { addIssue } from '../../loopback-jira/index.ts';
import { until } from '../program.ts';
import { makeSite, textOf, type Site } from './site.ts';

const LABEL = 'sortie-parked';

let site: Site;
beforeEach(async () => {
  site = await makeSite();
  addIssue(site.jira.state, 'PROJ', { status: 'In Progress' });
  await site.configure({
    tracker: { park_label: LABEL, comments: { style: 'living' } },
    agent: { command: 'echo blocked > .sortie/status' },
  });
});
afterEach(() => site.close());

it('throttled: both writes wait for their time', async () => {
  site.jira.faults.once('PUT /issue/{issueIdOrKey}', {
    kind: 'status',
    status: 429,
    headers: { 'Retry-After': '1', 'RateLimit-Reason': 'jira-per-issue-on-write' },
  });
  const daemon = await site.start();
  await until('the park', () => daemon.parked('PROJ-1'));
  await until('the label', () => site.labels('PROJ-1').includes(LABEL));
  await until('the reason', () => textOf(site.comments('PROJ-1')[0]?.body).includes('blocked'));
  await daemon.ticks(5);
  expect(await daemon.runs()).toHaveLength(1);
});

it('down for a moment: the park holds, and is not taken for ended by a person', async () => {
  const down = site.jira.faults.add({
    endpoint: 'PUT /issue/{issueIdOrKey}',
    requests: [1, 2, 3],
    fault: { kind: 'status', status: 503 },
  });
  const daemon = await site.start();
  await until('the failure', () => down.hits() > 0);
  await daemon.ticks(10);
  expect(await daemon.parked('PROJ-1')).toBeDefined();
  expect(await daemon.runs()).toHaveLength(1);
});
