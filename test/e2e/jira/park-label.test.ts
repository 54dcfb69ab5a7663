// Parks that people can see in Jira: a label, and the reason on the living comment. A person who takes the label off
// lets the issue run again; a write of our own never does.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { addIssue } from '../../loopback-jira/index.ts';
import type { Daemon } from '../daemon.ts';
import { until } from '../program.ts';
import { makeSite, textOf, type Site } from './site.ts';

const LABEL = 'sortie-parked';

let site: Site;
let daemon: Daemon;
beforeEach(async () => {
  site = await makeSite();
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development', labels: ['Keep-Me'] });
  await site.configure({
    tracker: {
      park_label: LABEL,
      handoff_state: 'In Review',
      comments: { on_dispatch: true, on_failure: true, style: 'living' },
    },
    polling: { interval_ms: 60 },
    agent: { command: `[ -e ${site.folder.file('go')} ] || echo blocked > .sortie/status` },
  });
  daemon = await site.start();
  await until('the park', () => daemon.parked('PROJ-1'));
  await until('the label', () => site.labels('PROJ-1').includes(LABEL));
});
afterEach(() => site.close());

/** After our own writes the issue is read once more: what a person changes from then on is seen as theirs. */
async function settled(): Promise<void> {
  await until('the look after our last write', () => {
    const writes = site.jira.requests.filter(({ method }) => method !== 'GET');
    const last = writes.at(-1)?.number ?? 0;
    const looks = site.requestsTo('GET /issue/{issueIdOrKey}/comment');
    return looks.some(({ number, status }) => number > last && status === 200);
  });
  await daemon.ticks(2);
}

const runs = async (): Promise<number> => (await daemon.runs('PROJ-1')).length;

it('carries the label and says why, and our own writes never end the park', async () => {
  const body = await until('the reason', () => {
    const text = textOf(site.comments('PROJ-1')[0]?.body);
    return text.includes('parked') && text;
  });
  expect(body).toMatch(/blocked/);
  expect(site.comments('PROJ-1')).toHaveLength(1);
  expect(site.labels('PROJ-1')).toEqual(['Keep-Me', LABEL]);
  // More than the 60 ticks after which every park is compared with the site.
  await daemon.ticks(70);
  expect(await runs()).toBe(1);
  expect(await daemon.parked('PROJ-1')).toBeDefined();
});

it('runs again when a person takes the label off', async () => {
  await site.folder.write('go', '');
  await settled();
  expect(await runs()).toBe(1);
  site.jira.people.unlabel('PROJ-1', LABEL);
  await until('the handoff', () => site.status('PROJ-1') === 'In Review');
  expect(site.labels('PROJ-1')).toEqual(['Keep-Me']);
});

it('parks and labels again when nothing has changed for the agent, as often as a person asks', async () => {
  await settled();
  for (const count of [2, 3]) {
    site.jira.people.unlabel('PROJ-1', LABEL);
    await until(
      `park number ${count}`,
      async () => (await runs()) === count && (await daemon.parked('PROJ-1')),
    );
    await until('the label again', () => site.labels('PROJ-1').includes(LABEL));
    await settled();
    expect(await runs()).toBe(count);
  }
  expect(site.comments('PROJ-1')).toHaveLength(1);
});

it('holds over a restart, with the label still on', async () => {
  await settled();
  daemon.program.child.kill('SIGKILL');
  await daemon.program.exit;
  daemon = await site.start();
  await daemon.ticks(10);
  expect(await runs()).toBe(1);
  expect(site.labels('PROJ-1')).toContain(LABEL);
  await site.folder.write('go', '');
  site.jira.people.unlabel('PROJ-1', LABEL);
  await until('the handoff', () => site.status('PROJ-1') === 'In Review');
});

it('holds when the daemon dies between the label and its answer, until a person takes it off', async () => {
  await settled();
  const hold = site.jira.holds.hold('applied', 'PUT /issue/{issueIdOrKey}');
  site.jira.people.unlabel('PROJ-1', LABEL);
  await hold.reached;
  daemon.program.child.kill('SIGKILL');
  await daemon.program.exit;
  hold.release();
  expect(site.labels('PROJ-1')).toContain(LABEL);

  daemon = await site.start();
  await settled();
  await daemon.ticks(10);
  expect(await runs()).toBe(2);
  expect(await daemon.parked('PROJ-1')).toBeDefined();
  await site.folder.write('go', '');
  site.jira.people.unlabel('PROJ-1', LABEL);
  await until('the handoff', () => site.status('PROJ-1') === 'In Review');
});

it('takes the label off when a person moves the issue out of work', async () => {
  site.jira.people.move('PROJ-1', 'Backlog');
  await until('the park to go', async () => (await daemon.state()).counts.parked === 0);
  await until('the label to go', () => !site.labels('PROJ-1').includes(LABEL));
  await daemon.ticks(3);
  expect(site.labels('PROJ-1')).toEqual(['Keep-Me']);
});
