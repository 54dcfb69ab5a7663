// Comments and worklogs as answers show them.
import type { Caller } from '../accounts.ts';
import { jiraDate } from '../jira-date.ts';
import { textInside } from '../jql/text-match.ts';
import type { CommentRecord, WorklogRecord } from '../model.ts';
import type { Site } from '../site.ts';
import { api } from './links.ts';
import { personById } from './people.ts';

export function commentDetails(
  site: Site,
  caller: Caller,
  comment: CommentRecord,
  rendered = false,
): Record<string, unknown> {
  const author = personById(site, caller, comment.authorId);
  const updateAuthor = personById(site, caller, comment.updateAuthorId);
  return {
    self: api(site, `/issue/${comment.issueId}/comment/${comment.id}`),
    id: comment.id,
    ...(author ? { author } : {}),
    body: comment.body,
    ...(updateAuthor ? { updateAuthor } : {}),
    created: jiraDate(comment.createdMs),
    updated: jiraDate(comment.updatedMs),
    jsdPublic: true,
    ...(rendered ? { renderedBody: `<p>${textInside(comment.body).trim()}</p>` } : {}),
    ...(comment.visibility ? { visibility: comment.visibility } : {}),
  };
}

export function worklogDetails(
  site: Site,
  caller: Caller,
  worklog: WorklogRecord,
  withProperties = false,
): Record<string, unknown> {
  const author = personById(site, caller, worklog.authorId);
  return {
    self: api(site, `/issue/${worklog.issueId}/worklog/${worklog.id}`),
    id: worklog.id,
    issueId: worklog.issueId,
    ...(author ? { author, updateAuthor: author } : {}),
    ...(worklog.comment ? { comment: worklog.comment } : {}),
    created: jiraDate(worklog.createdMs),
    updated: jiraDate(worklog.updatedMs),
    started: jiraDate(worklog.startedMs),
    timeSpent: `${Math.ceil(worklog.timeSpentSeconds / 60)}m`,
    timeSpentSeconds: worklog.timeSpentSeconds,
    ...(withProperties ? { properties: worklog.properties } : {}),
  };
}
