// kill -9 in the middle, on Jira: the session is resumed, and what was written to Jira is not written again.

import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addIssue } from '../../loopback-jira/index.ts';
import type { Daemon } from '../daemon.ts';
import { processesIn, until } from '../program.ts';
import { makeSite, textOf, type Site } from './site.ts';

let site: Site;
beforeEach(async () => {
  site = await makeSite();
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
});
afterEach(() => site.close());

async function killNine({ program }: Daemon): Promise<void> {
  program.child.kill('SIGKILL');
  await program.exit;
}

const moves = () => site.requestsTo('POST /issue/{issueIdOrKey}/transitions');

it('resumes the session, with no second transition and one living comment', async () => {
  const log = site.folder.file('log.txt');
  const go = site.folder.file('go');
  await site.configure({
    tracker: { comments: { on_dispatch: true, on_completion: true, style: 'living' } },
    agent: {
      command: `echo "$SORTIE_ATTEMPT $SORTIE_SESSION_ID" >> ${log}; while [ ! -e ${go} ]; do sleep 0.1; done`,
    },
  });
  const first = await site.start();
  await until('the agent', () => processesIn(site.folder.path).length > 0);
  await until(
    'the agent to have begun',
    async () => (await readFile(log, 'utf8').catch(() => '')).length > 0,
  );
  expect(moves()).toHaveLength(1);
  expect(site.comments('PROJ-1')).toHaveLength(1);
  await killNine(first);

  const second = await site.start();
  await until('the second start', async () => (await readFile(log, 'utf8')).trim().split('\n').length === 2);
  await site.folder.write('go', '');
  await until('the handoff', () => site.status('PROJ-1') === 'In Review');
  await until('the last word', () => textOf(site.comments('PROJ-1')[0]?.body).includes('finished'));

  const [[attempt1, session1] = [], [attempt2, session2] = []] = (await readFile(log, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  expect([attempt1, attempt2]).toEqual(['0', '1']);
  expect(session2).toBe(session1);
  expect(moves().map(({ status }) => status)).toEqual([204, 204]);
  expect(site.comments('PROJ-1')).toHaveLength(1);
  expect((await second.runs('PROJ-1')).map(({ status }) => status)).toEqual(['succeeded', 'interrupted']);
});

it('does not move an issue to in progress twice when the daemon dies before the answer', async () => {
  await site.configure({});
  const move = site.jira.holds.hold('applied', 'POST /issue/{issueIdOrKey}/transitions');
  const first = await site.start();
  await move.reached;
  await killNine(first);
  move.release();
  expect(site.status('PROJ-1')).toBe('In Progress');

  await site.start();
  await until('the handoff', () => site.status('PROJ-1') === 'In Review');
  expect(moves()).toHaveLength(2);
});

it('takes a handoff for done that Jira has made and the dead daemon never heard of', async () => {
  await site.configure({ agent: { command: `echo run >> ${site.folder.file('log.txt')}` } });
  const handoff = site.jira.holds.hold('applied', ({ endpoint, number }) => {
    return endpoint === 'POST /issue/{issueIdOrKey}/transitions' && number > 0 && moves().length === 2;
  });
  const first = await site.start();
  await handoff.reached;
  expect(site.status('PROJ-1')).toBe('In Review');
  await killNine(first);
  handoff.release();

  const second = await site.start();
  await until('nothing left', async () => {
    const { counts } = await second.state();
    return counts.running + counts.retrying + counts.parked === 0;
  });
  await second.ticks(3);
  expect(moves()).toHaveLength(2);
  expect(await readFile(site.folder.file('log.txt'), 'utf8')).toBe('run\n');
  expect(site.status('PROJ-1')).toBe('In Review');
});

it('does the handoff that failed before the death, without an agent', async () => {
  const log = site.folder.file('log.txt');
  await site.configure({ agent: { command: `echo run >> ${log}` } });
  const trouble = site.jira.faults.add({
    endpoint: 'POST /issue/{issueIdOrKey}/transitions',
    matches: () => moves().length > 1,
    fault: { kind: 'status', status: 503 },
  });
  const first = await site.start();
  await until('a failed handoff', () => trouble.hits() > 0);
  await killNine(first);
  trouble.remove();

  const second = await site.start();
  await until('the handoff', () => site.status('PROJ-1') === 'In Review');
  await second.ticks(3);
  expect(await readFile(log, 'utf8')).toBe('run\n');
});
