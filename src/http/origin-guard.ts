// The door against other sites' pages. Writes: a form cannot send a JSON content type, and a script that can is told
// apart by its origin. Reads: no page can read our answers, because no CORS header is sent, but what it makes a browser
// fetch (an image, an event stream) would still be work. A link from another site is a person's click, and passes.

import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from './error-codes.ts';
import { crossOrigin, isFromOwnPage } from './own-origin.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Throws `cross_origin_refused` or `unsupported_media_type`. */
export function guardOrigin(method: string, headers: IncomingHttpHeaders): void {
  if (SAFE_METHODS.has(method)) {
    if (!isLink(method, headers) && !isFromOwnPage(headers)) throw crossOrigin();
    return;
  }
  if (!isFromOwnPage(headers)) throw crossOrigin();
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new ApiError('unsupported_media_type', 'send Content-Type: application/json');
  }
}

/** Browsers send no Origin with one; frames are refused by the headers of the answer. */
function isLink(method: string, headers: IncomingHttpHeaders): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers.origin === undefined;
}
