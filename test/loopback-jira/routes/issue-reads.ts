// GET of an issue by id, key or former key, and the bulk fetch, which leaves out what it cannot show.
import { z } from 'zod';
import { violation } from '../answer.ts';
import { message } from '../messages.ts';
import type { IssueRecord } from '../model.ts';
import { expand, flag, list } from '../parameters.ts';
import { issueBean, issueExpansions, selectFields } from '../render/issue-bean.ts';
import { noParameters, route } from '../route.ts';
import { bulkIssueResults, issueBean as issueBeanShape } from '../shapes/issue.ts';
import { bulkFetchRequest } from '../shapes/jql.ts';
import { say } from '../messages.ts';
import { issueOfPath, visibleIssue } from './lookup.ts';

const getIssue = route({
  method: 'GET',
  path: '/issue/{issueIdOrKey}',
  query: z.strictObject({
    fields: list(),
    fieldsByKeys: flag(),
    expand: expand(...issueExpansions),
    properties: list(),
    updateHistory: flag(),
    failFast: flag(),
  }),
  answers: { 200: issueBeanShape },
  handle: (exchange) => {
    const { site, caller, query } = exchange;
    const issue = issueOfPath(exchange);
    const selection = {
      ...selectFields(site, query.fields, '*all'),
      ...{ withKey: true, withFields: true, properties: query.properties },
    };
    return { status: 200, body: issueBean(site, caller, issue, selection, query.expand) };
  },
});

const bulkFetch = route({
  method: 'POST',
  path: '/issue/bulkfetch',
  query: noParameters,
  body: bulkFetchRequest,
  answers: { 200: bulkIssueResults },
  writes: false,
  handle: ({ site, caller, body }) => {
    const unknown = body.expand?.find((name) => !(issueExpansions as readonly string[]).includes(name));
    if (unknown !== undefined) {
      throw violation(`body: expand has an unknown "${unknown}"`, message('invalidParameter', 'expand'));
    }
    const selection = {
      ...selectFields(site, body.fields, '*navigable'),
      ...{ withKey: true, withFields: true, properties: body.properties },
    };
    const found = new Map<string, IssueRecord>();
    const issueErrors: { id: string; errorMessage: string }[] = [];
    for (const id of body.issueIdsOrKeys) {
      const issue = visibleIssue(site, caller, id);
      if (issue) found.set(issue.id, issue);
      else issueErrors.push({ id, errorMessage: say(message('issueGone'), site.settings.language) });
    }
    const issues = [...found.values()]
      .sort((a, b) => Number(a.id) - Number(b.id))
      .map((issue) => issueBean(site, caller, issue, selection, body.expand));
    return { status: 200, body: { issues, issueErrors } };
  },
});

export const issueReadRoutes = [bulkFetch, getIssue];
