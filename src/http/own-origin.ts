// Whether a browser says that a request was made by the server's own page: by Origin and Sec-Fetch-Site, which a page
// cannot forge. Programs send neither and pass. Over plain HTTP to another machine browsers send no Sec-Fetch-Site.

import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from './error-codes.ts';

export function isFromOwnPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  // `same-site` is another port of localhost: as foreign as any other program's page.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return headers.origin === undefined || isOwnOrigin(headers.origin, headers.host ?? '');
}

/** Own = the host and port that the request itself was sent to, whichever scheme a proxy in front speaks. */
function isOwnOrigin(origin: string, host: string): boolean {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === originHost;
}

export function crossOrigin(): ApiError {
  return new ApiError(
    'cross_origin_refused',
    'requests are taken from this server’s own page and from programs only',
  );
}
