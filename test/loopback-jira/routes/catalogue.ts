// What the site offers as a whole: statuses, priorities, fields. Anonymous callers get empty lists.
import { z } from 'zod';
import { expand, flag, integer, list, text } from '../parameters.ts';
import { priorityDetails, statusDetails } from '../render/site-things.ts';
import { noParameters, route } from '../route.ts';
import { fieldList, pageBeanPriority, pageOfStatuses, priorityList, statusList } from '../shapes/site.ts';
import { requireLogin } from './lookup.ts';

const categoryKeys = { new: 'TODO', indeterminate: 'IN_PROGRESS', done: 'DONE' } as const;

const listStatuses = route({
  method: 'GET',
  path: '/status',
  query: noParameters,
  answers: { 200: statusList },
  handle: ({ site, caller }) => {
    const statuses = caller.account ? [...site.state.statuses.values()] : [];
    return { status: 200, body: statuses.map((status) => statusDetails(site, status)) };
  },
});

const searchStatuses = route({
  method: 'GET',
  path: '/statuses/search',
  query: z.strictObject({
    projectId: text(),
    startAt: integer(0, Number.MAX_SAFE_INTEGER),
    maxResults: integer(1, 200),
    searchString: text(255),
    statusCategory: text(),
  }),
  answers: { 200: pageOfStatuses },
  handle: ({ site, caller, query }) => {
    requireLogin(caller);
    const wanted = query.searchString?.toLowerCase() ?? '';
    const all = [...site.state.statuses.values()].filter(
      ({ name, category, projectId }) =>
        name.toLowerCase().includes(wanted) &&
        (query.statusCategory === undefined || categoryKeys[category] === query.statusCategory) &&
        (query.projectId === undefined || projectId === query.projectId),
    );
    const startAt = query.startAt ?? 0;
    const maxResults = query.maxResults ?? 200;
    const values = all.slice(startAt, startAt + maxResults).map(({ id, name, category, projectId }) => ({
      id,
      name,
      description: '',
      statusCategory: categoryKeys[category],
      scope: projectId === null ? { type: 'GLOBAL' } : { type: 'PROJECT', project: { id: projectId } },
    }));
    const isLast = startAt + values.length >= all.length;
    return { status: 200, body: { startAt, maxResults, total: all.length, isLast, values } };
  },
});

const listPriorities = route({
  method: 'GET',
  path: '/priority',
  query: noParameters,
  answers: { 200: priorityList },
  handle: ({ site, caller }) => {
    const priorities = caller.account ? site.state.priorities : [];
    return { status: 200, body: priorities.map((priority) => priorityDetails(site, priority)) };
  },
});

const searchPriorities = route({
  method: 'GET',
  path: '/priority/search',
  query: z.strictObject({
    startAt: integer(0, Number.MAX_SAFE_INTEGER),
    maxResults: integer(1, 1000),
    id: list(),
    projectId: list(),
    priorityName: text(),
    onlyDefault: flag(),
    expand: expand('schemes'),
  }),
  answers: { 200: pageBeanPriority },
  handle: ({ site, caller, query }) => {
    const wanted = query.priorityName?.toLowerCase();
    const all = (caller.account ? site.state.priorities : []).filter(
      ({ id, name }) =>
        (query.id?.includes(id) ?? true) && (wanted === undefined || name.toLowerCase() === wanted),
    );
    const startAt = query.startAt ?? 0;
    const maxResults = query.maxResults ?? 50;
    const values = all
      .slice(startAt, startAt + maxResults)
      .map((priority) => priorityDetails(site, priority));
    const isLast = startAt + values.length >= all.length;
    return { status: 200, body: { startAt, maxResults, total: all.length, isLast, values } };
  },
});

const listFields = route({
  method: 'GET',
  path: '/field',
  query: noParameters,
  answers: { 200: fieldList },
  handle: ({ site, caller }) => {
    const fields = caller.account ? [...site.state.fields.values()] : [];
    return { status: 200, body: fields.map((field) => ({ ...field, key: field.id })) };
  },
});

export const catalogueRoutes = [listStatuses, searchStatuses, listPriorities, searchPriorities, listFields];
