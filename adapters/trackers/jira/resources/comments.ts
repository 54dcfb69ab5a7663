// Comments of an issue: reading them all, writing one, editing one of ours. Jira knows no idempotency keys, so a
// comment whose answer was lost is looked for before it is written again, in this call and in the next one with the
// same text. A second comment is never written; in doubt the comment is taken for written.
import { createHash } from 'node:crypto';
import { TrackerError } from '../../../../src/contract/tracker.ts';
import { flattenAdf } from '../adf/index.ts';
import type { JiraClient } from '../client.ts';
import { documentOf } from '../document-of.ts';
import { segment } from '../http/path.ts';
import type { CommentWire } from '../normalise-comment.ts';
import { commentPages, commentsPath, createdWire } from './comment-pages.ts';
import { keyedAmong } from './keyed-comments.ts';

/** How much older than our attempt a comment may look, by a clock of Jira's that differs from ours. */
const clockSlackMs = 10 * 60_000;
const memoryLimit = 1_000;

/** Oldest first. */
export async function readComments(
  client: JiraClient,
  id: string,
  signal: AbortSignal,
): Promise<CommentWire[]> {
  const comments: CommentWire[] = [];
  for await (const page of commentPages(client, { id, orderBy: 'created' }, signal)) comments.push(...page);
  return comments;
}

export interface OwnCommentsOptions {
  readonly client: JiraClient;
  /** Our account id. */
  readonly ourselves: (signal: AbortSignal) => Promise<string>;
  readonly wallMs?: () => number;
}

/** The comments that we write. */
export class OwnComments {
  readonly #client: JiraClient;
  readonly #ourselves: OwnCommentsOptions['ourselves'];
  readonly #wallMs: () => number;
  /** Ids that Jira gave us: a comment with the same text that we know of is not the lost one. */
  readonly #known = new Set<string>();
  /** Comments whose answer was lost → when they were sent. */
  readonly #lost = new Map<string, number>();

  constructor({ client, ourselves, wallMs }: OwnCommentsOptions) {
    this.#client = client;
    this.#ourselves = ourselves;
    this.#wallMs = wallMs ?? Date.now;
  }

  /** Markdown in, the new comment's id out. */
  async add(id: string, markdown: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const body = documentOf(markdown);
    const name = `${id} ${createHash('sha256').update(markdown).digest('hex')}`;
    const lostAt = this.#lost.get(name);
    if (lostAt !== undefined) {
      const found = await this.#findSame(id, body, lostAt, signal);
      if (found !== null) return this.#keep(name, found);
    }
    const sentAt = lostAt ?? this.#wallMs();
    const call = { method: 'POST', path: commentsPath(id), body: { body }, issueId: id, signal } as const;
    try {
      const created = await this.#client.request({ ...call, schema: createdWire });
      return this.#keep(name, created.id);
    } catch (error) {
      if (!mayHaveArrived(error, signal)) throw error;
      remember(this.#lost, name, sentAt);
      const found = await this.#findSame(id, body, sentAt, signal).catch(() => null);
      if (found === null) throw error;
      return this.#keep(name, found);
    }
  }

  /** A comment that was written or found in another way. */
  know(id: string): void {
    this.#known.add(id);
    for (const oldest of this.#known) {
      if (this.#known.size <= memoryLimit) break;
      this.#known.delete(oldest);
    }
  }

  /** Nobody is notified: one comment that is edited at every event would be a stream of mail. */
  async edit(id: string, commentId: string, markdown: string, signal: AbortSignal): Promise<void> {
    const path = `${commentsPath(id)}/${segment(commentId)}`;
    const body = { body: documentOf(markdown) };
    const query = { notifyUsers: false };
    await this.#client.request({
      ...{ method: 'PUT', path, query, body, issueId: id, signal, idempotent: true },
      schema: createdWire,
    });
  }

  /** The newest comment of ours whose text, link targets included, holds `marker`. */
  async find(id: string, marker: string, signal: AbortSignal): Promise<string | null> {
    for await (const page of this.#ours(id, signal)) {
      const found = page.find(({ body }) => holds(body, marker));
      if (found) return found.id;
    }
    return null;
  }

  async #findSame(id: string, body: unknown, sentAt: number, signal: AbortSignal): Promise<string | null> {
    const text = flattenAdf(body);
    const isSame = (comment: CommentWire): boolean => {
      if (this.#known.has(comment.id) || flattenAdf(comment.body) !== text) return false;
      const createdAt = Date.parse(comment.created ?? '');
      return Number.isNaN(createdAt) || createdAt >= sentAt - clockSlackMs;
    };
    for await (const page of this.#ours(id, signal)) {
      const same = page.filter(isSame).map((comment) => comment.id);
      // One that carries a key is another write with the same text; unless that can be told, it is taken for this one.
      const keyed = await keyedAmong(this.#client, same, signal).catch(() => new Set<string>());
      const found = same.find((one) => !keyed.has(one));
      if (found !== undefined) return found;
    }
    return null;
  }

  /** Those of our account, newest first. */
  async *#ours(id: string, signal: AbortSignal): AsyncGenerator<CommentWire[], void, void> {
    const ourselves = await this.#ourselves(signal);
    for await (const page of commentPages(this.#client, { id, orderBy: '-created' }, signal)) {
      yield page.filter(({ author }) => author?.accountId === ourselves);
    }
  }

  #keep(name: string, id: string): string {
    this.#lost.delete(name);
    this.know(id);
    return id;
  }
}

/** The comment may stand in Jira although no usable answer came. */
function mayHaveArrived(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (error instanceof TrackerError && error.applied === 'unknown');
}

function remember(lost: Map<string, number>, name: string, at: number): void {
  lost.set(name, at);
  for (const oldest of lost.keys()) {
    if (lost.size <= memoryLimit) return;
    lost.delete(oldest);
  }
}

function holds(value: unknown, marker: string): boolean {
  if (typeof value === 'string') return value.includes(marker);
  if (typeof value !== 'object' || value === null) return false;
  if (!Array.isArray(value) && flattenAdf(value).includes(marker)) return true;
  return Object.values(value).some((part) => holds(part, marker));
}
