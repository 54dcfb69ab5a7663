// Reads a request's body up to its limit. How long it may take is the HTTP server's affair (its `requestTimeout` ends
// the socket, and with it this).

import type { IncomingMessage } from 'node:http';

export const BODY_LIMIT_BYTES = 1024 * 1024;
/** A client that is refused before it has sent everything hears the answer only when it may go on sending. */
const IGNORED_LIMIT_BYTES = 8 * BODY_LIMIT_BYTES;

export type ReadBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too_large' }
  /** The client went away, or was too slow. */
  | { readonly kind: 'gone' };

/** How much it may come to; for who keeps accounts before it is read. */
export function announcedBytes({ headers }: IncomingMessage): number {
  const announced = Number(headers['content-length'] ?? BODY_LIMIT_BYTES);
  return Number.isFinite(announced) ? Math.max(0, announced) : BODY_LIMIT_BYTES;
}

/** Never rejects. */
export async function readBody(request: IncomingMessage): Promise<ReadBody> {
  if (announcedBytes(request) > BODY_LIMIT_BYTES) return { kind: 'too_large' };
  const pieces: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    const end = (body: ReadBody): void => {
      request.off('data', take).off('end', finish).off('close', lose).off('error', lose);
      resolve(body);
    };
    const take = (piece: Buffer): void => {
      bytes += piece.length;
      if (bytes > BODY_LIMIT_BYTES) end({ kind: 'too_large' });
      else pieces.push(piece);
    };
    const finish = (): void => end({ kind: 'text', text: Buffer.concat(pieces).toString('utf8') });
    const lose = (): void => end({ kind: 'gone' });
    request.on('data', take).on('end', finish).on('close', lose).on('error', lose);
  });
}

/** Lets the rest of a body pass, within bounds. */
export function ignoreBody(request: IncomingMessage): void {
  let bytes = 0;
  request.on('error', () => undefined);
  request.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > IGNORED_LIMIT_BYTES) request.destroy();
  });
}
