// What must hold in the world, not only in the file, before a run is started: the workspace root can be
// written, the agent can be found. Asked by `sortie validate` and before each tick's dispatch. Creates
// nothing and starts nothing that stays.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AgentRegistration } from '../contract/agent.ts';
import type { Workflow, WorkflowProblem } from '../contract/settings.ts';
import { agentCommandOf, checkAgentCommand } from './agent-command.ts';
import type { Environment } from './load-options.ts';
import { oneLine } from './workflow-error.ts';

/** One line a problem; empty = dispatch. `agent` null: no adapter of that kind is there. */
export async function checkPreflight(
  workflow: Workflow,
  agent: AgentRegistration | null,
  env: Environment,
): Promise<string[]> {
  const { settings, path } = workflow;
  const root = await checkWritable(settings.workspaceRoot);
  const start = agent
    ? await checkAgentCommand(agentCommandOf({ workflow, agent }), env)
    : `there is no agent adapter "${settings.agent.kind}"; choose another`;
  return [root, start].filter((text) => text !== null).map((text) => oneLine(`${path}: ${text}`));
}

/** For `sortie validate`. */
export async function checkWorkspaceRoot({ settings, path }: Workflow): Promise<WorkflowProblem[]> {
  const text = await checkWritable(settings.workspaceRoot);
  if (text === null) return [];
  return [{ severity: 'error', check: 'workspace.root_writable', message: oneLine(`${path}: ${text}`) }];
}

/** null = a folder that can be written, or one that can be made. */
export async function checkWritable(root: string): Promise<string | null> {
  for (let folder = root; ; folder = dirname(folder)) {
    try {
      if (!(await stat(folder)).isDirectory()) {
        return `workspace.root ${root} cannot be used: ${folder} is not a folder; choose another`;
      }
      await access(folder, constants.W_OK | constants.X_OK);
      return null;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      if (code === 'ENOENT' && dirname(folder) !== folder) continue;
      return `workspace.root ${root} cannot be written (${code} at ${folder}); change its permissions or choose another`;
    }
  }
}
