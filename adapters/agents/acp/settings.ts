// The block `acp:` of WORKFLOW.md. Which agent it is says `agent.command`; how that agent is configured is its own
// affair, but for the two things that the protocol can carry.

import { z } from 'zod';
import { mcpConfig } from '../driver/index.ts';

export const acpSettings = z.object({
  mode: z
    .string()
    .min(1)
    .max(300)
    .describe(
      'session mode to switch to, one of those that the agent offers (e.g. "yolo"); absent: its own default',
    )
    .optional(),
  mcp_config: mcpConfig
    .describe(
      'a JSON file, or inline JSON, with "mcpServers"; ${NAME} in url, headers and env comes from the environment',
    )
    .optional(),
});

export type AcpSettings = z.infer<typeof acpSettings>;
