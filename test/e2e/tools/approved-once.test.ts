// An approved creation of four of twelve tickets, whatever happens to the daemon or to Jira between the proposal and the
// last answer: each of the four exists exactly once.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addIssue, startLoopbackJira } from '../../loopback-jira/index.ts';
import type { Daemon } from '../daemon.ts';
import { getJson, until } from '../program.ts';
import { applied, approval, askForTwelve, decide, tickets, ticketsUpTo, waiting } from './decisions.ts';
import { makeDesk, type Desk } from './desk.ts';

const CREATE = 'POST /issue';
const FOUR = {
  status: 'approved',
  modifiedDetails: { issueCount: 4, priority: 'Medium' },
  decisionNote: 'Four will do.',
};

async function openDesk(): Promise<Desk> {
  const desk = await makeDesk({ tools: { default: 'approve', approval: { wait_ms: 50 } } });
  desk.addIssues(1);
  return desk;
}

async function killNine({ program }: Daemon): Promise<void> {
  program.child.kill('SIGKILL');
  await program.exit;
}

/** @returns its id. */
async function propose(desk: Desk): Promise<string> {
  const agent = await desk.agent('PROJ-1');
  return (await askForTwelve(agent)).data.approval_id as string;
}

/** The first write that is open has failed once, with these words. */
function tried({ url }: Daemon, words: RegExp): Promise<true> {
  return until('a try', async () => {
    const { writes } = await getJson<{ writes: { detail: string }[] }>(`${url}/api/v1/outbox`);
    return words.test(writes[0]?.detail ?? '');
  });
}

/** A write that is not there is looked for during a minute: the other tests go on meanwhile. */
describe.concurrent('while it is looked for', () => {
  it.sequential(
    'although the daemon is killed between decision and write',
    async ({ onTestFinished }) => {
      const desk = await openDesk();
      onTestFinished(() => desk.close());
      const first = await desk.start();
      const id = await propose(desk);
      let isDecided = (): void => undefined;
      const decided = new Promise<void>((resolve) => (isDecided = resolve));
      const reached = new Promise<void>((resolve) => {
        desk.jira.hooks.arriving = async ({ method, url }) => {
          if (method !== 'POST' || !url.endsWith('/issue')) return;
          // It comes when the decision was recorded, which may be before the person is told.
          await decided;
          first.program.child.kill('SIGKILL');
          await first.program.exit;
          resolve();
        };
      });
      expect(await decide(first, id, FOUR)).toMatchObject({ status: 200 });
      isDecided();
      await reached;
      desk.jira.hooks.arriving = undefined;

      const second = await desk.start();
      expect(await decide(second, id, { status: 'rejected' })).toMatchObject({ status: 409 });
      expect(await applied(second, id, 120_000)).toMatchObject({ result: { status: 'done' } });
      expect(tickets(desk).toSorted()).toEqual(ticketsUpTo(4, 'Medium'));
    },
    130_000,
  );
});

