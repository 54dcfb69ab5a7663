// The shapes of what people tell the daemon, and of signing in.

import { z } from 'zod';
import { OPERATOR_ACTIONS } from '../contract/controls.ts';
import { time } from './schemas.ts';

const word = {
  reason: z.string().optional().describe('why; made one line and cut to 500 characters'),
  by: z
    .string()
    .optional()
    .describe('who, `operator` when absent; cut to 100 characters; of a user his own name counts'),
};

/** An unknown key is refused: a misspelt `reason` would be lost for good. A body is not needed. */
export const wordSchema = z.strictObject(word).nullish();

/** Whoever rings, a service with an event of its own as the body too: other keys are passed over. */
export const refreshWordSchema = z.object(word).nullish();

export const acceptedSchema = z.object({
  accepted: z.literal(true),
  control: z.enum(OPERATOR_ACTIONS),
  issue_identifier: z.string().nullable().describe('null = the daemon as a whole'),
  message: z.string().describe('one line: what happens now'),
});

export const refreshSchema = acceptedSchema.extend({
  queued: z.boolean(),
  coalesced: z.boolean().describe('true when a refresh was already waiting'),
  requested_at: time,
  operations: z.array(z.string()),
});

export const loginSchema = z.strictObject({
  token: z.string().min(1).max(4_096).describe('server.token, or a user’s'),
});

export const sessionSchema = z.object({
  signed_in: z.boolean(),
  expires_at: time.nullable().describe('null = no session, or none is needed here'),
});
