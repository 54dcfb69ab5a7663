// The suite that every agent adapter passes, ours and anybody's. It needs no test runner: each case is a name and a
// function that rejects. With vitest: `for (const { name, run } of agentConformance(world)) it(name, run)`.

import { endingCases } from './agent-endings.ts';
import { turnCases } from './agent-turns.ts';
import type { AgentWorld } from './agent-world.ts';
import type { ConformanceCase } from './conformance-case.ts';

export type { AgentScenario, AgentStage, AgentWorld } from './agent-world.ts';

/** All cases, independent of each other; each uses stages of its own and leaves nothing behind. */
export function agentConformance(world: AgentWorld): readonly ConformanceCase[] {
  return [...turnCases(world), ...endingCases(world)];
}
