// The sockets to Jira: one pool an origin, kept open between polls and shared by all adapters of the process, so that
// a reload opens no new ones. Idle sockets do not keep the process alive. Nothing here follows a redirect.
import { Agent, type Dispatcher } from 'undici';

/** More than the governor lets through: the pool never is the queue. */
const connectionsAnOrigin = 16;
const connectTimeoutMs = 10_000;

let shared: Agent | null = null;

export function connections(): Dispatcher {
  shared ??= new Agent({
    connections: connectionsAnOrigin,
    pipelining: 1,
    connect: { timeout: connectTimeoutMs },
  });
  return shared;
}

/** Ends what is under way; a later call opens new sockets. For tests: idle sockets do not keep the process alive. */
export async function closeConnections(): Promise<void> {
  const closing = shared;
  shared = null;
  await closing?.destroy();
}
