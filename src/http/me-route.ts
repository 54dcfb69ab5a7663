// GET /api/v1/me: who asks, and which groups' proposals he may decide.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { answer, errorAnswers } from './answer-docs.ts';
import type { RouteSource } from './route-source.ts';
import { meSchema } from './tool-schemas.ts';

export function addMeRoute(instance: FastifyInstance, { people }: RouteSource): void {
  instance.withTypeProvider<ZodTypeProvider>().get('/api/v1/me', {
    schema: {
      summary: 'Who asks, by token or session',
      response: {
        200: answer(meSchema, 'A user, or the operator; then `groups` is [] when users are configured.'),
        ...errorAnswers('token'),
      },
    },
    handler: async ({ raw }) => {
      const { name, groups } = people.personOf(raw);
      return { name, groups: groups && [...groups], signed_in: people.isSignedIn(raw) };
    },
  });
}
