// Refuses what the tracker cannot do at all, before anything else is looked at.

import { ToolFault } from '../../contract/agent-tools.ts';
import type { ToolOperation, WriteAction, WriteOperation } from '../../contract/tool-operations.ts';
import { supports } from '../../contract/tool-support.ts';
import type { TrackerAdapter } from '../../contract/tracker.ts';

/** Throws ToolFault `unsupported_operation`. */
export function demandSupport(tracker: TrackerAdapter, operation: ToolOperation): void {
  if (!supports(tracker, operation))
    throw new ToolFault('unsupported_operation', `this tracker cannot ${operation.replaceAll('_', ' ')}`);
}

/** What policy and tracker must both allow: a move that has a comment is a comment as well. */
export function operationsOf(action: WriteAction): readonly WriteOperation[] {
  const hasComment = action.operation === 'transition_issue' && action.details.comment !== undefined;
  return hasComment ? [action.operation, 'add_comment'] : [action.operation];
}

/** Throws ToolFault `unsupported_operation`. */
export function demandSupportOf(tracker: TrackerAdapter, action: WriteAction): void {
  for (const operation of operationsOf(action)) demandSupport(tracker, operation);
}
