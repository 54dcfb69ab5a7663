// The agents' adapters by kind, each made when it is first asked for.

import { agents } from '../../adapters/index.ts';
import type { WorkerAgent } from '../worker/index.ts';

/** One adapter of each kind for the daemon's life: it remembers what it has found out about its agent. */
export function createAgentFinder(): (kind: string) => WorkerAgent | null {
  const made = new Map<string, WorkerAgent>();
  return (kind: string): WorkerAgent | null => {
    const known = made.get(kind);
    if (known !== undefined) return known;
    const registration = agents.find((one) => one.kind === kind);
    if (registration === undefined) return null;
    const agent = { adapter: registration.create(), registration };
    made.set(kind, agent);
    return agent;
  };
}
