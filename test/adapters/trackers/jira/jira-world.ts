// The Jira adapter as a world of the conformance suite: a loopback Jira whose people change issues in the browser.
import { connectJira } from '../../../../adapters/trackers/jira/connection.ts';
import { Governor } from '../../../../adapters/trackers/jira/governor/governor.ts';
import { closeConnections } from '../../../../adapters/trackers/jira/http/connections.ts';
import { tracker } from '../../../../adapters/trackers/jira/index.ts';
import { createJiraTracker } from '../../../../adapters/trackers/jira/jira-tracker.ts';
import type { TrackerWorld, WorldIssue } from '../../../conformance/index.ts';
import {
  addBlocker,
  addProject,
  adf,
  annId,
  standardSite,
  startLoopbackJira,
  statusNamed,
  type JiraState,
  type LoopbackJira,
  type LoopbackOptions,
} from '../../../loopback-jira/index.ts';
import { jiraContext } from './jira-context.ts';
import { quickClock } from './quick-clock.ts';

const projectKey = 'DEMO';

export function jiraWorld(settings: NonNullable<LoopbackOptions['settings']> = {}): TrackerWorld {
  return {
    async open(setup) {
      const jira = await startLoopbackJira({ state: siteWith(setup.issues), settings });
      const context = jiraContext({
        endpoint: jira.url,
        apiKey: 'bot@example.com:secret-token',
        project: projectKey,
        activeStates: setup.activeStates,
        terminalStates: setup.terminalStates,
      });
      const governor = new Governor({ clock: quickClock, random: () => 0 });
      return {
        registration: tracker,
        adapter: createJiraTracker(connectJira(context, { governor, clock: quickClock, random: () => 0 })),
        ...handsOn(jira),
        fail: () => Promise.resolve(void jira.faults.add({ fault: { kind: 'status', status: 503 } })),
        heal: () => Promise.resolve(jira.faults.clear()),
        unreachableStateOf: () => 'Nirvana',
        richComments: true,
        newIssue: { project: projectKey, issueType: 'Task', title: 'Made by the suite' },
        async close() {
          await closeConnections();
          await jira.close();
          const [wrong] = jira.violations();
          if (wrong)
            throw new Error(`not in Atlassian's description: ${wrong.url}: ${wrong.violation ?? ''}`);
        },
      };
    },
  };
}

function handsOn({ people, state }: LoopbackJira) {
  return {
    setState: (id: string, name: string) => Promise.resolve(void people.move(id, name)),
    removeIssue: (id: string) => Promise.resolve(people.delete(id)),
    stateOf: (id: string) => Promise.resolve(state.need(state.statuses, state.issue(id).statusId).name),
  };
}

function siteWith(issues: readonly WorldIssue[]): JiraState {
  const state = standardSite();
  // The suite has an issue of priority 0.
  state.priorities.unshift({ id: '0', name: 'Showstopper' });
  const project = addProject(state, projectKey, { statuses: ['To Do', 'In Progress', 'In Review', 'Done'] });
  for (const issue of issues) {
    state.putIssue({
      id: issue.id,
      key: issue.identifier,
      projectId: project.id,
      summary: issue.title,
      description: issue.description === '' ? null : adf(issue.description),
      statusId: statusNamed(state, issue.state).id,
      priorityId: issue.priority === null ? null : String(issue.priority),
      issueTypeId: '10001',
      labels: issue.labels,
      components: [],
      assigneeId: null,
      reporterId: annId,
      creatorId: annId,
      parentId: null,
      resolution: null,
      dueDate: null,
      createdMs: Date.parse(issue.createdAt),
      updatedMs: Date.parse(issue.updatedAt),
      custom: {},
      properties: {},
    });
    const comments = issue.comments.map(({ id, body, createdAt }) => ({
      id,
      issueId: issue.id,
      authorId: annId,
      updateAuthorId: annId,
      body: adf(body),
      createdMs: Date.parse(createdAt),
      updatedMs: Date.parse(createdAt),
      visibility: null,
      properties: [],
    }));
    if (comments.length > 0) state.comments.set(issue.id, comments);
  }
  for (const { id, blockedBy } of issues) {
    for (const blocker of blockedBy) addBlocker(state, blocker, { id });
  }
  return state;
}
