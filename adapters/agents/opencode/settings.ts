// The block `opencode:` of WORKFLOW.md. Nothing in it can make an unattended agent wait: opencode answers a permission
// prompt in a non-interactive run by itself, with yes (`--auto`) or with no.

import { z } from 'zod';
import { overlapOf, toolRule } from './permission.ts';

const word = (what: string) =>
  z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\s-][^\r\n]*$/, `must be ${what}, not an option`);

const tools = z.array(
  z
    .string()
    .refine(
      (name) => toolRule(name) !== null,
      'must be a tool name such as bash, edit or myserver_*; finer rules belong into "permission" of opencode.json',
    ),
);

/** Keys as users write them, with their defaults. */
export const opencodeSettings = z
  .object({
    model: word('provider/model')
      .regex(/^[^/\s]+\/\S+$/, 'must be provider/model, for example anthropic/claude-sonnet-4-5')
      .describe("given to --model; absent: the model of the user's opencode configuration")
      .optional(),
    agent: word('the name of an agent')
      .describe(
        'given to --agent; one that does not exist is replaced by the default agent, with a notification',
      )
      .optional(),
    variant: word('the name of a variant')
      .describe('given to --variant: reasoning effort, by the names of the provider')
      .optional(),
    thinking: z.boolean().describe("report the model's reasoning in the transcript").default(false),
    pure: z.boolean().describe('run without external plugins').default(false),
    dangerously_skip_permissions: z
      .boolean()
      .describe('approve whatever is not denied (--auto); false: what would be asked is refused')
      .default(true),
    disable_autocompact: z
      .boolean()
      .describe('a full context ends the turn instead of being summarised')
      .default(true),
    allowed_tools: tools.describe('only these tools; absent: all').optional(),
    denied_tools: tools.describe('never these tools').optional(),
  })
  .superRefine(({ allowed_tools: allowed = [], denied_tools: denied = [] }, context) => {
    const both = overlapOf(allowed, denied);
    if (both.length === 0) return;
    context.addIssue({
      code: 'custom',
      path: ['denied_tools'],
      message: `${both.join(', ')}: also in allowed_tools (write and patch are the permission edit); list each tool once`,
    });
  });

export type OpencodeSettings = z.infer<typeof opencodeSettings>;
