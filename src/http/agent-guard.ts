// The door against our own agents: they run on this machine, perhaps as the same user, and could open the operator's port
// as people do, to approve what they have asked for or to lift a hold. What comes from a process of a run changes nothing
// here. No wall: whoever hides where it comes from is not known again (docs/security.md).

import type { IncomingMessage } from 'node:http';
import { ApiError } from './error-codes.ts';
import { isLoopback } from './token-guard.ts';

/** Which run's process is at the other end of a loopback connection; null = none, or nobody can tell. Never rejects. */
export type AgentOf = (ports: {
  readonly localPort: number;
  readonly remotePort: number;
}) => Promise<string | null>;

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Rejects with `agent_refused`. */
export async function guardAgents(
  agentOf: AgentOf | undefined,
  { method, socket }: IncomingMessage,
): Promise<void> {
  if (agentOf === undefined || SAFE_METHODS.has(method ?? '')) return;
  const { localPort, remotePort, remoteAddress } = socket;
  if (localPort === undefined || remotePort === undefined || !isLoopback(remoteAddress ?? '')) return;
  const runId = await agentOf({ localPort, remotePort });
  if (runId === null) return;
  throw new ApiError(
    'agent_refused',
    `this comes from the agent of run ${runId}: agents ask by their tools, people decide here`,
  );
}
