// The tools that agents get on Jira, under the names and with the parameters of the public Atlassian tools that models
// know. Each reads by itself or comes down to writes that policy, approvals and outbox carry on with.
import type { TrackerTool } from '../../../../src/contract/agent-tools.ts';
import { createIssuesTool, createIssueTool } from './create-issue.ts';
import { getUserTool, listProjectsTool } from './directory.ts';
import { getIssueTool } from './get-issue.ts';
import { byProjectTool, byUserTool } from './issues-by.ts';
import { manageIssueTool } from './manage-issue.ts';
import { Scope } from './scope.ts';
import { searchTool } from './search.ts';
import type { JiraToolParts } from './tool.ts';
import { updateIssueTool } from './update-issue.ts';

export type { JiraToolParts } from './tool.ts';

/** In the order in which they are shown. */
export function jiraTools(parts: JiraToolParts): readonly TrackerTool[] {
  const scope = new Scope(parts.client);
  return [
    searchTool(parts, scope),
    getIssueTool(parts, scope),
    createIssueTool(),
    createIssuesTool(),
    updateIssueTool(),
    manageIssueTool(),
    byProjectTool(parts, scope),
    byUserTool(parts, scope),
    listProjectsTool(parts),
    getUserTool(parts),
  ];
}
