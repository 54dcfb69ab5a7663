// Comments of an issue: paged by offset with a cap of 100, written only as Atlassian documents.
import { z } from 'zod';
import { checkAdf } from '../adf/check.ts';
import { may } from '../accounts.ts';
import { JiraError } from '../answer.ts';
import { textInside } from '../jql/text-match.ts';
import { message } from '../messages.ts';
import type { Adf, CommentRecord, IssueRecord } from '../model.ts';
import { choice, expand, flag, integer } from '../parameters.ts';
import { commentDetails } from '../render/issue-notes.ts';
import { route, type Exchange } from '../route.ts';
import { comment, commentIds, commentToWrite, pageBeanComment, pageOfComments } from '../shapes/comment.ts';
import type { Site } from '../site.ts';
import { addComment, removeComment, replaceComment } from '../writes.ts';
import { issueOfPath, requirePermission, visibleIssue } from './lookup.ts';

/** Jira gives no more than this, whatever is asked for. */
const pageCap = 100;
const rendered = expand('renderedBody');

function checkedBody({ settings }: Site, body: unknown): Adf {
  const problem = checkAdf(body);
  if (problem !== null) {
    throw new JiraError(400, { errors: { comment: message('commentBody') }, violation: `body: ${problem}` });
  }
  const text = textInside(body);
  if (text.length > settings.commentTextLimit) {
    throw new JiraError(400, { errors: { comment: message('tooLong', settings.commentTextLimit) } });
  }
  return body as Adf;
}

function visibilityOf(value: z.infer<typeof commentToWrite>['visibility']): CommentRecord['visibility'] {
  return value ? { type: value.type, value: value.value ?? value.identifier ?? '' } : null;
}

function merged(
  before: CommentRecord['properties'],
  given: readonly { readonly key: string; readonly value?: unknown }[],
): CommentRecord['properties'] {
  const kept = before.filter(({ key }) => !given.some((one) => one.key === key));
  return [...kept, ...given.map(({ key, value }) => ({ key, value }))];
}

function commentOfPath(exchange: Exchange<unknown, unknown>, issue: IssueRecord): CommentRecord {
  const id = exchange.path['id'] ?? '';
  const found = exchange.site.state.commentsOf(issue.id).find((candidate) => candidate.id === id);
  if (found) return found;
  throw new JiraError(404, { messages: [message('commentGone', id)] });
}

const listComments = route({
  method: 'GET',
  path: '/issue/{issueIdOrKey}/comment',
  query: z.strictObject({
    startAt: integer(0, Number.MAX_SAFE_INTEGER),
    maxResults: integer(0, 5000),
    orderBy: choice(['created', '-created', '+created']),
    expand: rendered,
  }),
  answers: { 200: pageOfComments },
  handle: (exchange) => {
    const { site, caller, query } = exchange;
    const all = [...site.state.commentsOf(issueOfPath(exchange).id)];
    all.sort((a, b) => a.createdMs - b.createdMs || Number(a.id) - Number(b.id));
    if (query.orderBy === '-created') all.reverse();
    const startAt = query.startAt ?? 0;
    const maxResults = Math.min(query.maxResults ?? pageCap, pageCap);
    const comments = all
      .slice(startAt, startAt + maxResults)
      .map((one) => commentDetails(site, caller, one, query.expand?.includes('renderedBody')));
    return { status: 200, body: { startAt, maxResults, total: all.length, comments } };
  },
});

const getComment = route({
  method: 'GET',
  path: '/issue/{issueIdOrKey}/comment/{id}',
  query: z.strictObject({ expand: rendered }),
  answers: { 200: comment },
  handle: (exchange) => {
    const { site, caller, query } = exchange;
    const found = commentOfPath(exchange, issueOfPath(exchange));
    const withHtml = query.expand?.includes('renderedBody');
    return { status: 200, body: commentDetails(site, caller, found, withHtml) };
  },
});

const postComment = route({
  method: 'POST',
  path: '/issue/{issueIdOrKey}/comment',
  query: z.strictObject({ expand: rendered }),
  body: commentToWrite,
  answers: { 201: comment },
  handle: (exchange) => {
    const { site, caller, body } = exchange;
    const issue = issueOfPath(exchange);
    requirePermission(caller, 'comment');
    const added = addComment(site, caller, issue, checkedBody(site, body.body), {
      visibility: visibilityOf(body.visibility),
      properties: body.properties?.map(({ key, value }) => ({ key, value })) ?? [],
    });
    return { status: 201, body: commentDetails(site, caller, added) };
  },
});

const putComment = route({
  method: 'PUT',
  path: '/issue/{issueIdOrKey}/comment/{id}',
  query: z.strictObject({ notifyUsers: flag(), overrideEditableFlag: flag(), expand: rendered }),
  body: commentToWrite,
  answers: { 200: comment },
  handle: (exchange) => {
    const { site, caller, body } = exchange;
    const found = commentOfPath(exchange, issueOfPath(exchange));
    const callerId = caller.account?.accountId ?? null;
    const mayEdit = found.authorId === callerId ? may(caller, 'comment') : may(caller, 'editAllComments');
    if (!mayEdit) throw new JiraError(400, { messages: [message('forbidden')] });
    const next: CommentRecord = {
      ...found,
      body: checkedBody(site, body.body),
      visibility: body.visibility ? visibilityOf(body.visibility) : found.visibility,
      properties: merged(found.properties, body.properties ?? []),
      updateAuthorId: callerId,
      updatedMs: site.state.now(),
    };
    replaceComment(site, next);
    return { status: 200, body: commentDetails(site, caller, next) };
  },
});

const deleteComment = route({
  method: 'DELETE',
  path: '/issue/{issueIdOrKey}/comment/{id}',
  query: z.strictObject({}),
  answers: { 204: null },
  handle: (exchange) => {
    const { site, caller } = exchange;
    const found = commentOfPath(exchange, issueOfPath(exchange));
    requirePermission(caller, 'deleteComments', 400);
    removeComment(site, found);
    return { status: 204 };
  },
});

const commentsByIds = route({
  method: 'POST',
  path: '/comment/list',
  query: z.strictObject({ expand: expand('renderedBody', 'properties') }),
  body: commentIds,
  answers: { 200: pageBeanComment },
  writes: false,
  handle: ({ site, caller, body, query }) => {
    const values = body.ids.flatMap((id) => {
      const found = site.state.findComment(String(id));
      if (!found || !visibleIssue(site, caller, found.issueId)) return [];
      const details = commentDetails(site, caller, found, query.expand?.includes('renderedBody'));
      return [query.expand?.includes('properties') ? { ...details, properties: found.properties } : details];
    });
    const total = values.length;
    return { status: 200, body: { startAt: 0, maxResults: 1000, total, isLast: true, values } };
  },
});

export const commentRoutes = [
  listComments,
  getComment,
  postComment,
  putComment,
  deleteComment,
  commentsByIds,
];
