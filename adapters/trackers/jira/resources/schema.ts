// What a site and a project are made of: projects, issue types, statuses, priorities, fields. Read when somebody asks,
// never on the polling path. Lists are read to their end, up to a limit that no site reaches in earnest.
import { z } from 'zod';
import type { TrackerSchema } from '../../../../src/contract/tracker-capabilities.ts';
import type { JiraClient } from '../client.ts';
import { segment } from '../http/path.ts';
import { readLinkTypes } from './links.ts';
import { readList } from './paged-list.ts';
import { projectWire } from './projects.ts';

const statusWire = z.object({
  name: z.string(),
  statusCategory: z.object({ key: z.string().nullish(), name: z.string().nullish() }).nullish(),
});
const typeStatusesWire = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    subtask: z.boolean().nullish(),
    statuses: z.array(statusWire).nullish(),
  }),
);
const priorityWire = z.object({ id: z.string(), name: z.string() });
const fieldsWire = z.array(
  z.object({
    id: z.string(),
    name: z.string().nullish(),
    schema: z.object({ type: z.string().nullish() }).nullish(),
  }),
);

export type ProjectStatuses = Pick<TrackerSchema, 'issueTypes' | 'statuses'>;

/** Issue types of the project, and each status that one of them can have. Throws `tracker_not_found`. */
export async function readProjectStatuses(
  client: JiraClient,
  project: string,
  signal: AbortSignal,
): Promise<ProjectStatuses> {
  const path = `/rest/api/3/project/${segment(project)}/statuses`;
  const types = await client.request({ method: 'GET', path, schema: typeStatusesWire, signal });
  const statuses = new Map<string, { name: string; category: string }>();
  for (const { name, statusCategory } of types.flatMap((type) => type.statuses ?? [])) {
    if (!statuses.has(name)) statuses.set(name, { name, category: categoryOf(statusCategory?.key) });
  }
  const issueTypes = types.map(({ id, name, subtask }) => ({ id, name, subtask: subtask === true }));
  return { issueTypes, statuses: [...statuses.values()] };
}

/** In the site's order, which is their rank. */
export async function readPriorities(
  client: JiraClient,
  signal: AbortSignal,
): Promise<{ id: string; name: string }[]> {
  return readList(client, { path: '/rest/api/3/priority/search', value: priorityWire }, signal);
}

export async function readSchema(
  client: JiraClient,
  project: string,
  signal: AbortSignal,
): Promise<TrackerSchema> {
  const [projects, { issueTypes, statuses }, priorities, fields, linkTypes] = await Promise.all([
    readList(client, { path: '/rest/api/3/project/search', value: projectWire }, signal),
    readProjectStatuses(client, project, signal),
    readPriorities(client, signal),
    client.request({ method: 'GET', path: '/rest/api/3/field', schema: fieldsWire, signal }),
    readLinkTypes(client, signal),
  ]);
  return {
    projects: projects.map(({ key, name }) => ({ key, name: name ?? '' })),
    issueTypes,
    statuses,
    priorities: priorities.map(({ id, name }) => ({ id, name })),
    fields: fields.map(({ id, name, schema }) => ({ id, name: name ?? '', type: schema?.type ?? '' })),
    linkTypes,
  };
}

/** Jira's keys are the same in every language. */
function categoryOf(key: string | null | undefined): string {
  if (key === 'new') return 'to do';
  if (key === 'indeterminate') return 'in progress';
  return key ?? '';
}
