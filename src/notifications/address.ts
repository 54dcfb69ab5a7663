// Where a destination is: its address checked once more before anything is sent there, and what of it must never be
// shown. A webhook's address is a credential: whoever knows it may post.

import { isLoopbackHostname } from '../contract/loopback.ts';
import type { NotificationSettings } from '../contract/notification.ts';

export type Address =
  | { readonly kind: 'good'; readonly url: URL; readonly headers: Readonly<Record<string, string>> }
  /** One line, without the address. */
  | { readonly kind: 'bad'; readonly error: string };

/** A name and a password in the URL become the header Authorization. */
export function addressOf({ url: text }: Pick<NotificationSettings, 'url'>): Address {
  if (!URL.canParse(text)) return { kind: 'bad', error: 'its url is not a URL' };
  const url = new URL(text);
  const { username, password } = url;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHostname(url.hostname))) {
    return { kind: 'bad', error: 'its url must be https (http only to loopback)' };
  }
  const hasLogin = username !== '' || password !== '';
  const login = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { kind: 'good', url, headers: hasLogin ? { authorization: `Basic ${login}` } : {} };
}

/** Shorter pieces of a path are words such as `services`, and known to everybody. */
const SHORTEST_SECRET = 6;

/** A text from outside without the secret, the address, or any piece of it that may be a credential. */
export function withoutSecrets(text: string, { url, secret }: NotificationSettings): string {
  const pieces = [secret, url];
  if (URL.canParse(url)) {
    const { pathname, search, username, password, searchParams } = new URL(url);
    pieces.push(pathname + search, pathname, ...pathname.split('/'), username, password);
    pieces.push(...searchParams.values());
  }
  const all = [...new Set(pieces.flatMap((piece) => [piece, decoded(piece)]))];
  return all
    .filter((piece) => piece.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, piece) => rest.replaceAll(piece, '[redacted]'), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
