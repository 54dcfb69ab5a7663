// What must hold in the world, not only in the file, before a run is started: the workspace root can be
// written, the agent can be found. Asked by `sortie validate` and before each tick's dispatch. Creates
// nothing and starts nothing that stays.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AgentRegistration } from '../contract/agent.ts';
import type { Settings, Workflow, WorkflowProblem } from '../contract/settings.ts';
import type { Environment } from './load-options.ts';
import { oneLine } from './workflow-error.ts';

/** One line a problem; empty = dispatch. `agent` null: no adapter of that kind is there. */
export async function checkPreflight(
  workflow: Workflow,
  agent: AgentRegistration | null,
  env: Environment,
): Promise<string[]> {
  return (await preflightProblems(workflow, agent, env)).map(({ message }) => message);
}

export async function preflightProblems(
  { settings, path, secretEnvNames }: Workflow,
  agent: AgentRegistration | null,
  env: Environment,
): Promise<WorkflowProblem[]> {
  const found: WorkflowProblem[] = [];
  const report = (check: string, text: string): void => {
    found.push({ severity: 'error', check, message: oneLine(`${path}: ${text}`) });
  };
  const root = await checkWritable(settings.workspaceRoot);
  if (root !== null) report('workspace.root_writable', root);
  if (agent === null)
    report('agent.kind', `there is no agent adapter "${settings.agent.kind}"; choose another`);
  else {
    const command = await checkCommand(agent, settings, env, secretEnvNames);
    if (command !== null) report('agent.command', command);
  }
  return found;
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

async function checkCommand(
  agent: AgentRegistration,
  settings: Settings,
  env: Environment,
  secretEnvNames: readonly string[],
): Promise<string | null> {
  const command = settings.agent.command || agent.defaultCommand;
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !secretEnvNames.includes(name)) environment[name] = value;
  }
  try {
    const problem = await agent.checkCommand(command, { ...environment, ...settings.agent.env });
    return problem;
  } catch (error) {
    return `agent.command could not be checked: ${error instanceof Error ? error.message : String(error)}`;
  }
}
