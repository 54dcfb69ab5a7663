// The block `command:` of WORKFLOW.md. It has no keys: what runs is `agent.command`, and what it needs comes
// through `agent.env` and `agent.pass_env`.

import { z } from 'zod';

export const commandSettings = z.object({});
