// The audit log over HTTP: its entries page by page, its newest hash, and whether it is intact. Verifying reads the
// whole log, so those who ask meanwhile are told the same.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AuditVerdict } from '../contract/audit.ts';
import { answer, errorAnswers } from './answer-docs.ts';
import { ApiError } from './error-codes.ts';
import { auditQuerySchema } from './query-schemas.ts';
import { redactAnswer } from './redact-answer.ts';
import type { RouteSource } from './route-source.ts';
import { auditHeadSchema, auditSchema, auditVerdictSchema } from './tool-schemas.ts';
import { toAudit, toAuditVerdict } from './tool-wire.ts';
import { toolsOf } from './tools-view.ts';

export function addAuditRoutes(instance: FastifyInstance, source: RouteSource): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const verify = createVerifying(source);

  app.get('/api/v1/audit', {
    // A HEAD request would read pages that nobody wants; so it would below.
    exposeHeadRoute: false,
    schema: {
      summary: 'The audit log, oldest first',
      description:
        'Each line is the stored text with its `hash`, which is over the text without it. A secret that was learnt ' +
        'after it was written is taken out on the way, and that line’s hash does not fit any more.',
      querystring: auditQuerySchema,
      response: {
        200: answer(auditSchema, 'One page; `next_after` is null on the last.'),
        ...errorAnswers('token', 'tools_off'),
      },
    },
    handler: async ({ query: { after, limit } }) =>
      redactAnswer(toAudit(await toolsOf(source).audit(after, limit), limit), source.redact),
  });

  app.get('/api/v1/audit/head', {
    schema: {
      summary: 'The newest entry of the audit log: keep it elsewhere, and a cut end is found',
      response: { 200: answer(auditHeadSchema, 'The head.'), ...errorAnswers('token', 'tools_off') },
    },
    handler: async () => {
      const { seq, hash } = await toolsOf(source).auditHead();
      return { seq, hash };
    },
  });

  app.get('/api/v1/audit/verify', {
    exposeHeadRoute: false,
    schema: {
      summary: 'Whether the audit log is intact',
      response: {
        200: answer(auditVerdictSchema, 'Intact, or the first entry that is not.'),
        ...errorAnswers('token', 'tools_off', 'draining'),
      },
    },
    // No limit of time: a long log takes as long as it takes, and the caller may leave.
    handler: async () => redactAnswer(toAuditVerdict(await verify()), source.redact),
  });
}

/** One reading for all who wait for it; it goes on when they leave, and ends with the server. */
function createVerifying(source: RouteSource): () => Promise<AuditVerdict> {
  const { closing } = source;
  let running: Promise<AuditVerdict> | null = null;
  return async () => {
    try {
      running ??= toolsOf(source)
        .verifyAudit(closing)
        .finally(() => (running = null));
      return await running;
    } catch (error) {
      throw closing.aborted ? new ApiError('draining', 'the daemon is shutting down') : error;
    }
  };
}
