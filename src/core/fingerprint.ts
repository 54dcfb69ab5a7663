// Whether a person has changed an issue since we last looked on purpose. Comments count only when both
// sides have read them: candidate pages carry none.

import type { Issue } from '../contract/index.ts';
import { digest } from './digest.ts';

interface Fingerprint {
  readonly fields: string;
  /** null = not fetched. */
  readonly commentIds: readonly string[] | null;
}

/** A text that is stored with a park or a pending handoff, and compared by `sameIssue`. */
export function fingerprintOf(issue: Issue): string {
  const fingerprint: Fingerprint = {
    fields: digest(
      JSON.stringify([
        issue.state,
        issue.updatedAt,
        issue.title,
        issue.description,
        issue.priority,
        [...issue.labels].sort(),
        issue.assignee,
      ]),
    ),
    commentIds: issue.comments?.map((comment) => comment.id) ?? null,
  };
  return JSON.stringify(fingerprint);
}

export function sameIssue(a: string, b: string): boolean {
  const first = JSON.parse(a) as Fingerprint;
  const second = JSON.parse(b) as Fingerprint;
  if (first.fields !== second.fields) return false;
  if (first.commentIds === null || second.commentIds === null) return true;
  return JSON.stringify(first.commentIds) === JSON.stringify(second.commentIds);
}
