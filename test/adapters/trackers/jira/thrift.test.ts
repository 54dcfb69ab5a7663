// What a tick costs, in requests, on a site with many issues.
import { expect, it } from 'vitest';
import { addIssues, basicSite } from '../../../loopback-jira/index.ts';
import { attach, loopback } from './loopback.ts';
import { never } from './jira-context.ts';

const priorities = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];

async function busySite(count: number) {
  const state = basicSite();
  addIssues(state, 'PROJ', count, (index) => ({
    status: 'Selected for Development',
    priority: priorities[index % 5] ?? 'Medium',
    createdMs: Date.UTC(2026, 0, 1) + ((index * 7_919) % count) * 60_000,
  }));
  const jira = await loopback({ state, settings: { checkAnswers: false } });
  const { tracker } = attach(jira);
  const cost = async (job: () => Promise<unknown>): Promise<string[]> => {
    jira.forgetRequests();
    await job();
    return jira.requests.map(({ endpoint }) => endpoint ?? '');
  };
  return { jira, tracker, cost };
}

it('refreshes the states of 40 running issues in one request', async () => {
  const { jira, tracker, cost } = await busySite(1_000);
  const ids = [...jira.state.issues.keys()].slice(100, 140);
  expect(await cost(() => tracker.fetchIssueStatesByIds(ids, never))).toEqual(['GET /search/jql']);
});

it('fills ten slots from the head of a queue of 10,000 in one page, after one look at who we are', async () => {
  const { tracker, cost } = await busySite(10_000);
  const fill = async (): Promise<void> => {
    for await (const page of tracker.streamCandidateIssues(never)) if (page.length >= 10) break;
  };
  expect(await cost(fill)).toEqual(['GET /myself', 'GET /search/jql']);
  expect(await cost(fill)).toEqual(['GET /search/jql']);
});

it('checks one issue before its dispatch in two requests', async () => {
  const { jira, tracker, cost } = await busySite(10);
  const [id = ''] = jira.state.issues.keys();
  expect(await cost(() => tracker.fetchIssueById(id, never))).toEqual([
    'GET /issue/{issueIdOrKey}',
    'GET /issue/{issueIdOrKey}/comment',
  ]);
});

it('streams in the order in which a daemon dispatches', async () => {
  const { tracker } = await busySite(230);
  const streamed: (readonly [number, string])[] = [];
  for await (const page of tracker.streamCandidateIssues(never)) {
    streamed.push(...page.map(({ priority, createdAt }) => [priority ?? 99, createdAt] as const));
  }
  const inOrder = [...streamed].sort(([p1, c1], [p2, c2]) => p1 - p2 || c1.localeCompare(c2));
  expect(streamed.length).toBe(230);
  expect(streamed).toEqual(inOrder);
});