describe.concurrent('one after another', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  it.sequential('although the daemon is killed between proposal and decision', async () => {
    const first = await desk.start();
    const id = await propose(desk);
    await killNine(first);
    const second = await desk.start();
    expect(await waiting(second)).toMatchObject({ id, details: { issueCount: 12 } });
    await decide(second, id, FOUR);
    expect(await applied(second, id)).toMatchObject({ decided_by: 'operator', result: { status: 'done' } });
    expect(tickets(desk)).toEqual(ticketsUpTo(4, 'Medium'));
  });

  it.sequential('although the daemon is killed before it hears of the second one', async () => {
    const first = await desk.start();
    const id = await propose(desk);
    const second = desk.jira.holds.hold(
      'applied',
      ({ endpoint }) => endpoint === CREATE && tickets(desk).length === 2,
    );
    await decide(first, id, FOUR);
    await second.reached;
    await killNine(first);
    second.release();
    expect(tickets(desk)).toHaveLength(2);

    const next = await desk.start();
    expect(await applied(next, id)).toMatchObject({
      modifiedDetails: { issueCount: 4, priority: 'Medium' },
      result: { status: 'done', issues: desk.made('Night error') },
    });
    expect(tickets(desk).toSorted()).toEqual(ticketsUpTo(4, 'Medium'));
  });

  it.sequential(
    'although Jira takes no connections for a while',
    async () => {
      const daemon = await desk.start();
      const id = await propose(desk);
      const { state, url } = desk.jira;
      await desk.jira.close();
      expect(await decide(daemon, id, FOUR)).toMatchObject({ status: 200, body: { status: 'approved' } });
      await tried(daemon, /ECONNREFUSED/);
      const { stdout } = await desk.run('outbox', '--url', daemon.url);
      expect(stdout).toMatch(/create_issue.*ECONNREFUSED/);
      const again = await startLoopbackJira({ state, port: Number(new URL(url).port) });
      try {
        expect(await applied(daemon, id, 60_000)).toMatchObject({ result: { status: 'done' } });
        expect(tickets(desk)).toEqual(ticketsUpTo(4, 'Medium'));
        expect(again.violations()).toEqual([]);
      } finally {
        await daemon.stop();
        await again.close();
      }
    },
    90_000,
  );

  it.sequential(
    'although Jira answers 503 for a while',
    async () => {
      const daemon = await desk.start();
      const agent = await desk.agent('PROJ-1');
      const asked = await agent.call('atlassian_jira_manage_issue', {
        issueKey: 'PROJ-1',
        action: 'add_labels',
        labels: ['approved'],
      });
      const id = asked.data.approval_id as string;
      const down = desk.jira.faults.add({ fault: { kind: 'status', status: 503 } });
      await decide(daemon, id, { status: 'approved' });
      await tried(daemon, /503/);
      const { stdout } = await desk.run('outbox', '--url', daemon.url);
      expect(stdout).toMatch(/add_labels.*503/);
      down.remove();
      expect(await applied(daemon, id, 60_000)).toMatchObject({ result: { status: 'done' } });
      expect(desk.labels('PROJ-1')).toEqual(['approved']);
    },
    90_000,
  );

  it.sequential('although the answer to each of them is lost', async () => {
    const daemon = await desk.start();
    const id = await propose(desk);
    desk.jira.faults.add({ endpoint: CREATE, fault: { kind: 'reset', at: 'after-applied' } });
    await decide(daemon, id, FOUR);
    expect(await applied(daemon, id)).toMatchObject({ result: { status: 'done' } });
    expect(tickets(desk)).toEqual(ticketsUpTo(4, 'Medium'));
    expect(desk.requestsTo(CREATE)).toHaveLength(4);
  });

  it.sequential('or not at all when a person has changed the same meanwhile', async () => {
    addIssue(desk.jira.state, 'PROJ', { priority: 'Low' });
    const daemon = await desk.start();
    const agent = await desk.agent('PROJ-1');
    const asked = await agent.call('atlassian_jira_update_issue', {
      issueKey: 'PROJ-2',
      action: 'update_fields',
      fields: { priority: 'Highest' },
    });
    expect(asked.data.status).toBe('pending');
    const before = await approval(daemon, asked.data.approval_id as string);
    expect(before).toMatchObject({ target_identifier: 'PROJ-2', before: { fields: { priority: 'Low' } } });
    desk.jira.people.edit('PROJ-2', { priorityId: '3' });
    await decide(daemon, before.id, { status: 'approved' });
    expect(await applied(daemon, before.id)).toMatchObject({
      status: 'approved',
      result: { status: 'refused' },
    });
    expect(await agent.call('request_status', { id: before.id })).toMatchObject({
      success: false,
      error: { kind: 'changed_meanwhile', approval: { status: 'approved' } },
    });
    expect(desk.jira.state.findByKey('PROJ-2')?.priorityId).toBe('3');
  });
});
