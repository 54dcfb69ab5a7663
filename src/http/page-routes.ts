// The page for people: index.html at each of its addresses, never kept by a browser, so that an upgraded daemon shows
// its own page at once; what has a hash in its name may be kept for ever.

import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { answer, errorAnswers } from './answer-docs.ts';
import { PAGE_PATHS, type PageFiles } from './page-files.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';
/** May be kept, must be asked about. */
const ASK_FIRST = 'no-cache';

const summaries: Readonly<Record<(typeof PAGE_PATHS)[number], string>> = {
  '/': 'The page for people: what runs, waits or is parked now',
  '/issues/:identifier': 'The page: one issue’s life',
  '/approvals': 'The page: what agents want to write and people must decide',
  '/approvals/:id': 'The page: one proposal',
  '/tools': 'The page: tools, policy, outbox and audit',
  '/history': 'The page: ended runs',
  '/charts': 'The page: charts',
  '/health': 'The page: settings, checks, versions',
  '/login': 'The page: sign in',
};

const page = {
  200: answer(z.string(), 'The page.', 'text/html'),
  303: answer(z.undefined(), 'Off loopback, nobody has signed in: to `/login`.', 'text/html'),
  304: answer(z.undefined(), 'It has not changed since the caller’s copy.', 'text/html'),
  ...errorAnswers('token'),
};

export function addPageRoutes(app: FastifyInstance, { directory, files }: PageFiles): void {
  app.register(fastifyStatic, { root: directory, serve: false, cacheControl: false });
  for (const path of PAGE_PATHS) {
    const param = path.split(':')[1];
    app.get(path, {
      schema: {
        summary: summaries[path],
        ...(param === undefined ? {} : { params: z.object({ [param]: z.string().min(1) }) }),
        response: param === undefined ? page : { ...page, ...errorAnswers('token', 'uri_too_long') },
      },
      // `no-store` is what every answer says unless its route says otherwise.
      handler: async (_request, reply) => reply.sendFile('index.html'),
    });
  }
  for (const { path, file, isHashed } of files) {
    app.get(path, {
      // Its scripts and styles are the page's own business.
      schema: { hide: true },
      handler: async (_request, reply) =>
        reply.header('cache-control', isHashed ? IMMUTABLE : ASK_FIRST).sendFile(file),
    });
  }
}
