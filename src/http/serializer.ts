// Answers → JSON text, each checked against its schema on the way, so that what is documented is what is sent. Does
// what fastify-type-provider-zod's own compiler does, by `parse` where that one says `encode`: for schemas without
// codecs, and answers have none, the two are the same, but zod compiles the one and interprets the other.

import type { FastifySerializerCompiler } from 'fastify';
import { ResponseSerializationError } from 'fastify-type-provider-zod';
import type { z } from 'zod';

export const serializerCompiler: FastifySerializerCompiler<z.ZodType> =
  ({ schema, method, url }) =>
  (data) => {
    const result = schema.safeParse(data);
    if (!result.success) throw new ResponseSerializationError(method, url, { cause: result.error });
    return JSON.stringify(result.data);
  };
