// `POST /hooks/<tracker kind>`: a tracker says that something changed. It only wakes us; polling stays the truth.
// The sender has no token and no Origin of ours: its proof is over the raw body, checked by the adapter.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { WebhookAnswer } from '../contract/tracker-capabilities.ts';
import { answer, errorAnswers } from './answer-docs.ts';
import { ApiError } from './error-codes.ts';
import { WEBHOOK_PREFIX } from './webhook-prefix.ts';

/** null = this daemon's tracker takes no webhooks of that kind. */
export type TakeWebhook = (
  kind: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: Uint8Array,
) => WebhookAnswer | null;

export interface WebhookSource {
  readonly take: TakeWebhook;
  /** Looks at these issues, or at everything for []. Coalesced; never waits. */
  readonly wake: (issueIds: readonly string[]) => void;
}

/** Jira's largest notifications are far below this; more is nobody's notification. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;

export const webhookSchema = z.object({ result: z.enum(['accepted', 'duplicate']) });

export function addWebhookRoute(instance: FastifyInstance, source: WebhookSource): void {
  void instance.register((scope, _options, done) => {
    // The proof is over the bytes as they were sent.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    scope.withTypeProvider<ZodTypeProvider>().post(`${WEBHOOK_PREFIX}:kind`, {
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        summary: 'A tracker says that something changed',
        description: 'Proven by the tracker’s signature over the raw body; off unless its secret is set.',
        params: z.object({ kind: z.string() }),
        response: {
          202: answer(webhookSchema, 'Taken, now or before.'),
          ...errorAnswers('open', 'not_found', 'webhook_refused', 'payload_too_large'),
        },
      },
      handler: async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const taken = source.take(request.params.kind, singleValues(request.headers), body);
        if (taken === null) throw new ApiError('not_found', 'there is nothing at this path');
        if (taken.kind === 'refused') throw new ApiError('webhook_refused', taken.detail);
        if (taken.kind === 'wake') source.wake(taken.issueIds);
        return reply.code(202).send({ result: taken.kind === 'wake' ? 'accepted' : 'duplicate' });
      },
    });
    done();
  });
}

/** A header that came twice is no header: which of the two was meant is not ours to guess. */
function singleValues(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  );
}
