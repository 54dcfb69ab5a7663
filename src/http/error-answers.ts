// Turns whatever went wrong into the one error shape: `{"error":{"code","message"}}`. What the caller did
// wrong is named; what we did wrong is logged and answered with `internal_error`, without message, stack or
// path. Also covers the failures that happen before Fastify has a route: bad URLs and broken HTTP.

import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { StoreError } from '../contract/store.ts';
import { ApiError, errorBody, errorCodes, type ErrorCode } from './error-codes.ts';

export type Warn = (message: string, fields: Readonly<Record<string, unknown>>) => void;

export function createErrorHandler(warn: Warn) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const answer = toApiError(error);
    if (answer.code === 'internal_error') {
      warn('http request failed', { method: request.method, route: request.routeOptions.url ?? '', error });
    }
    for (const [name, value] of Object.entries(answer.headers)) void reply.header(name, value);
    void reply
      .code(errorCodes[answer.code].status)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(errorBody(answer.code, answer.message)));
  };
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StoreError && error.kind === 'invalid_cursor') {
    return new ApiError('invalid_request', 'cursor: not one that this server gave; start again without it');
  }
  const { statusCode, code, validation, message } = (error ?? {}) as Partial<FastifyError>;
  if (validation !== undefined)
    return new ApiError('invalid_request', validationMessage(error as FastifyError));
  switch (statusCode) {
    case 400:
      return new ApiError(
        'invalid_request',
        code === 'FST_ERR_BAD_URL' ? 'path: malformed escape' : (message ?? ''),
      );
    case 413:
      return new ApiError('payload_too_large', 'the body is too large');
    case 414:
      return new ApiError('uri_too_long', 'the identifier in the path is too long');
    case 415:
      return new ApiError('unsupported_media_type', 'send Content-Type: application/json');
    default:
      return new ApiError('internal_error', 'something broke; the daemon log says what');
  }
}

/** One line that names each wrong field: `limit: Invalid input: expected number, received NaN`. */
function validationMessage(error: FastifyError): string {
  const findings = (error.validation ?? []).map(({ instancePath, message }) => {
    const field = instancePath.replace(/^\//, '').replaceAll('/', '.');
    return field === '' ? (message ?? 'invalid') : `${field}: ${message ?? 'invalid'}`;
  });
  return findings.length === 0 ? 'invalid request' : findings.join('; ');
}

/** For the answer to arrive: closing at once, with bytes of the client unread, would reset it away. */
const LAST_WORDS_MS = 1_000;

const clientErrors: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Node hands over the bare socket when the bytes are no HTTP or come too slowly. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = clientErrors[error.code ?? ''] ?? 'invalid_request';
  const body = JSON.stringify(errorBody(code, errorCodes[code].meaning));
  socket.end(
    [
      `HTTP/1.1 ${errorCodes[code].status} ${code.replaceAll('_', ' ')}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  // Ended is not closed: until the client ends its half, it would hold one of the limited connections for ever.
  const force = setTimeout(() => socket.destroy(), LAST_WORDS_MS);
  socket.once('close', () => clearTimeout(force));
}
