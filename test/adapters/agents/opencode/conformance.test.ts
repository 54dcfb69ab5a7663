// `opencode` behaves like every agent must, with a fake CLI in place of the real one.
import { afterEach, describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/opencode/index.ts';
import { agentConformance } from '../../../conformance/agent.ts';
import type { AgentScenario, AgentWorld } from '../../../conformance/agent.ts';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import { clearStages, newRequest } from '../stage.ts';
import { FIXTURES, RECORDED_ID } from './recorded.ts';

const success: FakeTurn = {
  output: { file: `${FIXTURES}/success.jsonl` },
  replace: { [RECORDED_ID]: { flag: '--session' } },
};
const turns: Record<Exclude<AgentScenario, 'missing'>, FakeTurn> = {
  completes: success,
  fails: { output: { file: `${FIXTURES}/error500.jsonl` }, exitCode: 1 },
  asks: { output: { file: `${FIXTURES}/refused.jsonl` } },
  hangs: { ...success, misbehave: [{ kind: 'hang', afterLine: 3, withTool: true }] },
  resists: {
    ...success,
    misbehave: [
      { kind: 'child-in-new-session', ignoresSignals: true },
      { kind: 'hang', afterLine: 3 },
    ],
    onSignal: { SIGTERM: 'ignore', SIGINT: 'ignore' },
  },
};

const world: AgentWorld = {
  registration: agent,
  usagePerTurn: { inputTokens: 200, outputTokens: 20, cacheReadTokens: 40 },
  async stage(scenario) {
    const request = await newRequest({ command: 'opencode' });
    if (scenario === 'missing') {
      return {
        request: { ...request, env: { ...request.env, PATH: '/nowhere' } },
        close: () => Promise.resolve(),
      };
    }
    const fake = await installFakeAgent({
      name: 'opencode',
      turns: Array<FakeTurn>(5).fill(turns[scenario]),
    });
    return { request: { ...request, env: fake.pathEnv(request.env) }, close: () => fake.close() };
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
