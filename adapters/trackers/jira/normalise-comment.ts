// Jira's comment → the tracker-neutral comment. An id is required; author, body and time may be absent.
import { z } from 'zod';
import type { Comment } from '../../../src/contract/issue.ts';

export const commentWire = z.object({
  id: z.string().min(1),
  author: z.object({ accountId: z.string().nullish(), displayName: z.string().nullish() }).nullish(),
  body: z.unknown().optional(),
  created: z.string().nullish(),
});
export type CommentWire = z.infer<typeof commentWire>;

export function normaliseComment(comment: CommentWire, bodyText: (document: unknown) => string): Comment {
  return {
    id: comment.id,
    author: comment.author?.displayName ?? '',
    body: bodyText(comment.body),
    createdAt: comment.created ?? '',
  };
}
