// Every request passes the same doors in the same order: Host, token, method, origin. What comes over the Unix socket
// needs no token, because who may open that file is its door; all the others hold there as well, and a user's token says
// there, too, who he is.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ServerSettings } from '../contract/settings.ts';
import type { Warn } from './error-answers.ts';
import { guardAgents, type AgentOf } from './agent-guard.ts';
import { ApiError } from './error-codes.ts';
import { createHostGuard } from './host-guard.ts';
import { createMethodGuard } from './method-guard.ts';
import { guardOrigin } from './origin-guard.ts';
import { isPagePath, type PageFiles } from './page-files.ts';
import { createPeople, type People } from './people.ts';
import { createPrincipals, type Principals } from './principals.ts';
import { hostOf, pathOf, targetOf } from './request-target.ts';
import { securityHeaders } from './security-headers.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createTokenGuard, LOGIN_PATH, type GuardedSettings, type TokenGuard } from './token-guard.ts';
import { createTokenTries, type TokenTries } from './token-tries.ts';
import { WEBHOOK_PREFIX } from './webhook-prefix.ts';

export interface DoorOptions {
  readonly settings: GuardedSettings &
    Pick<ServerSettings, 'allowedHosts'> &
    Partial<Pick<ServerSettings, 'users'>>;
  readonly page: PageFiles | null;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly warn: Warn;
  /** Absent: nobody can tell. */
  readonly agentOf?: AgentOf | undefined;
}

export interface Doors {
  readonly agentOf: AgentOf | undefined;
  readonly principals: Principals;
  readonly people: People;
  readonly sessions: Sessions;
  /** null = nobody is asked for a token here, and nobody can be known. */
  readonly token: TokenGuard | null;
  readonly tries: TokenTries;
  /** Requests that came over the Unix socket. */
  readonly overSocket: WeakSet<IncomingMessage>;
  /** Host and token, for what never reaches the routes. Throws ApiError. */
  guardEntry(request: IncomingMessage): void;
  /** A stream that was opened with a session ends with it: cut off, so that nobody takes it for whole. */
  endWithSession(request: IncomingMessage, response: ServerResponse): void;
}

/** Throws HttpServerError `token_missing`. */
export function createDoors({ settings, page, nowMs, monotonicMs, warn, agentOf }: DoorOptions): Doors {
  const users = settings.users ?? [];
  const principals = createPrincipals(settings.token, users);
  const sessions = createSessions(principals, nowMs);
  const tries = createTokenTries(monotonicMs, (address) => warn('too many wrong tokens', { address }));
  const token = createTokenGuard(settings, {
    principals,
    sessions,
    tries,
    openPaths: new Set(page?.files.map(({ path }) => path)),
    onWrongToken: ({ remoteAddress }) => warn('token refused', { address: remoteAddress ?? 'socket' }),
  });
  const guardHost = createHostGuard(settings.allowedHosts);
  const overSocket = new WeakSet<IncomingMessage>();
  return {
    agentOf,
    principals,
    people: createPeople(users, token),
    sessions,
    token,
    tries,
    overSocket,
    guardEntry: (request) => {
      guardHost(hostOf(request));
      token?.guard(request, overSocket.has(request));
    },
    endWithSession: (request, response) => {
      // Who needs no session to look goes on without it.
      if (token?.isBySession(request) !== true || overSocket.has(request) || !token.asks(request)) return;
      const unwatch = sessions.watch(request.headers.cookie, () => response.destroy());
      response.once('close', unwatch);
    },
  };
}

/** Call before any route is added. `page`: whether there is one to send people to for signing in. */
export function hangDoors(app: FastifyInstance, doors: Doors, hasPage: boolean): void {
  const guardMethod = createMethodGuard(app);
  app.addHook('onRequest', async ({ raw, method, headers }, reply) => {
    const path = pathOf(raw);
    void reply.headers(securityHeaders);
    try {
      doors.guardEntry(raw);
    } catch (error) {
      const isRead = method === 'GET' || method === 'HEAD';
      const mayBeSent = error instanceof ApiError && error.code === 'unauthorized';
      if (!mayBeSent || !isRead || !hasPage || !isPagePath(path)) throw error;
      const wanted = targetOf(raw);
      const next = wanted === '/' ? '' : `?next=${encodeURIComponent(wanted)}`;
      return reply.redirect(`${LOGIN_PATH}${next}`, 303);
    }
    guardMethod(method, path);
    // A webhook brings a proof of its own.
    if (path.startsWith(WEBHOOK_PREFIX)) return undefined;
    guardOrigin(method, path, headers);
    if (!doors.overSocket.has(raw)) await guardAgents(doors.agentOf, raw);
    return undefined;
  });
}
