// The block `gemini-cli:` of WORKFLOW.md. There is no key for the approval mode: whatever asks a person would leave an
// unattended agent waiting, so tools are always approved, and what must not happen is denied by the user's policies.

import { z } from 'zod';
import { mcpConfig } from '../driver/index.ts';

/** Integers may be quoted, like everywhere in WORKFLOW.md. */
const turns = z
  .union([z.number(), z.string().regex(/^\d+$/, 'must be an integer').transform(Number)])
  .pipe(z.int().min(1).max(100_000));

/** Keys as users write them; none has a default, an absent one is the CLI's or the user's own affair. */
export const geminiSettings = z.object({
  model: z
    .string()
    .min(1)
    .max(200)
    .refine((name) => !name.startsWith('-'), 'must be the name of a model, not an option')
    .describe("given to --model; absent: the model of ~/.gemini/settings.json, or the CLI's own")
    .optional(),
  mcp_config: mcpConfig
    .describe('a JSON file, or inline JSON, with "mcpServers" as the CLI\'s own settings.json has them')
    .optional(),
  max_session_turns: turns
    .describe('how often the model is asked in one turn of ours before the CLI gives up; absent: no limit')
    .optional(),
});

export type GeminiSettings = z.infer<typeof geminiSettings>;
