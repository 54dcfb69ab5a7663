// What a tick asks of a Jira with 10,000 active issues and ten slots, counted where the requests arrive.

import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addIssues, basicSite } from '../../loopback-jira/index.ts';
import type { Daemon } from '../daemon.ts';
import { until } from '../program.ts';
import { makeSite, type Site } from './site.ts';

const SLOTS = 10;
const priorities = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const dispatched = {
  'GET /issue/{issueIdOrKey}': SLOTS,
  'GET /issue/{issueIdOrKey}/comment': SLOTS,
};

let site: Site;
let daemon: Daemon;
beforeEach(async () => {
  const state = basicSite();
  addIssues(state, 'PROJ', 10_000, (index) => ({
    status: index % 2 === 0 ? 'Selected for Development' : 'In Progress',
    priority: priorities[index % 5] ?? 'Medium',
    createdMs: Date.UTC(2026, 0, 1) + ((index * 7_919) % 10_000) * 60_000,
  }));
  site = await makeSite({ state, settings: { checkAnswers: false } });
  await site.configure(
    {
      tracker: { in_progress_state: undefined },
      // Each tick is asked for.
      polling: { interval_ms: 3_600_000 },
      agent: {
        command: `cat > ${site.folder.file('seen')}-$SORTIE_ISSUE_IDENTIFIER; exec sleep 600`,
        max_concurrent_agents: SLOTS,
      },
    },
    '{{ issue.title }}|{% for comment in issue.comments %}{{ comment.body }}{% endfor %}|',
  );
});
afterEach(() => site.close());

const counted = (): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { endpoint, path } of site.jira.requests)
    counts[endpoint ?? path] = (counts[endpoint ?? path] ?? 0) + 1;
  return counts;
};
const working = async (): Promise<number> =>
  (await daemon.state()).running.filter(({ phase }) => phase === 'streaming_turn').length;
const full = () => until('ten agents', async () => (await working()) === SLOTS);

/** As the daemon should dispatch them. */
const inOrder = () =>
  [...site.jira.state.issues.values()].sort(
    (a, b) => Number(a.priorityId) - Number(b.priorityId) || a.createdMs - b.createdMs,
  );

/** Everything that one tick asks, and what it begins, which is over when `then` is. */
async function tick(then: () => Promise<unknown> = () => Promise.resolve()): Promise<Record<string, number>> {
  site.jira.forgetRequests();
  const before = await daemon.metric('sortie_poll_cycles_total{result="success"}');
  await daemon.refresh();
  await until(
    'the tick',
    async () => (await daemon.metric('sortie_poll_cycles_total{result="success"}')) === before + 1,
  );
  await then();
  return counted();
}

it(
  'is one request with all slots taken, and one page of candidates where ten are filled',
  { timeout: 120_000 },
  async () => {
    daemon = await site.start();
    await full();
    // The first tick of a daemon also asks who it is.
    expect(counted()).toEqual({ 'GET /myself': 1, 'GET /search/jql': 1, ...dispatched });
    const head = site.requestsTo('GET /search/jql')[0];
    expect(head?.query['maxResults']).toEqual(['50']);

    for (let round = 0; round < 3; round += 1) expect(await tick()).toEqual({ 'GET /search/jql': 1 });

    for (const { issue_identifier } of (await daemon.state()).running)
      site.jira.people.move(issue_identifier, 'Done');
    expect((await tick())['GET /search/jql']).toBe(1);
    await until('the end of them', async () => (await daemon.state()).counts.running === 0);
    const filling = await tick(full);
    expect(filling).toEqual({ 'GET /search/jql': 1, ...dispatched });

    const [first, second] = (await daemon.state()).running;
    for (const running of [first, second]) site.jira.people.move(running?.issue_identifier ?? '', 'Done');
    await tick();
    await until('the end of two', async () => (await daemon.state()).counts.running === SLOTS - 2);
    const topping = await tick(full);
    // The states of the eight that run, and the head of the queue.
    expect(topping).toEqual({
      'GET /search/jql': 2,
      'GET /issue/{issueIdOrKey}': 2,
      'GET /issue/{issueIdOrKey}/comment': 2,
    });
    // And nothing comes afterwards.
    expect(await tick()).toEqual({ 'GET /search/jql': 1 });
  },
);

it('renders the prompt from what the check by id has read', async () => {
  const [head] = inOrder();
  let changed = false;
  site.jira.hooks.applied = ({ endpoint }) => {
    if (endpoint !== 'GET /search/jql' || changed) return;
    changed = true;
    site.jira.people.edit(head?.id ?? '', { summary: 'New words' });
    site.jira.people.comment(head?.id ?? '', 'Mind the gap');
  };
  daemon = await site.start();
  await full();
  expect(changed).toBe(true);
  const seen = `${site.folder.file('seen')}-${head?.key}`;
  const prompt = await until('the whole prompt', async () => {
    const text = await readFile(seen, 'utf8').catch(() => '');
    return text.split('|').length > 2 && text;
  });
  expect(prompt).toContain('New words|Mind the gap|');
});

it('reads on past issues that may not run, page by page, and no further than it must', async () => {
  // The first 120 in order wait for a label.
  const order = inOrder();
  for (const { id } of order.slice(120, 140)) site.jira.people.label(id, 'agent');
  await site.configure({
    tracker: { in_progress_state: undefined, required_labels: ['agent'] },
    polling: { interval_ms: 3_600_000 },
    agent: { command: 'exec sleep 600', max_concurrent_agents: SLOTS },
  });
  daemon = await site.start();
  await full();
  expect(counted()).toEqual({ 'GET /myself': 1, 'GET /search/jql': 3, ...dispatched });
  expect((await daemon.state()).running.map(({ issue_identifier }) => issue_identifier).sort()).toEqual(
    order
      .slice(120, 130)
      .map(({ key }) => key)
      .sort(),
  );
});
