// Makes an answer into a stream that we write ourselves: the headers of every answer, those of a stream, and a
// connection that ends with it instead of staying for a next request.

import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { ApiError } from './error-codes.ts';

export const EVENT_STREAM = 'text/event-stream';
/** A client that reads nothing for so long is gone or stuck. */
export const BLOCKED_LIMIT_MS = 30_000;
export const COMMENT_INTERVAL_MS = 15_000;
export const COMMENT = ': still here\n\n';
/** What a browser waits before it comes again. */
export const RECONNECT = 'retry: 2000\n\n';

/** To be followed by `reply.hijack()`. */
export function openStream(reply: FastifyReply, mediaType: string): ServerResponse {
  const { raw } = reply;
  raw.shouldKeepAlive = false;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  raw.setHeader('content-type', `${mediaType}; charset=utf-8`);
  // nginx would otherwise hold frames back until its buffer is full.
  raw.setHeader('x-accel-buffering', 'no');
  raw.statusCode = 200;
  return raw;
}

export function tooManyStreams(): ApiError {
  return new ApiError('too_many_streams', 'too many open event streams', { 'retry-after': '5' });
}
