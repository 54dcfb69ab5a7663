// The tools of one run: asked for once, with what they must know of it. A run without any goes on without.

import type { RunTools } from '../contract/agent-tools.ts';
import type { WorkerAgent } from './dependencies.ts';
import type { RunContext } from './run-context.ts';
import type { RunFolders } from './run-folders.ts';

/** null = there is no host, it is switched off, or this agent takes none. */
export async function openTools(
  run: RunContext,
  { registration }: WorkerAgent,
  { privateDirectory }: RunFolders,
): Promise<RunTools | null> {
  const { tools } = run.dependencies;
  if (tools === undefined || registration.tools === 'none') return null;
  const { runId, issue, attempt, agentKind, settings } = run.spec;
  const { maxTurns } = settings.agent;
  const onActivity = (message: string): void => {
    run.emitSoon({ kind: 'agent_event', event: { kind: 'other_message', message } });
  };
  const connects = registration.tools !== 'stdio';
  const facts = { runId, issue, attempt, agentKind, maxTurns, privateDirectory, connects, onActivity };
  return tools.open({ ...facts, signal: run.signal });
}
