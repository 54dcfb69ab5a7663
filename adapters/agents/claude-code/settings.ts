// The block `claude-code:` of WORKFLOW.md. Keys that a person must answer to are refused here, before anything runs;
// everything else is passed on as an option of the CLI (call.ts). docs/agents/claude-code.md is the page for users.

import { z } from 'zod';
import { mcpConfig } from '../driver/index.ts';

/** Modes in which every tool call is decided at once, by the CLI itself. */
const MODES = ['bypassPermissions', 'acceptEdits', 'auto', 'dontAsk'] as const;

/** Known to the CLI, and useless without a person. */
const REFUSED_MODES: Readonly<Record<string, string>> = {
  plan: 'plan ends every turn with a plan that a person must approve, and nobody is there',
  manual: 'manual asks a person about each tool call, and nobody is there',
  default: 'default asks a person about each tool call, and nobody is there',
};

/** Integers may be quoted, like everywhere in WORKFLOW.md. */
const positive = z
  .union([z.number(), z.string().regex(/^\d+$/, 'must be an integer').transform(Number)])
  .pipe(z.int().min(1).max(1_000_000));

const dollars = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d+(?:\.\d+)?$/, 'must be a number')
      .transform(Number),
  ])
  .pipe(z.number().positive().max(1_000_000));

/** Goes onto the command line: never something that could be taken for an option. */
const word = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\s-][^\r\n]*$/, 'must be one line that does not begin with a dash or a space');

const tools = z.union([word, z.array(word).max(200)], {
  error: 'must be one line or a list of them, none beginning with a dash',
});

export const claudeCodeSettings = z.object({
  permission_mode: z
    .enum(MODES, { error: ({ input }) => explainMode(input) })
    .describe('who decides about tool calls')
    .default('bypassPermissions'),
  model: word.describe('model or alias, e.g. `opus`').optional(),
  fallback_model: word.describe('models to fall back to when it is overloaded, comma-separated').optional(),
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).describe('how hard it thinks').optional(),
  max_turns: positive.describe("model calls of one turn: the CLI's own limit").optional(),
  max_budget_usd: dollars.describe("USD of one turn: the CLI's own limit").optional(),
  allowed_tools: tools.describe('tools and patterns that need no permission').optional(),
  disallowed_tools: tools.describe('tools and patterns that are taken away').optional(),
  append_system_prompt: z.string().max(100_000).describe("text after the CLI's own system prompt").optional(),
  mcp_config: mcpConfig.describe('path of a file with MCP servers, or its JSON').optional(),
});

export type ClaudeCodeSettings = z.infer<typeof claudeCodeSettings>;

function explainMode(input: unknown): string | undefined {
  const refusal = typeof input === 'string' ? REFUSED_MODES[input] : undefined;
  if (refusal === undefined) return undefined;
  return `${refusal}; write dontAsk and name in allowed_tools what it may do, or bypassPermissions`;
}
