// Worklogs of an issue: listing, adding, deleting by ids.
import { z } from 'zod';
import { checkAdf } from '../adf/check.ts';
import { JiraError } from '../answer.ts';
import { parseJiraDate } from '../jira-date.ts';
import { message } from '../messages.ts';
import type { Adf, WorklogRecord } from '../model.ts';
import { choice, expand, flag, integer, text } from '../parameters.ts';
import { worklogDetails } from '../render/issue-notes.ts';
import { issueGone, route } from '../route.ts';
import { pageOfWorklogs, worklog, worklogToWrite } from '../shapes/worklog.ts';
import { issueOfPath, requirePermission } from './lookup.ts';

const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 8 * 3600, w: 40 * 3600 };

/** "1h 30m" to seconds, with Jira's days of eight hours; null when it is none. */
function readDuration(said: string): number | null {
  if (!/^\s*(?:\d+[wdhm]\s*)+$/.test(said)) return null;
  return [...said.matchAll(/(\d+)([wdhm])/g)]
    .map(([, count, unit]) => Number(count) * (unitSeconds[unit ?? ''] ?? 0))
    .reduce((total, part) => total + part, 0);
}

const listWorklogs = route({
  method: 'GET',
  path: '/issue/{issueIdOrKey}/worklog',
  query: z.strictObject({
    startAt: integer(0, Number.MAX_SAFE_INTEGER),
    maxResults: integer(1, 5000),
    startedAfter: integer(0, Number.MAX_SAFE_INTEGER),
    startedBefore: integer(0, Number.MAX_SAFE_INTEGER),
    expand: expand('properties'),
  }),
  answers: { 200: pageOfWorklogs },
  handle: (exchange) => {
    const { site, caller, query } = exchange;
    const issue = issueOfPath(exchange);
    const all = (site.state.worklogs.get(issue.id) ?? []).filter(
      ({ startedMs }) =>
        startedMs >= (query.startedAfter ?? 0) && startedMs < (query.startedBefore ?? Infinity),
    );
    const startAt = query.startAt ?? 0;
    const maxResults = query.maxResults ?? 5000;
    const withProperties = query.expand?.includes('properties') ?? false;
    const worklogs = all
      .slice(startAt, startAt + maxResults)
      .map((log) => worklogDetails(site, caller, log, withProperties));
    return { status: 200, body: { startAt, maxResults, total: all.length, worklogs } };
  },
});

const addWorklog = route({
  method: 'POST',
  path: '/issue/{issueIdOrKey}/worklog',
  query: z.strictObject({
    notifyUsers: flag(),
    adjustEstimate: choice(['new', 'leave', 'manual', 'auto']),
    newEstimate: text(),
    reduceBy: text(),
    expand: expand('properties'),
    overrideEditableFlag: flag(),
  }),
  body: worklogToWrite,
  answers: { 201: worklog },
  handle: (exchange) => {
    const { site, caller, body, query } = exchange;
    const issue = issueOfPath(exchange);
    requirePermission(caller, 'worklog', 400);
    const seconds = body.timeSpentSeconds ?? readDuration(body.timeSpent ?? '');
    if (seconds === null) {
      throw new JiraError(400, {
        errors: { timeLogged: message('required', 'Time Spent') },
        violation: 'body: neither timeSpentSeconds nor a readable timeSpent',
      });
    }
    const problem = body.comment === undefined ? null : checkAdf(body.comment);
    if (problem !== null) {
      throw new JiraError(400, {
        errors: { comment: message('notDocument') },
        violation: `body: ${problem}`,
      });
    }
    const nowMs = site.state.now();
    const added: WorklogRecord = {
      id: site.state.nextId(),
      issueId: issue.id,
      authorId: caller.account?.accountId ?? null,
      comment: (body.comment as Adf | undefined) ?? null,
      startedMs: (body.started === undefined ? null : parseJiraDate(body.started)) ?? nowMs,
      createdMs: nowMs,
      updatedMs: nowMs,
      timeSpentSeconds: seconds,
      properties: body.properties?.map(({ key, value }) => ({ key, value })) ?? [],
    };
    site.state.worklogs.set(issue.id, [...(site.state.worklogs.get(issue.id) ?? []), added]);
    site.state.editIssue(issue.id, {});
    const withProperties = query.expand?.includes('properties') ?? false;
    return { status: 201, body: worklogDetails(site, caller, added, withProperties) };
  },
});

const deleteWorklogs = route({
  method: 'DELETE',
  path: '/issue/{issueIdOrKey}/worklog',
  query: z.strictObject({ adjustEstimate: choice(['leave', 'auto']), overrideEditableFlag: flag() }),
  body: z.strictObject({ ids: z.array(z.int()).min(1).max(5000) }),
  answers: { 204: null },
  handle: (exchange) => {
    const { site, caller, body } = exchange;
    const issue = issueOfPath(exchange);
    requirePermission(caller, 'worklog', 400);
    const all = site.state.worklogs.get(issue.id) ?? [];
    const ids = new Set(body.ids.map(String));
    if ([...ids].some((id) => !all.some((log) => log.id === id))) throw issueGone();
    site.state.worklogs.set(
      issue.id,
      all.filter(({ id }) => !ids.has(id)),
    );
    return { status: 204 };
  },
});

export const worklogRoutes = [listWorklogs, addWorklog, deleteWorklogs];
