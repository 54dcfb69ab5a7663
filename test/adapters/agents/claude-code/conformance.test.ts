// `claude-code` behaves like every agent must, with a fake CLI in the place of the real one.
import { afterEach, describe, it } from 'vitest';
import { agent } from '../../../../adapters/agents/claude-code/index.ts';
import { agentConformance } from '../../../conformance/agent.ts';
import type { AgentScenario, AgentWorld } from '../../../conformance/agent.ts';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import { clearStages, newRequest } from '../stage.ts';
import { recordedTurn } from './fake-claude.ts';

const turns: Record<Exclude<AgentScenario, 'missing'>, FakeTurn> = {
  completes: recordedTurn('partial-tool'),
  fails: recordedTurn('error500', { exitCode: 1 }),
  asks: recordedTurn('dontask'),
  hangs: recordedTurn('partial-tool', { misbehave: [{ kind: 'hang', afterLine: 12, withTool: true }] }),
  resists: recordedTurn('partial-tool', {
    misbehave: [
      { kind: 'child-in-new-session', afterLine: 2, ignoresSignals: true },
      { kind: 'hang', afterLine: 12 },
    ],
    onSignal: { SIGINT: 'ignore', SIGTERM: 'ignore' },
  }),
};

const world: AgentWorld = {
  registration: agent,
  usagePerTurn: { inputTokens: 200, outputTokens: 20, cacheReadTokens: 40 },
  async stage(scenario) {
    const env = { ANTHROPIC_API_KEY: 'key' };
    const request = await newRequest({ command: 'claude' });
    if (scenario === 'missing') {
      return { request: { ...request, env: { ...env, PATH: '/nowhere' } }, close: () => Promise.resolve() };
    }
    const turn = turns[scenario];
    const fake = await installFakeAgent({ name: 'claude', turns: [turn, turn] });
    return {
      request: { ...request, env: { ...fake.pathEnv(request.env), ...env } },
      close: () => fake.close(),
    };
  },
};

afterEach(clearStages);

describe('the agent suite', () => {
  for (const { name, run } of agentConformance(world)) it(name, run);
});
