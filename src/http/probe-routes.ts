// What machines ask: is the process alive, is it ready, and its metrics. Open without a token, so nothing
// here names an issue. Readiness carries the reason why a reload was refused, and no settings.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { DaemonView } from '../contract/snapshot.ts';
import { answer, errorAnswers } from './answer-docs.ts';
import { redactAnswer, type Redact } from './redact-answer.ts';
import { livenessSchema, readinessSchema } from './schemas.ts';
import { toReadiness } from './wire.ts';

export interface MetricsText {
  text(): Promise<string>;
  readonly contentType: string;
}

export interface ProbeSource {
  readonly view: DaemonView;
  readonly metrics: MetricsText;
  readonly redact: Redact;
}

export function addProbeRoutes(instance: FastifyInstance, { view, metrics, redact }: ProbeSource): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  app.get('/livez', {
    schema: {
      summary: 'Is the process alive?',
      response: {
        200: answer(livenessSchema, 'Alive.'),
        ...errorAnswers('open'),
        503: answer(livenessSchema, 'Shutting down.'),
      },
    },
    handler: async (_request, reply) => {
      const { draining } = view.readiness();
      return reply.code(draining ? 503 : 200).send({ status: draining ? 'fail' : 'pass' });
    },
  });

  app.get('/readyz', {
    schema: {
      summary: 'Can it do its work?',
      response: {
        200: answer(readinessSchema, 'Ready; `warn` = the last reload was refused, the old settings hold.'),
        ...errorAnswers('open'),
        503: answer(readinessSchema, 'A check failed, or the daemon is shutting down.'),
      },
    },
    handler: async (_request, reply) => {
      const readiness = redactAnswer(toReadiness(view.readiness()), redact);
      return reply.code(readiness.status === 'fail' ? 503 : 200).send(readiness);
    },
  });

  app.get('/metrics', {
    schema: {
      summary: 'Prometheus metrics',
      response: {
        200: answer(z.string(), 'Text exposition format.', 'text/plain'),
        ...errorAnswers('open'),
      },
    },
    // Serialised already: a Buffer passes the answer's schema by.
    handler: async (_request, reply) =>
      reply.header('content-type', metrics.contentType).send(Buffer.from(await metrics.text())),
  });
}
