// The main job on Jira: an issue is moved to in progress, worked on and handed off, and a person's word in Jira
// ends what runs.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addBlocker, addIssue, addProject } from '../../loopback-jira/index.ts';
import type { Daemon } from '../daemon.ts';
import { processesIn, until } from '../program.ts';
import { makeSite, type Site } from './site.ts';

let site: Site;

it('moves an issue to in progress, works on it, and hands it off', async ({ onTestFinished }) => {
  site = await makeSite();
  onTestFinished(() => site.close());
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

describe('a person', () => {
  let daemon: Daemon;
  beforeAll(async () => {
    site = await makeSite();
    addProject(site.jira.state, 'ELSE');
    await site.configure({ agent: { command: 'setsid sleep 600 & sleep 600' } });
    daemon = await site.start();
  });
  afterAll(() => site.close());
  afterEach(async () => {
    await until('nothing to run', async () => (await daemon.state()).counts.running === 0);
  });

  /** Its key, as soon as an agent works on it. */
  async function worked(status: string): Promise<string> {
    const { key } = addIssue(site.jira.state, 'PROJ', { status });
    await until('the agent', async () => (await daemon.running(key))?.phase === 'streaming_turn');
    await until('its processes', () => processesIn(site.folder.path).length >= 2);
    return key;
  }

  it('who closes the issue stops the agent, and the workspace is removed', async () => {
    const key = await worked('Selected for Development');
    const workspace = site.folder.file(`workspaces/${key}`);
    expect(existsSync(workspace)).toBe(true);
    site.jira.people.move(key, 'Done');
    await until('the agent to be stopped', () => processesIn(site.folder.path).length === 0);
    await until('the workspace to be removed', () => !existsSync(workspace));
    expect((await daemon.runs(key))[0]?.status).toBe('cancelled');
    expect(site.status(key)).toBe('Done');
  });

  it('who takes the issue out of work stops the agent, and the workspace is kept', async () => {
    const key = await worked('Selected for Development');
    site.jira.people.move(key, 'Backlog');
    await until('the agent to be stopped', async () => (await daemon.state()).counts.running === 0);
    await daemon.ticks(2);
    expect(existsSync(site.folder.file(`workspaces/${key}`))).toBe(true);
    expect(site.status(key)).toBe('Backlog');
  });

  it('who moves a running issue to another project does not lose it: it is known by its id', async () => {
    const key = await worked('In Progress');
    site.jira.people.relocate(key, 'ELSE');
    await daemon.ticks(3);
    expect((await daemon.state()).counts.running).toBe(1);
    site.jira.people.move('ELSE-1', 'Done');
    await until('the agent to be stopped', async () => (await daemon.state()).counts.running === 0);
  });
});
