// The tools of one daemon: those that every tracker has, and those that its tracker brings. A name is taken once; ours
// go before a tracker's.

import { hasTools, type TrackerTool } from '../../contract/agent-tools.ts';
import type { Approvals } from '../approvals/approvals.ts';
import type { EngineTool } from '../calls/tool.ts';
import type { CreateToolsParts } from '../parts.ts';
import { notifyOperator } from './notify-operator.ts';
import { requestStatus } from './request-status.ts';
import { sortieStatus, workspaceHistory } from './run-tools.ts';
import { trackerApi } from './tracker-api.ts';

const TOOL_NAME = /^[A-Za-z0-9_]{1,64}$/;

export function allTools(
  parts: Pick<
    CreateToolsParts,
    'clock' | 'settings' | 'newUuid' | 'ledger' | 'record' | 'log' | 'tracker' | 'figures' | 'history'
  > & { readonly approvals: Approvals },
): ReadonlyMap<string, EngineTool> {
  const { tracker, log } = parts;
  const tools = new Map<string, EngineTool>();
  const ours = [
    trackerApi(tracker),
    sortieStatus(parts),
    workspaceHistory(parts),
    notifyOperator(parts),
    requestStatus(parts),
  ];
  const theirs: readonly TrackerTool[] = hasTools(tracker) ? tracker.tools() : [];
  for (const tool of [...ours, ...theirs]) {
    if (TOOL_NAME.test(tool.name) && !tools.has(tool.name)) tools.set(tool.name, tool);
    else log.warn('a tool of the tracker is left out: its name is taken or not allowed', { tool: tool.name });
  }
  return tools;
}
