// The block `copilot-cli:` of WORKFLOW.md. Without any of the four tool lists everything is allowed; with one of them
// nothing is that it does not allow, and what would be asked is refused: the CLI is started so that it cannot ask.

import { z } from 'zod';
import { mcpConfig } from '../driver/index.ts';

/** Goes onto the command line: never something that could be taken for an option. */
const word = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\s-][^\r\n]*$/, 'must be one line that does not begin with a dash or a space');

const tools = z.array(word).max(200);

/** Integers may be quoted, like everywhere in WORKFLOW.md. */
const count = z
  .union([z.number(), z.string().regex(/^\d+$/, 'must be an integer').transform(Number)])
  .pipe(z.int().min(0).max(10_000));

/** Keys as users write them, with their defaults. */
export const copilotSettings = z
  .object({
    model: word.describe("given to --model; absent: COPILOT_MODEL, or the CLI's own choice").optional(),
    max_autopilot_continues: count
      .describe('how often the autopilot goes on by itself in one turn, where the user has switched it on')
      .prefault(50),
    agent: word.describe('given to --agent: a custom agent').optional(),
    allowed_tools: tools.describe('permissions that are given, e.g. `shell(git:*)`, `write`').optional(),
    denied_tools: tools.describe('permissions that are never given, whatever allows them').optional(),
    available_tools: tools.describe('only these tools are shown to the model').optional(),
    excluded_tools: tools.describe('these tools are not shown to the model').optional(),
    mcp_config: mcpConfig.describe('path of a file with MCP servers, or its JSON').optional(),
    disable_builtin_mcps: z.boolean().describe("leave out the CLI's own MCP servers").default(false),
    no_custom_instructions: z.boolean().describe('ignore AGENTS.md and its like').default(false),
    experimental: z.boolean().describe('switch experimental features on').default(false),
  })
  .superRefine(({ available_tools: available = [], excluded_tools: excluded = [] }, context) => {
    const both = excluded.filter((tool) => available.includes(tool));
    if (both.length === 0) return;
    context.addIssue({
      code: 'custom',
      path: ['excluded_tools'],
      // Observed: with both, the CLI shows it.
      message: `${both.join(', ')}: also in available_tools, which would win; list each tool once`,
    });
  });

export type CopilotSettings = z.infer<typeof copilotSettings>;

/** One of the lists that say what is allowed is set. */
export function isToolScoped(settings: CopilotSettings): boolean {
  const { allowed_tools, denied_tools, available_tools, excluded_tools } = settings;
  return [allowed_tools, denied_tools, available_tools, excluded_tools].some((list) => list !== undefined);
}
