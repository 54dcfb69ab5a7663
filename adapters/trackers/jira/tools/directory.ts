// atlassian_jira_list_projects and _get_user: who and what there is. Only the projects that are open to tools are named,
// unless all are. A person's e-mail address is given where its owner shows it to our account, and nowhere else.
import { z } from 'zod';
import type { ToolPlace, TrackerTool } from '../../../../src/contract/agent-tools.ts';
import type { JsonMap } from '../../../../src/contract/tool-operations.ts';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import { readProject } from '../resources/projects.ts';
import { defaultMaxResults, maxResultsInput } from './parameters.ts';
import { oneLineOf } from './show/value.ts';
import { defineTool, refuse, shown, type JiraToolParts } from './tool.ts';

export function listProjectsTool(parts: JiraToolParts): TrackerTool {
  return defineTool({
    name: 'atlassian_jira_list_projects',
    title: 'List Jira projects',
    summary: 'list the Jira projects that tools may touch',
    about: 'List the Jira projects that your tools may touch: key and name of each.',
    names: [],
    operations: ['list_projects'],
    input: z.strictObject({ maxResults: maxResultsInput('projects') }),
    plan: ({ maxResults = defaultMaxResults }, place) => ({
      ...{ kind: 'read', operation: 'list_projects', projects: [], issueKeys: [] },
      run: (signal) => parts.loggedIn(signal, () => listProjects(parts, { place, maxResults }, signal)),
    }),
  });
}

async function listProjects(
  { client, people }: JiraToolParts,
  { place, maxResults }: { readonly place: ToolPlace; readonly maxResults: number },
  signal: AbortSignal,
): Promise<JsonMap> {
  if (place.projects === null) {
    const found = await people.listProjects(maxResults + 1, signal);
    return shownProjects(found, maxResults, found.length > maxResults);
  }
  const projects: { key: string; name: string }[] = [];
  for (const wanted of place.projects.slice(0, maxResults)) {
    try {
      const { key, name } = await readProject(client, wanted, signal);
      projects.push({ key, name: name ?? '' });
    } catch (error) {
      if (!(error instanceof TrackerError) || error.kind !== 'tracker_not_found') throw error;
    }
  }
  return shownProjects(projects, maxResults, place.projects.length > maxResults);
}

function shownProjects(
  projects: readonly { readonly key: string; readonly name: string }[],
  maxResults: number,
  more: boolean,
): JsonMap {
  return {
    projects: projects.slice(0, maxResults).map(({ key, name }) => ({ key, name: oneLineOf(name) })),
    ...(more ? { note: 'there are more' } : {}),
  };
}

export function getUserTool(parts: JiraToolParts): TrackerTool {
  return defineTool({
    name: 'atlassian_jira_get_user',
    title: 'Get a Jira user',
    summary: 'read who a Jira account id is',
    about:
      'Read who an Atlassian account id is: display name, and e-mail address where its owner shows it (else null).',
    names: [],
    operations: ['get_user'],
    input: z.strictObject({
      accountId: z.string().min(1).max(128).describe('Atlassian account id, e.g. "5b10ac8d82e05b22cc7d4ef5"'),
    }),
    plan: ({ accountId }) => {
      const id = accountId.trim();
      if (!/^[A-Za-z0-9:_-]+$/.test(id)) throw refuse(`accountId: ${shown(accountId)} is no account id`);
      const run = (signal: AbortSignal): Promise<JsonMap> =>
        parts.loggedIn(signal, async () => {
          const { displayName, email } = await parts.people.getUser(id, signal);
          return {
            accountId: id,
            displayName: oneLineOf(displayName),
            emailAddress: email === '' ? null : oneLineOf(email),
          };
        });
      return { kind: 'read', operation: 'get_user', projects: [], issueKeys: [], run };
    },
  });
}
