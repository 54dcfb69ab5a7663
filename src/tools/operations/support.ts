// Refuses what the tracker cannot do at all, before anything else is looked at.

import { ToolFault } from '../../contract/agent-tools.ts';
import type { ToolOperation } from '../../contract/tool-operations.ts';
import { supports } from '../../contract/tool-support.ts';
import type { TrackerAdapter } from '../../contract/tracker.ts';

/** Throws ToolFault `unsupported_operation`. */
export function demandSupport(tracker: TrackerAdapter, operation: ToolOperation): void {
  if (!supports(tracker, operation))
    throw new ToolFault('unsupported_operation', `this tracker cannot ${operation.replaceAll('_', ' ')}`);
}
