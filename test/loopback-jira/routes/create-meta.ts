// What an issue needs to be created: the older whole answer and the two paged ones that replace it.
import { z } from 'zod';
import { browses, may, type Caller } from '../accounts.ts';
import type { IssueTypeRecord, ProjectRecord } from '../model.ts';
import { expand, integer, list } from '../parameters.ts';
import { fieldMetadata } from '../render/field-metadata.ts';
import { api, avatars } from '../render/links.ts';
import { issueTypeDetails } from '../render/site-things.ts';
import { issueGone, route } from '../route.ts';
import { createMeta, createMetaFields, createMetaTypes } from '../shapes/site.ts';
import type { Site } from '../site.ts';
import { projectOfPath } from './lookup.ts';

const paging = z.strictObject({
  startAt: integer(0, Number.MAX_SAFE_INTEGER),
  maxResults: integer(1, 200),
});

function typesOf({ state }: Site, project: ProjectRecord): IssueTypeRecord[] {
  return project.issueTypeIds.map((id) => state.need(state.issueTypes, id));
}

function creatable(site: Site, caller: Caller): ProjectRecord[] {
  return [...site.state.projects.values()].filter((one) => browses(caller, one) && may(caller, 'create'));
}

const whole = route({
  method: 'GET',
  path: '/issue/createmeta',
  query: z.strictObject({
    projectIds: list(),
    projectKeys: list(),
    issuetypeIds: list(),
    issuetypeNames: list(),
    expand: expand('projects.issuetypes.fields'),
  }),
  answers: { 200: createMeta },
  handle: ({ site, caller, query }) => {
    const chosen = creatable(site, caller).filter(
      ({ id, key }) => (query.projectIds?.includes(id) ?? true) && (query.projectKeys?.includes(key) ?? true),
    );
    const withFields = query.expand?.includes('projects.issuetypes.fields') ?? false;
    const projects = chosen.map((project) => ({
      self: api(site, `/project/${project.id}`),
      id: project.id,
      key: project.key,
      name: project.name,
      avatarUrls: avatars(site),
      issuetypes: typesOf(site, project)
        .filter(({ id }) => query.issuetypeIds?.includes(id) ?? true)
        .filter(({ name }) => query.issuetypeNames?.includes(name) ?? true)
        .map((type) => ({
          ...issueTypeDetails(site, type),
          ...(withFields ? { fields: fieldsByName(site, project) } : {}),
        })),
    }));
    return { status: 200, body: { expand: 'projects', projects } };
  },
});

function fieldsByName(site: Site, project: ProjectRecord): Record<string, unknown> {
  return Object.fromEntries(
    project.createScreen.map((field) => [field.fieldId, fieldMetadata(site, field, project.id)]),
  );
}

const types = route({
  method: 'GET',
  path: '/issue/createmeta/{projectIdOrKey}/issuetypes',
  query: paging,
  answers: { 200: createMetaTypes },
  handle: (exchange) => {
    const { site, query } = exchange;
    const all = typesOf(site, projectOfPath(exchange));
    const startAt = query.startAt ?? 0;
    const maxResults = query.maxResults ?? 50;
    const issueTypes = all.slice(startAt, startAt + maxResults).map((type) => issueTypeDetails(site, type));
    return { status: 200, body: { startAt, maxResults, total: all.length, issueTypes } };
  },
});

const fieldsOfType = route({
  method: 'GET',
  path: '/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}',
  query: paging,
  answers: { 200: createMetaFields },
  handle: (exchange) => {
    const { site, query, path } = exchange;
    const project = projectOfPath(exchange);
    if (!project.issueTypeIds.includes(path['issueTypeId'] ?? '')) throw issueGone();
    const startAt = query.startAt ?? 0;
    const maxResults = query.maxResults ?? 50;
    const fields = project.createScreen
      .slice(startAt, startAt + maxResults)
      .map((field) => ({ ...fieldMetadata(site, field, project.id), fieldId: field.fieldId }));
    return { status: 200, body: { startAt, maxResults, total: project.createScreen.length, fields } };
  },
});

export const createMetaRoutes = [whole, types, fieldsOfType];
