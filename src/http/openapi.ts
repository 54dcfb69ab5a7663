// The OpenAPI 3.1 document, written from the same schemas that check the answers.

import fastifySwagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { answer, errorAnswers } from './answer-docs.ts';
import { namedSchemas } from './named-schemas.ts';

/** Before the routes: the plugin collects them as they are added. */
export function collectRoutes(app: FastifyInstance, version: string): void {
  app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sortie',
        description: 'What the daemon shows and takes over HTTP. Errors are `{"error":{"code","message"}}`.',
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'server.token; off loopback, or through a proxy',
          },
          session: { type: 'apiKey', in: 'cookie', name: 'sortie-session', description: 'from POST /login' },
        },
      },
    },
    transform: createJsonSchemaTransform(shapes),
    transformObject: (document) => withoutInputs(createJsonSchemaTransformObject(shapes)(document)),
  });
}

const shapes = { schemaRegistry: namedSchemas, zodToJsonConfig: { override: dropTimePattern } };

/** Each shape also comes as `…Input`, for request bodies; no route of ours takes one. */
function withoutInputs<T extends object>(document: T): T {
  const { components } = document as { components?: { schemas?: Record<string, unknown> } };
  const schemas = Object.entries(components?.schemas ?? {}).filter(([name]) => !name.endsWith('Input'));
  return { ...document, components: { ...components, schemas: Object.fromEntries(schemas) } };
}

/** `format: date-time` says it; zod's pattern beside it is 300 characters at every time field. */
function dropTimePattern({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string } }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

export function addOpenApiRoute(app: FastifyInstance): void {
  app.get('/api/v1/openapi.json', {
    schema: {
      summary: 'This document',
      response: {
        200: answer(z.looseObject({ openapi: z.string() }), 'OpenAPI 3.1.'),
        ...errorAnswers('token'),
      },
    },
    handler: async () => app.swagger(),
  });
}
