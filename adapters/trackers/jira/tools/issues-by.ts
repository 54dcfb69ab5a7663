// atlassian_jira_get_issues_by_project and _by_user: searches whose query is ours. A person is given by e-mail address
// and must be one person for certain: anybody can call himself by another's address.
import { z } from 'zod';
import { ToolFault, type TrackerTool } from '../../../../src/contract/agent-tools.ts';
import type { TrackerUser } from '../../../../src/contract/tracker-capabilities.ts';
import { quoteJql } from '../jql.ts';
import { defaultFields, findingPlan } from './found-issues.ts';
import { defaultMaxResults, maxResultsInput, projectKeyInput, projectKeyOf } from './parameters.ts';
import { scopedJql, type Scope } from './scope.ts';
import { defineTool, refuse, shown, type JiraToolParts } from './tool.ts';

const order = 'ORDER BY updated DESC';
const listedPeople = 10;

export function byProjectTool(parts: JiraToolParts, scope: Scope): TrackerTool {
  return defineTool({
    name: 'atlassian_jira_get_issues_by_project',
    title: 'List Jira issues of a project',
    summary: 'list the issues of one Jira project, last changed first',
    about:
      'List the issues of one Jira project, last changed first. For anything narrower use atlassian_jira_search.',
    names: ['projects'],
    operations: ['search_issues'],
    input: z.strictObject({ projectKey: projectKeyInput, maxResults: maxResultsInput('issues') }),
    plan: ({ projectKey, maxResults = defaultMaxResults }, place) => {
      const project = projectKeyOf(projectKey);
      const jql = `project = ${quoteJql(project)} ${order}`;
      const find = { jql, fields: defaultFields, startAt: 0, maxResults };
      return findingPlan({ parts, scope }, place, [project], () => find);
    },
  });
}

export function byUserTool(parts: JiraToolParts, scope: Scope): TrackerTool {
  return defineTool({
    name: 'atlassian_jira_get_issues_by_user',
    title: 'List Jira issues of a person',
    summary: 'list the issues assigned to one person, by e-mail address',
    about:
      'List the issues that are assigned to one person, last changed first, in the projects that your tools may ' +
      'touch. The e-mail address must lead to exactly one person; where Jira hides addresses, search with JQL by ' +
      'account id instead: assignee = "accountId".',
    names: [],
    operations: ['search_issues'],
    input: z.strictObject({
      assigneeEmail: z.string().min(3).max(254).describe('E-mail address of the assignee'),
      maxResults: maxResultsInput('issues'),
    }),
    plan: ({ assigneeEmail, maxResults = defaultMaxResults }, place) => {
      const email = assigneeEmail.trim();
      if (!/^[^\s@]+@[^\s@]+$/.test(email))
        throw refuse(`assigneeEmail: ${shown(assigneeEmail)} is no e-mail address`);
      // Also tells now, before anybody is looked for, that no project is open.
      scopedJql('', place.projects);
      return findingPlan({ parts, scope }, place, [], async (signal) => {
        const { accountId } = onlyOne(email, await parts.people.findUsers(email, signal));
        const jql = scopedJql(`assignee = ${quoteJql(accountId)} ${order}`, place.projects);
        return { jql, fields: defaultFields, startAt: 0, maxResults };
      });
    },
  });
}

/** By the address that Jira shows; where it shows none, the only one that its search gave. */
function onlyOne(email: string, users: readonly TrackerUser[]): TrackerUser {
  const wanted = email.toLowerCase();
  const surely = users.filter((user) => user.email.toLowerCase() === wanted);
  const isHidden = (user: TrackerUser): boolean =>
    user.email === '' && user.displayName.trim().toLowerCase() !== wanted;
  const fitting = surely.length > 0 ? surely : users.length === 1 ? users.filter(isHidden) : users;
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const instead = 'search with JQL by account id: assignee = "accountId"';
  if (users.length === 0) {
    throw new ToolFault(
      'ambiguous_name',
      `no user fits ${shown(email)}, or Jira hides the address; ${instead}`,
    );
  }
  const listed = users.slice(0, listedPeople).map((user) => `${shown(user.displayName)} (${user.accountId})`);
  const more = users.length > listedPeople ? `, and ${users.length - listedPeople} more` : '';
  const found = `${shown(email)} leads to nobody for certain: ${listed.join(', ')}${more}`;
  throw new ToolFault('ambiguous_name', `${found}; ${instead}`);
}
