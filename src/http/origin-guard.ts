// The door against other sites' pages. Writes: a form cannot send a JSON content type, and a script that can is told
// apart by its origin. Reads: no page can read our answers, because no CORS header is sent, but what it makes a browser
// fetch (an image, an event stream, the API in a frame) would still be work, and some of it asks the tracker. A link
// from another site is a person's click, and passes, but to a page only.

import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from './error-codes.ts';
import { crossOrigin, isFromOwnPage } from './own-origin.ts';
import { isPagePath } from './page-files.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Throws `cross_origin_refused` or `unsupported_media_type`. */
export function guardOrigin(method: string, path: string, headers: IncomingHttpHeaders): void {
  if (SAFE_METHODS.has(method)) {
    if (!isLink(method, path, headers) && !isFromOwnPage(headers)) throw crossOrigin();
    return;
  }
  if (!isFromOwnPage(headers)) throw crossOrigin();
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new ApiError('unsupported_media_type', 'send Content-Type: application/json');
  }
}

/** Browsers send no Origin with one. Frames, objects and embeds navigate, too, but not to a `document`. */
function isLink(method: string, path: string, headers: IncomingHttpHeaders): boolean {
  return (
    method === 'GET' &&
    isPagePath(path) &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    headers.origin === undefined
  );
}
