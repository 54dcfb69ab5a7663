// Whether the agent's program is there. It is the user's to install, so its lack is a warning to whoever checks a
// file, a refusal to whoever starts the daemon, and a pause of dispatch when it vanishes later.

import type { WorkflowProblem } from '../contract/settings.ts';
import type { AgentCommand, Environment, LoadResult } from './load-options.ts';
import { oneLine } from './workflow-error.ts';

/** The check of every problem about the agent's program. */
export const AGENT_COMMAND_CHECK = 'agent.command';

/** null = it can start. Otherwise one line in the adapter's words, which name what to install. */
export async function checkAgentCommand(
  { registration, command, env, block, secretEnvNames }: AgentCommand,
  environment: Environment,
): Promise<string | null> {
  const seen: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !secretEnvNames.includes(name)) seen[name] = value;
  }
  try {
    return await registration.checkCommand(command, { ...seen, ...env }, block ?? undefined);
  } catch (error) {
    return `agent.command could not be checked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Also of a load that failed, where the agent is known all the same: everything that is wrong is said at once. */
export async function missingAgent(
  loaded: LoadResult,
  environment: Environment,
  severity: WorkflowProblem['severity'],
): Promise<WorkflowProblem[]> {
  const agentCommand = loaded.ok ? agentCommandOf(loaded) : loaded.agentCommand;
  if (agentCommand === null) return [];
  const problem = await checkAgentCommand(agentCommand, environment);
  if (problem === null) return [];
  return [{ severity, check: AGENT_COMMAND_CHECK, message: oneLine(`${agentCommand.path}: ${problem}`) }];
}

export function agentCommandOf({
  workflow: { path, settings, secretEnvNames },
  agent,
}: Pick<Extract<LoadResult, { ok: true }>, 'workflow' | 'agent'>): AgentCommand {
  const { command, env, block } = settings.agent;
  return { path, registration: agent, command: command || agent.defaultCommand, env, block, secretEnvNames };
}
