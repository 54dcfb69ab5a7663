// Writes that several routes and the people of the site share: each is one change at one instant, and touches
// `updated` of the issue as Jira does. No permissions here; who calls has been judged before.
import type { Caller } from './accounts.ts';
import type { Adf, CommentRecord, IssueRecord, TransitionRecord } from './model.ts';
import type { Site } from './site.ts';

export function addComment(
  { state }: Pick<Site, 'state'>,
  caller: Caller,
  issue: IssueRecord,
  body: Adf,
  rest: Partial<Pick<CommentRecord, 'visibility' | 'properties'>> = {},
): CommentRecord {
  const authorId = caller.account?.accountId ?? null;
  const nowMs = state.now();
  const comment: CommentRecord = {
    id: state.nextId(),
    issueId: issue.id,
    authorId,
    updateAuthorId: authorId,
    body,
    createdMs: nowMs,
    updatedMs: nowMs,
    visibility: rest.visibility ?? null,
    properties: rest.properties ?? [],
  };
  state.comments.set(issue.id, [...state.commentsOf(issue.id), comment]);
  state.editIssue(issue.id, {});
  return comment;
}

export function replaceComment({ state }: Pick<Site, 'state'>, next: CommentRecord): void {
  const comments = state.commentsOf(next.issueId).map((old) => (old.id === next.id ? next : old));
  state.comments.set(next.issueId, comments);
  state.editIssue(next.issueId, {});
}

export function removeComment({ state }: Pick<Site, 'state'>, { id, issueId }: CommentRecord): void {
  state.comments.set(
    issueId,
    state.commentsOf(issueId).filter((comment) => comment.id !== id),
  );
  state.editIssue(issueId, {});
}

/** Sets the status, and the resolution that belongs to a done status. */
export function moveAlong(
  { state }: Pick<Site, 'state'>,
  issue: IssueRecord,
  { to }: TransitionRecord,
): void {
  setStatus({ state }, issue, to);
}

export function setStatus({ state }: Pick<Site, 'state'>, issue: IssueRecord, statusId: string): void {
  const isDone = state.need(state.statuses, statusId).category === 'done';
  const resolution = isDone ? (issue.resolution ?? state.resolutions[0] ?? null) : null;
  state.editIssue(issue.id, { statusId, resolution });
}
