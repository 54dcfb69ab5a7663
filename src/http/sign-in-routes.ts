// Signing in and out of the page: the token once, then a session of whoever's it is. Wrong ones are counted by address.
// On loopback without users there is nothing to sign in to; with users, people sign in there to decide.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { answer, errorAnswers } from './answer-docs.ts';
import { loginSchema, sessionSchema } from './control-schemas.ts';
import type { Doors } from './doors.ts';
import type { Warn } from './error-answers.ts';
import { ApiError } from './error-codes.ts';
import { LOGIN_PATH, LOGOUT_PATH } from './token-guard.ts';
import { toIso } from './wire-values.ts';

const WRITE_ERRORS = ['cross_origin_refused', 'payload_too_large', 'unsupported_media_type'] as const;

export function addSignInRoutes(instance: FastifyInstance, doors: Doors, warn: Warn): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  app.post(LOGIN_PATH, {
    schema: {
      summary: 'Sign in with the token; sets the cookie `sortie-session` for 12 hours',
      description:
        'For the page: `server.token`, or a user’s own, whose name is then kept with what he says. Programs send the ' +
        'token itself, as `Authorization: Bearer`.',
      body: loginSchema,
      response: {
        200: answer(sessionSchema, 'Signed in; on loopback without users nobody has to be.'),
        ...errorAnswers('token', ...WRITE_ERRORS),
      },
    },
    handler: async ({ body, socket, raw }, reply) => {
      if (doors.token?.takesSignIn(raw) !== true) return { signed_in: true, expires_at: null };
      doors.tries.guard(socket);
      const owner = doors.principals.of(body.token.trim());
      if (owner === null) {
        warn('sign-in refused', { address: socket.remoteAddress ?? 'socket' });
        doors.tries.count(socket);
        throw new ApiError(
          'unauthorized',
          'this is nobody’s token: it is server.token of the daemon, or your own',
        );
      }
      const { setCookie, expiresAtMs } = doors.sessions.begin(owner);
      return reply.header('set-cookie', setCookie).send({ signed_in: true, expires_at: toIso(expiresAtMs) });
    },
  });

  app.post(LOGOUT_PATH, {
    schema: {
      summary: 'Sign out: ends the session of the cookie',
      response: {
        200: answer(sessionSchema, 'Signed out, or never signed in.'),
        ...errorAnswers('open', ...WRITE_ERRORS),
      },
    },
    handler: async ({ headers }, reply) =>
      reply
        .header('set-cookie', doors.sessions.end(headers.cookie))
        .send({ signed_in: false, expires_at: null }),
  });
}
