// A tool as a tracker brings it: whatever actions it is given, for tests that need an operation and no parameters.

import { z } from 'zod';
import type { TrackerTool } from '../../src/contract/agent-tools.ts';
import { WRITE_OPERATIONS, type WriteAction } from '../../src/contract/tool-operations.ts';

export const writeTool: TrackerTool = {
  name: 'write',
  title: 'Write',
  summary: 'write anything',
  describe: (schema) =>
    `Writes. Types: ${schema?.issueTypes.map(({ name }) => name).join(', ') ?? 'not known'}`,
  input: z.strictObject({
    actions: z.array(z.object({ operation: z.enum(WRITE_OPERATIONS), details: z.unknown() })),
  }),
  operations: WRITE_OPERATIONS,
  plan: (args) => ({ kind: 'write', actions: args['actions'] as readonly WriteAction[] }),
};
