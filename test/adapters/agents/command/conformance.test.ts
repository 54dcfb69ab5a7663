// `command` behaves like every agent must.
import { afterEach, describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/command/index.ts';
import { agentConformance } from '../../../conformance/agent.ts';
import type { AgentScenario, AgentWorld } from '../../../conformance/agent.ts';
import { clearStages, newRequest } from '../stage.ts';

const usage = `echo '{"event":"token_usage","input_tokens":70,"output_tokens":7,"cache_read_tokens":3}'`;
const commands: Record<AgentScenario, string> = {
  completes: `echo working; ${usage}; cat >/dev/null; ${usage}`,
  fails: 'echo trying; exit 75',
  asks: 'echo "Which one?"; exit 77',
  hangs: 'echo working; exec sleep 300',
  resists: `trap '' TERM; setsid sh -c 'trap "" TERM; while :; do sleep 1; done' & echo no; while :; do sleep 1; done`,
  missing: 'sortie-no-such-program',
};

const world: AgentWorld = {
  registration: agent,
  usagePerTurn: { inputTokens: 140, outputTokens: 14, cacheReadTokens: 6 },
  async stage(scenario) {
    return { request: await newRequest({ command: commands[scenario] }), close: () => Promise.resolve() };
  },
};

afterEach(clearStages);

describe('the agent suite', () => {
  const cases = agentConformance(world);
  it('has cases', () => {
    expect(cases.length).toBeGreaterThan(15);
  });
  for (const { name, run } of cases) it(name, run);
});
