// The door against other sites' pages that make a browser write to us: a form cannot send a JSON content
// type, and a script that can is told apart by Origin and Sec-Fetch-Site, which it cannot forge. Programs
// send neither header and pass. Reads need no such door: without CORS headers no page can read an answer.

import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from './error-codes.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Throws `cross_origin_refused` or `unsupported_media_type`. */
export function guardWrite(method: string, headers: IncomingHttpHeaders): void {
  if (SAFE_METHODS.has(method)) return;
  const site = headers['sec-fetch-site'];
  // `same-site` is another port of localhost: as foreign as any other program's page.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw crossOrigin();
  if (headers.origin !== undefined && !isOwnOrigin(headers.origin, headers.host ?? '')) throw crossOrigin();
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new ApiError('unsupported_media_type', 'send Content-Type: application/json');
  }
}

/** Own = the host and port that the request itself was sent to, whichever scheme a proxy in front speaks. */
function isOwnOrigin(origin: string, host: string): boolean {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === originHost;
}

function crossOrigin(): ApiError {
  return new ApiError(
    'cross_origin_refused',
    'writes are taken from this server’s own page and from programs only',
  );
}
