// Each tool of a run in the hands of the real agents, Claude Code and Codex before all: the built daemon hands them over,
// the agent lists all of them to its model, and what the model calls by the script is asked and written at the loopback
// Jira. Needs `npm run build`.

import { afterEach, describe, expect, it } from 'vitest';
import { TOOL_NAMES } from '../e2e/tools/tool-names.ts';
import { makeSite, textOf, type Site } from '../e2e/jira/site.ts';
import { getJson, until } from '../e2e/program.ts';
import { addIssue, annId, botId } from '../loopback-jira/index.ts';
import { liveAgents } from './live-agent.ts';
import { startModelEndpoint } from './model-endpoint/endpoint.ts';
import { isServed } from './model-endpoint/script.ts';
import type { ScriptedCall } from './model-endpoint/script.ts';
import { findOnPath } from './stage.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const OTHER = 'PROJ-2';
const place = { projectKey: 'PROJ', issueType: 'Task' };

const call = (tool: string, args: ScriptedCall['args'] = {}): ScriptedCall => ({ tool, args });
const jira = (tool: string, args: ScriptedCall['args'] = {}) => call(`atlassian_jira_${tool}`, args);
const manage = (action: string, args: ScriptedCall['args']) =>
  jira('manage_issue', { issueKey: OTHER, action, ...args });

/** Each tool, and each action of those that have several. Without its arguments: one that needs what came before. */
const CALLS: readonly ScriptedCall[] = [
  call('sortie_status'),
  call('workspace_history'),
  call('notify_operator', { message: 'The certificate ends on Friday.' }),
  call('tracker_api', { operation: 'fetch_issue' }),
  call('tracker_api', { operation: 'add_comment', body: 'On my own issue' }),
  call('request_status'),
  call('tracker_api', { operation: 'fetch_comments', issueKey: OTHER }),
  call('tracker_api', { operation: 'search_issues', query: 'summary ~ "card"' }),
  jira('search', { jql: 'summary ~ "card"' }),
  jira('get_issue', { issueKey: OTHER }),
  jira('get_issues_by_project', { projectKey: 'PROJ' }),
  jira('get_issues_by_user', { assigneeEmail: 'ann@example.com' }),
  jira('list_projects'),
  jira('get_user', { accountId: annId }),
  jira('create_issue', { ...place, summary: 'Made alone', priority: 'High' }),
  jira('create_issues', { ...place, issues: [{ summary: 'Made first' }, { summary: 'Made second' }] }),
  jira('update_issue', {
    ...{ issueKey: OTHER, action: 'both', fields: { summary: 'Pay by card or cash' } },
    ...{ transitionName: 'In Review', transitionComment: 'Please look' },
  }),
  manage('add_comment', { body: 'Deployed to **staging**' }),
  manage('add_worklog', { timeSpent: '2h 30m' }),
  manage('link_issues', { targetIssueKey: 'PROJ-1', linkType: 'blocks' }),
  manage('add_labels', { labels: ['new'] }),
  manage('remove_labels', { labels: ['old'] }),
  manage('unassign', {}),
  manage('assign', { accountId: botId }),
  manage('add_watcher', { accountId: annId }),
];

async function aSite(): Promise<Site> {
  const site = await makeSite();
  undo.push(() => site.close());
  const { state } = site.jira;
  for (const [id, user] of state.users) state.users.set(id, { ...user, emailVisible: true });
  addIssue(state, 'PROJ', { status: 'Selected for Development' });
  addIssue(state, 'PROJ', { summary: 'Pay by card', labels: ['old'], assigneeId: annId });
  site.jira.people.comment(OTHER, 'First thing');
  return site;
}

