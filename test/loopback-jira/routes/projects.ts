// Projects: searching, reading one, and the statuses of its issue types.
import { z } from 'zod';
import { browses, type Caller } from '../accounts.ts';
import type { ProjectRecord } from '../model.ts';
import { choice, expand, integer, list, text } from '../parameters.ts';
import { api, avatars } from '../render/links.ts';
import { personById } from '../render/people.ts';
import { issueTypeDetails, statusDetails } from '../render/site-things.ts';
import { noParameters, route } from '../route.ts';
import { pageBeanProject, project as projectShape, projectStatuses } from '../shapes/site.ts';
import type { Site } from '../site.ts';
import { projectOfPath } from './lookup.ts';

const expansions = [
  'description',
  'projectKeys',
  'lead',
  'issueTypes',
  'url',
  'permissions',
  'insight',
] as const;
const orders = [
  'category',
  '-category',
  '+category',
  'key',
  '-key',
  '+key',
  'name',
  '-name',
  '+name',
  'owner',
  '-owner',
  '+owner',
  'issueCount',
  '-issueCount',
  '+issueCount',
  'lastIssueUpdatedDate',
  '-lastIssueUpdatedDate',
  '+lastIssueUpdatedDate',
  'archivedDate',
  '+archivedDate',
  '-archivedDate',
  'deletedDate',
  '+deletedDate',
  '-deletedDate',
] as const;

function projectDetails(
  site: Site,
  caller: Caller,
  project: ProjectRecord,
  whole: boolean,
  expanded: readonly string[] = [],
): Record<string, unknown> {
  const { id, key, name, style } = project;
  const lead = personById(site, caller, project.leadId);
  const issueTypes = project.issueTypeIds.map((typeId) =>
    issueTypeDetails(site, site.state.need(site.state.issueTypes, typeId)),
  );
  return {
    expand: expansions.join(','),
    self: api(site, `/project/${id}`),
    id,
    key,
    name,
    avatarUrls: avatars(site),
    projectTypeKey: 'software',
    simplified: style === 'next-gen',
    style,
    isPrivate: false,
    properties: {},
    ...(whole || expanded.includes('description') ? { description: '' } : {}),
    ...((whole || expanded.includes('lead')) && lead ? { lead } : {}),
    ...(whole || expanded.includes('issueTypes') ? { issueTypes } : {}),
    ...(whole ? { assigneeType: 'UNASSIGNED', components: [], versions: [], roles: {} } : {}),
  };
}

const searchProjects = route({
  method: 'GET',
  path: '/project/search',
  query: z.strictObject({
    startAt: integer(0, Number.MAX_SAFE_INTEGER),
    maxResults: integer(1, 100),
    orderBy: choice(orders),
    id: list(50),
    keys: list(50),
    query: text(),
    typeKey: text(),
    categoryId: integer(0, Number.MAX_SAFE_INTEGER),
    action: choice(['view', 'browse', 'edit', 'create']),
    expand: expand(...expansions),
    status: list(),
    properties: list(),
    propertyQuery: text(),
  }),
  answers: { 200: pageBeanProject },
  handle: ({ site, caller, query }) => {
    const wanted = query.query?.toLowerCase();
    const all = [...site.state.projects.values()]
      .filter((one) => browses(caller, one))
      .filter(({ key }) => query.keys?.includes(key) ?? true)
      .filter(({ id }) => query.id?.includes(id) ?? true)
      .filter(({ key, name }) => wanted === undefined || `${key}\n${name}`.toLowerCase().includes(wanted))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const startAt = query.startAt ?? 0;
    const maxResults = query.maxResults ?? 50;
    const values = all
      .slice(startAt, startAt + maxResults)
      .map((one) => projectDetails(site, caller, one, false, query.expand));
    const isLast = startAt + values.length >= all.length;
    const self = api(site, `/project/search?maxResults=${maxResults}&startAt=${startAt}`);
    return { status: 200, body: { self, maxResults, startAt, total: all.length, isLast, values } };
  },
});

const getProject = route({
  method: 'GET',
  path: '/project/{projectIdOrKey}',
  query: z.strictObject({ expand: expand(...expansions), properties: list() }),
  answers: { 200: projectShape },
  handle: (exchange) => ({
    status: 200,
    body: projectDetails(exchange.site, exchange.caller, projectOfPath(exchange), true),
  }),
});

const getStatuses = route({
  method: 'GET',
  path: '/project/{projectIdOrKey}/statuses',
  query: noParameters,
  answers: { 200: projectStatuses },
  handle: (exchange) => {
    const { site } = exchange;
    const { state } = site;
    const project = projectOfPath(exchange);
    const { statusIds } = state.need(state.workflows, project.workflowId);
    const statuses = statusIds.map((id) => statusDetails(site, state.need(state.statuses, id)));
    const body = project.issueTypeIds.map((typeId) => {
      const { id, name, subtask } = state.need(state.issueTypes, typeId);
      return { self: api(site, `/issuetype/${id}`), id, name, subtask, statuses };
    });
    return { status: 200, body };
  },
});

export const projectRoutes = [searchProjects, getProject, getStatuses];
