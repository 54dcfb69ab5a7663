// Any value of an issue's field → plain JSON for a model: people by name and account id, named things by their name,
// documents as Markdown, and nothing of Jira's links and pictures. Takes anything, throws nothing, and is bounded in
// depth, number and length.
import { adfToMarkdown, truncateMarkdown } from '../../adf/index.ts';
import type { Json } from '../../../../../src/contract/tool-operations.ts';

export type Wire = Readonly<Record<string, unknown>>;

export const textLimit = 20_000;
const shortTextLimit = 2_000;
const listLimit = 50;
const depthLimit = 4;
const noise = /^(?:self|avatarUrls?|iconUrl|expand|timeZone|emailAddress)$/;

export function isWire(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textIn(wire: unknown, key: string): string {
  const value = isWire(wire) ? wire[key] : undefined;
  return typeof value === 'string' ? value : '';
}

/** `limit` characters at most, with a word about what is missing. */
export function cut(text: string, limit: number = shortTextLimit): string {
  return truncateMarkdown(text, Math.max(100, limit));
}

/** Jira's document → Markdown; a plain text stays what it is. */
export function markdownOf(value: unknown, limit: number = textLimit): string {
  return cut(typeof value === 'string' ? value : adfToMarkdown(value), limit);
}

/** null = nobody. An e-mail address is never among it: `get_user` gives it, where its owner shows it. */
export function personOf(value: unknown): Json {
  const accountId = textIn(value, 'accountId');
  const displayName = oneLineOf(textIn(value, 'displayName'));
  return accountId === '' && displayName === '' ? null : { displayName, accountId };
}

export function nameOf(value: unknown): string | null {
  const name = textIn(value, 'name');
  return name === '' ? null : oneLineOf(name);
}

/** Short texts that stand in one line: names, titles. */
export function oneLineOf(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > 500 ? [...line].slice(0, 500).join('') : line;
}

export function valueOf(value: unknown, depth = 0): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return listOf(value, depth);
  if (!isWire(value) || depth >= depthLimit) return null;
  if (value['type'] === 'doc') return markdownOf(value, shortTextLimit);
  if ('accountId' in value) return personOf(value);
  const option = textIn(value, 'value');
  if (option !== '') {
    const child = textIn(value['child'], 'value');
    return cut(child === '' ? option : `${option} / ${child}`);
  }
  const name = nameOf(value);
  if (name !== null) return name;
  const kept = Object.entries(value).filter(([key]) => !noise.test(key));
  return Object.fromEntries(kept.slice(0, listLimit).map(([key, part]) => [key, valueOf(part, depth + 1)]));
}

function listOf(values: readonly unknown[], depth: number): Json {
  const items = values.slice(0, listLimit).map((one) => valueOf(one, depth + 1));
  return values.length > listLimit ? [...items, `(and ${values.length - listLimit} more)`] : items;
}