/** What stands in the loopback Jira, in words. */
function standing({ jira: { state }, id, status, labels, comments }: Site) {
  const other = state.issue(id(OTHER));
  return {
    own: comments('PROJ-1').map(({ body }) => textOf(body).trim()),
    other: comments(OTHER).map(({ body }) => textOf(body).trim()),
    facts: [other.summary, status(OTHER), other.assigneeId],
    labels: labels(OTHER),
    worklogs: state.worklogs.get(other.id)?.map(({ timeSpentSeconds }) => timeSpentSeconds),
    links: state.linksOf(other.id).map(({ inwardId, outwardId }) => [inwardId, outwardId]),
    watchers: [...(state.watchers.get(other.id) ?? [])],
    made: [...state.issues.values()].map(({ summary }) => summary).filter((one) => /^Made/u.test(one)),
  };
}

for (const [name, agent] of Object.entries(liveAgents)) {
  describe(name, () => {
    it('lists every tool and calls each against Jira', async (context) => {
      if ((await findOnPath(agent.program)) === null) {
        return context.skip(`${agent.program} is not on PATH (${agent.install})`);
      }
      const site = await aSite();
      let outbox = '';
      const endpoint = await startModelEndpoint(async (results) => {
        const next = CALLS[results] ?? null;
        if (next?.tool !== 'request_status') return next;
        const { writes } = await getJson<{ writes: { id: string; operation: string }[] }>(outbox);
        return { ...next, args: { id: writes.find(({ operation }) => operation === 'add_comment')?.id } };
      });
      undo.push(() => endpoint.close());
      const home = site.folder.file('home');
      await agent.furnish?.({ url: endpoint.url, home });
      await site.configure(
        {
          agent: {
            kind: agent.kind,
            ...{ command: agent.command, env: agent.agentEnv, pass_env: agent.passEnv },
            stop_grace_ms: 3_000,
          },
          [agent.kind]: agent.settings,
          tools: { default: 'allow' },
        },
        '[[scenario:calls]] Call each of your tools.',
      );
      const env = { HOME: home, NO_PROXY: '127.0.0.1', ...agent.env({ url: endpoint.url, home }) };
      const daemon = await site.start([], env);
      outbox = `${daemon.url}/api/v1/outbox?status=all&limit=100`;
      await until('the handoff', () => (site.status('PROJ-1') === 'In Review' ? true : null), 150_000);

      const steps = endpoint.calls.filter(({ isAside }) => !isAside);
      const { tools = [] } = steps[0]?.request ?? {};
      const ours = tools.filter((one) => /sortie/iu.test(`${one.namespace ?? ''} ${one.name}`));
      expect(ours).toHaveLength(TOOL_NAMES.length);
      for (const tool of TOOL_NAMES) {
        const [listed, ...others] = ours.filter((one) => isServed(one, tool));
        expect([tool, listed?.parameters['type'], others]).toEqual([tool, 'object', []]);
      }

      expect(new Set(CALLS.map(({ tool }) => tool))).toEqual(new Set(TOOL_NAMES));
      const audited = (await site.run('audit', 'export')).stdout.trimEnd().split('\n');
      const heard = audited
        .map((line) => JSON.parse(line) as { kind: string; tool: string; answer: string })
        .filter(({ kind }) => kind === 'tool_call');
      expect(heard.map(({ tool, answer }) => `${tool} ${answer}`)).toEqual(
        CALLS.map(({ tool }) => `${tool} ok`),
      );
      expect(standing(site)).toEqual({
        own: ['On my own issue'],
        other: ['First thing', 'Please look', 'Deployed to staging'],
        facts: ['Pay by card or cash', 'In Review', botId],
        labels: ['new'],
        worklogs: [9_000],
        links: [[site.id(OTHER), site.id('PROJ-1')]],
        watchers: [annId],
        made: ['Made alone', 'Made first', 'Made second'],
      });
      // What was answered has come to the model, too: words that only Jira and the daemon know.
      const told = JSON.stringify(steps.at(-1)?.body);
      for (const word of ['First thing', 'ann@example.com', 'PROJ project', 'turns_remaining', 'PROJ-5'])
        expect(told).toContain(word);
    });
  });
}
