// How the answers of a route are described to Fastify and, through it, in the OpenAPI document.

import type { z } from 'zod';
import { errorCodes, type ErrorCode } from './error-codes.ts';
import { errorSchema } from './schemas.ts';

/** Every route answers with these, whatever it does. */
const ALWAYS: readonly ErrorCode[] = ['invalid_request', 'host_not_allowed', 'internal_error'];
/** All routes but probes and metrics. */
const BEHIND_TOKEN: readonly ErrorCode[] = ['unauthorized', 'too_many_logins'];

export interface Documented {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
}

export function answer(schema: z.ZodType, description: string, mediaType = 'application/json'): Documented {
  return { description, content: { [mediaType]: { schema } } };
}

/** The error answers of a route by status; codes that share a status share an entry. */
export function errorAnswers(
  access: 'open' | 'token',
  ...codes: readonly ErrorCode[]
): Record<number, Documented> {
  const answers: Record<number, Documented> = {};
  for (const code of [...ALWAYS, ...(access === 'token' ? BEHIND_TOKEN : []), ...codes]) {
    const { status, meaning } = errorCodes[code];
    const before = answers[status];
    const line = `\`${code}\`: ${meaning}`;
    answers[status] = answer(errorSchema, before === undefined ? line : `${before.description} ${line}`);
  }
  return answers;
}
