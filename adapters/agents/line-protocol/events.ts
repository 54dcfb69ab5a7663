// What one line of an agent's stdout means. A line is an event only when it is a JSON object with a known
// `event`; its fields are checked, because they end up in totals, costs and the environment of the next turn.
// Bad fields make the event `malformed`: reported with the reason, never thrown, never half-used.

import { z } from 'zod';
import type { AgentEvent } from '../../../src/contract/agent.ts';
import { cleanText } from '../driver/index.ts';

/** No model call reads or writes more; a larger figure is a program's mistake and would spoil every total. */
const MAX_TOKENS = 1_000_000_000;
const MAX_COST_USD = 100_000;
const MAX_DURATION_MS = 31 * 24 * 60 * 60 * 1000;
const NAME_LIMIT = 200;

const tokens = z.int().min(0).max(MAX_TOKENS).default(0);
/** Goes into `SORTIE_SESSION_ID` and into logs. */
const sessionId = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters, no spaces');

const callId = z.string().min(1).max(NAME_LIMIT);

const eventSchemas = {
  token_usage: z
    .object({
      input_tokens: tokens,
      output_tokens: tokens,
      cache_read_tokens: tokens,
      cache_write_tokens: tokens,
      model: z.string().default(''),
      cost_usd: z.number().min(0).max(MAX_COST_USD).nullable().default(null),
    })
    .transform((usage): AgentEvent => ({
      kind: 'token_usage',
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
      cacheReadTokens: usage.cache_read_tokens,
      ...(usage.cache_write_tokens === 0
        ? {}
        : { cacheWriteTokens: Math.min(usage.cache_write_tokens, usage.input_tokens) }),
      model: cleanText(usage.model, NAME_LIMIT),
      costUsd: usage.cost_usd,
    })),
  session_started: z
    .object({ session_id: sessionId })
    .transform((started): AgentEvent => ({ kind: 'session_started', sessionId: started.session_id })),
  notification: z
    .object({ message: z.string() })
    .transform((said): AgentEvent => ({ kind: 'notification', message: cleanText(said.message) })),
  tool_started: z.object({ call_id: callId, name: z.string().min(1) }).transform((tool): AgentEvent => ({
    kind: 'tool_started',
    callId: tool.call_id,
    name: cleanText(tool.name, NAME_LIMIT),
  })),
  tool_result: z
    .object({
      call_id: callId.optional(),
      name: z.string().min(1),
      duration_ms: z.number().min(0).max(MAX_DURATION_MS).default(0),
      ok: z.boolean(),
      writes: z.boolean().default(false),
    })
    .transform((tool): AgentEvent => ({
      kind: 'tool_result',
      ...(tool.call_id === undefined ? {} : { callId: tool.call_id }),
      name: cleanText(tool.name, NAME_LIMIT),
      durationMs: Math.round(tool.duration_ms),
      ok: tool.ok,
      ...(tool.writes ? { writes: true } : {}),
    })),
} as const;

/**
 * - `event`: to be reported (`malformed` included).
 * - `text`: an ordinary line; `message` is fit to be shown, "" for a blank line.
 * - `doubtful`: starts like an object but is no JSON: noise, or an event whose end is missing.
 */
export type LineMeaning =
  | { readonly kind: 'event'; readonly event: AgentEvent }
  | { readonly kind: 'text'; readonly message: string }
  | { readonly kind: 'doubtful'; readonly message: string };

/** Never throws, whatever the line holds. */
export function readLine(line: string): LineMeaning {
  const text = line.trim();
  if (!text.startsWith('{')) return { kind: 'text', message: cleanText(text) };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'doubtful', message: cleanText(text) };
  }
  const name = (value as { event?: unknown }).event;
  if (!isKnown(name)) return { kind: 'text', message: cleanText(text) };
  const parsed = eventSchemas[name].safeParse(value);
  if (parsed.success) return { kind: 'event', event: parsed.data };
  const [problem] = parsed.error.issues;
  const place = problem === undefined ? '' : `${problem.path.join('.')}: ${problem.message}`;
  return { kind: 'event', event: { kind: 'malformed', message: cleanText(`event "${name}": ${place}`) } };
}

function isKnown(name: unknown): name is keyof typeof eventSchemas {
  return typeof name === 'string' && Object.hasOwn(eventSchemas, name);
}
