// The Fastify app without doors and routes: limits on sizes and times, checked requests and answers, one error shape.

import { fastify, type FastifyInstance } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Doors } from './doors.ts';
import { answerClientError, createErrorHandler, type Warn } from './error-answers.ts';
import { ApiError } from './error-codes.ts';
import { HTTP_LIMITS, CONNECTION_LIMIT, KEEP_ALIVE_MS, REQUEST_TIMEOUT_MS } from './http-limits.ts';
import { securityHeaders } from './security-headers.ts';
import { serializerCompiler } from './serializer.ts';

/** Far above any identifier of 300 characters, percent-encoded; Node's own limit of 16 KiB stands behind. */
const LONGEST_PARAMETER = 8_192;
const BODY_LIMIT_BYTES = 65_536;

export function createApp(doors: Doors, warn: Warn): FastifyInstance {
  const answerError = createErrorHandler(warn);
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // Fastify's own answer while closing has another shape than ours; /livez says 503 by itself.
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    http: HTTP_LIMITS,
    clientErrorHandler: answerClientError,
    // A malformed path never reaches the hooks, so the doors are passed here.
    frameworkErrors: (error, request, reply) => {
      void reply.headers(securityHeaders);
      try {
        doors.guardEntry(request.raw);
        answerError(error, request, reply);
      } catch (refusal) {
        answerError(refusal, request, reply);
      }
    },
  });
  app.server.maxConnections = CONNECTION_LIMIT;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    answerError(new ApiError('not_found', 'there is nothing at this path'), request, reply);
  });
  acceptEmptyJson(app);
  return app;
}

/** `curl -X POST -H 'Content-Type: application/json'` sends no body, which Fastify's own parser refuses. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body as string, done);
  });
}
