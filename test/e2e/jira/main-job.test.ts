// The main job on Jira: an issue is moved to in progress, worked on and handed off, and a person's word in Jira
// ends what runs.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addBlocker, addIssue, addProject } from '../../loopback-jira/index.ts';
import { processesIn, until } from '../program.ts';
import { makeSite, type Site } from './site.ts';

let site: Site;
beforeEach(async () => {
  site = await makeSite();
});
afterEach(() => site.close());

it('moves an issue to in progress, works on it, and hands it off', async () => {
  const { state } = site.jira;
  const blocker = addIssue(state, 'PROJ', { status: 'Backlog' });
  const blocked = addIssue(state, 'PROJ', { status: 'Selected for Development' });
  addBlocker(state, blocker, blocked);
  addIssue(state, 'PROJ', { status: 'Selected for Development', summary: 'Voucher is lost' });
  const seen = site.folder.file('seen.txt');
  await site.configure(
    {
      agent: { command: `cat > ${seen}; echo '{"event":"token_usage","input_tokens":7,"output_tokens":3}'` },
    },
    '{{ issue.identifier }} {{ issue.title }} is {{ issue.state }}',
  );
  const daemon = await site.start();

  await until('the handoff', () => site.status('PROJ-3') === 'In Review');
  const [run] = await until('the run in the history', async () => {
    const runs = await daemon.runs('PROJ-3');
    return runs.length > 0 ? runs : null;
  });
  await daemon.ticks(3);

  expect(run?.status).toBe('succeeded');
  expect(await daemon.runs()).toHaveLength(1);
  expect(site.status('PROJ-2')).toBe('Selected for Development');
  expect(await readFile(seen, 'utf8')).toContain('PROJ-3 Voucher is lost is In Progress');
  const moves = site.requestsTo('POST /issue/{issueIdOrKey}/transitions');
  expect(moves.map(({ status }) => status)).toEqual([204, 204]);
  expect(await daemon.metric('sortie_dispatch_transitions_total{result="success"}')).toBe(1);
  expect(await daemon.metric('sortie_handoff_transitions_total{result="success"}')).toBe(1);
});

it('stops the agent and removes the workspace when a person closes the issue', async () => {
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  await site.configure({ agent: { command: 'setsid sleep 600 & sleep 600' } });
  const daemon = await site.start();
  const workspace = site.folder.file('workspaces/PROJ-1');
  await until('the agent', async () => (await daemon.running('PROJ-1'))?.phase === 'streaming_turn');
  await until('its processes', () => processesIn(site.folder.path).length >= 2);
  expect(existsSync(workspace)).toBe(true);

  site.jira.people.move('PROJ-1', 'Done');
  await until('the agent to be stopped', () => processesIn(site.folder.path).length === 0);
  await until('the workspace to be removed', () => !existsSync(workspace));

  expect((await daemon.runs('PROJ-1'))[0]?.status).toBe('cancelled');
  expect(site.status('PROJ-1')).toBe('Done');
});

it('stops the agent and keeps the workspace when a person takes the issue out of work', async () => {
  addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development' });
  await site.configure({ agent: { command: 'sleep 600' } });
  const daemon = await site.start();
  await until('the agent', async () => (await daemon.running('PROJ-1'))?.phase === 'streaming_turn');
  site.jira.people.move('PROJ-1', 'Backlog');
  await until('the agent to be stopped', async () => (await daemon.state()).counts.running === 0);
  await daemon.ticks(2);
  expect(existsSync(site.folder.file('workspaces/PROJ-1'))).toBe(true);
  expect(site.status('PROJ-1')).toBe('Backlog');
});

it('goes on with a running issue that a person moves to another project, by its id', async () => {
  addProject(site.jira.state, 'ELSE');
  addIssue(site.jira.state, 'PROJ', { status: 'In Progress' });
  await site.configure({ agent: { command: 'sleep 600' } });
  const daemon = await site.start();
  await until('the agent', async () => (await daemon.running('PROJ-1'))?.phase === 'streaming_turn');
  site.jira.people.relocate('PROJ-1', 'ELSE');
  await daemon.ticks(3);
  expect((await daemon.state()).counts.running).toBe(1);
  site.jira.people.move('ELSE-1', 'Done');
  await until('the agent to be stopped', async () => (await daemon.state()).counts.running === 0);
});
