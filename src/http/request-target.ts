// What a request asks for and under which name, as it is on the wire: nothing is decoded, no forwarding header is read.

import type { IncomingMessage } from 'node:http';

/** `GET http://name/path`, as to a proxy: that name counts, then, and the Host header does not (RFC 9112, 3.2.2). */
const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i;

/** Path and query. */
export function targetOf({ url = '' }: Pick<IncomingMessage, 'url'>): string {
  return url.replace(ABSOLUTE, '');
}

export function pathOf(request: Pick<IncomingMessage, 'url'>): string {
  return targetOf(request).split('?', 1)[0] ?? '';
}

export function hostOf({
  url = '',
  headers,
  rawHeaders,
}: Pick<IncomingMessage, 'url' | 'headers' | 'rawHeaders'>): string | undefined {
  const named = ABSOLUTE.exec(url);
  if (named !== null) return named[1];
  // Node keeps the first of two: a proxy in front may have looked at the other one.
  const count = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  return count > 1 ? undefined : headers.host;
}
