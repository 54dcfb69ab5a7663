// `mock` behaves like every agent must.
import { afterEach, describe, it } from 'vitest';
import { agent } from '../../../../adapters/agents/mock/index.ts';
import { agentConformance } from '../../../conformance/agent.ts';
import type { AgentScenario, AgentWorld } from '../../../conformance/agent.ts';
import { clearStages, newRequest } from '../stage.ts';

const outcomes: Record<Exclude<AgentScenario, 'missing'>, string> = {
  completes: 'succeed',
  fails: 'fail',
  asks: 'input_required',
  hangs: 'hang',
  resists: 'ignore_sigterm',
};

const world: AgentWorld = {
  registration: agent,
  usagePerTurn: { inputTokens: 1200, outputTokens: 300, cacheReadTokens: 0 },
  async stage(scenario) {
    // The program is part of the package.
    if (scenario === 'missing') return null;
    const settings = { turn_ms: 6, outcome: outcomes[scenario] };
    return { request: await newRequest({ settings }), close: () => Promise.resolve() };
  },
};

afterEach(clearStages);

describe('the agent suite', () => {
  for (const { name, run } of agentConformance(world)) it(name, run);
});
