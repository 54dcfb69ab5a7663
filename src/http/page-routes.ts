// The dashboard's files, each a route of its own: what is not in the list when the server starts does not
// exist, so no path can lead out of the folder. Refuses to guess types: only the page's own kinds are served.

import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { answer, errorAnswers } from './answer-docs.ts';
import type { Warn } from './error-answers.ts';

const served = new Set(['.html', '.css', '.js', '.svg']);

/** A page that was not built costs people the page, not the API: that is a warning. */
export function addPageRoutes(app: FastifyInstance, pageDirectory: string, warn: Warn): void {
  if (!existsSync(join(pageDirectory, 'index.html'))) {
    warn('page not found, serving the API only', { directory: pageDirectory });
    return;
  }
  app.register(fastifyStatic, { root: pageDirectory, serve: false, cacheControl: false });
  for (const file of readdirSync(pageDirectory).sort()) {
    if (!served.has(extname(file))) continue;
    app.get(file === 'index.html' ? '/' : `/${file}`, {
      schema: {
        // Its scripts and styles are the page's own business.
        hide: file !== 'index.html',
        summary: 'The page for people',
        response: {
          200: answer(z.string(), 'The page.', 'text/html'),
          304: answer(z.undefined(), 'It has not changed since the caller’s copy.', 'text/html'),
          ...errorAnswers('token'),
        },
      },
      // no-cache: may be kept, must be asked about; an upgraded daemon shows its own page at once.
      handler: async (_request, reply) => reply.header('cache-control', 'no-cache').sendFile(file),
    });
  }
}
