// The dashboard's files, each a route of its own: what is not in the list when the server starts does not
// exist, so no path can lead out of the folder. Refuses to guess types: only the page's own kinds are served.

import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { answer, errorAnswers } from './answer-docs.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

export function addPageRoutes(app: FastifyInstance, pageDirectory: string): void {
  app.register(fastifyStatic, { root: pageDirectory, serve: false, cacheControl: false });
  for (const file of readdirSync(pageDirectory).sort()) {
    const mediaType = mediaTypes[extname(file)];
    if (mediaType === undefined) continue;
    app.get(file === 'index.html' ? '/' : `/${file}`, {
      schema: {
        summary: file === 'index.html' ? 'The page for people' : `A part of the page: ${file}`,
        response: {
          200: answer(z.string(), 'The file.', mediaType),
          304: answer(z.undefined(), 'It has not changed since the caller’s copy.', mediaType),
          ...errorAnswers('token'),
        },
      },
      // no-cache: may be kept, must be asked about; an upgraded daemon shows its own page at once.
      handler: async (_request, reply) => reply.header('cache-control', 'no-cache').sendFile(file),
    });
  }
}
