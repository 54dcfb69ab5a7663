// The door against our own agents: they run on this machine, perhaps as the same user, and could open the operator's port
// as people do, to approve what they have asked for or to lift a hold. What comes from a process of a run changes nothing
// here, and neither does what somebody here sent and did not wait for, which nobody can know again. Looking is free: it
// tells an agent nothing that its user cannot read in the database. No wall: whoever hides where it comes from is not
// known (docs/security.md).

import type { IncomingMessage } from 'node:http';
import { ApiError } from './error-codes.ts';
import { isLoopback } from './token-guard.ts';

/** Who is at the other end of a connection within this machine; `other` = no run, or it cannot be told. Never rejects. */
export type AgentOf = (ports: {
  readonly localPort: number;
  readonly remotePort: number;
}) => Promise<
  { readonly kind: 'run'; readonly runId: string } | { readonly kind: 'gone' } | { readonly kind: 'other' }
>;

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

const LEFT = 'who sent this has not waited for the answer, and may be an agent';

/** Not for what comes over the Unix socket, which has no ports. Rejects with `agent_refused`. */
export async function guardAgents(
  agentOf: AgentOf | undefined,
  { method, socket }: IncomingMessage,
): Promise<void> {
  if (agentOf === undefined || SAFE_METHODS.has(method ?? '')) return;
  const { localPort, localAddress, remotePort, remoteAddress } = socket;
  // A connection that was cut off has no other end any more, and what was sent before is read all the same.
  if (remoteAddress === undefined) throw new ApiError('agent_refused', LEFT);
  if (localPort === undefined || remotePort === undefined) return;
  // From this machine to an address of its own that is none of the loopback, the one end has the other's address.
  if (!isLoopback(remoteAddress) && remoteAddress !== localAddress) return;
  const peer = await agentOf({ localPort, remotePort });
  if (peer.kind === 'run') {
    throw new ApiError(
      'agent_refused',
      `this comes from the agent of run ${peer.runId}: agents ask by their tools, people decide here`,
    );
  }
  if (peer.kind === 'gone' || socket.destroyed) throw new ApiError('agent_refused', LEFT);
}
