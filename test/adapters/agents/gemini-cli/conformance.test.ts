// `gemini-cli` behaves like every agent must, with a fake CLI in place of the real one.
import { afterEach, describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/gemini-cli/index.ts';
import { agentConformance } from '../../../conformance/agent.ts';
import type { AgentScenario, AgentWorld } from '../../../conformance/agent.ts';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import { clearStages, newRequest } from '../stage.ts';
import { FIXTURES, recordedLines } from './recorded.ts';

const RECORDED_ID = '33333333-3333-4333-8333-333333333333';
const success: FakeTurn = {
  output: { file: `${FIXTURES}/success.jsonl` },
  replace: { [RECORDED_ID]: { flag: ['--session-id', '--resume'] } },
};
const refused = [
  { type: 'init', session_id: RECORDED_ID, model: 'm' },
  { type: 'tool_use', tool_id: 'a', tool_name: 'run_shell_command' },
  {
    type: 'tool_result',
    tool_id: 'a',
    status: 'error',
    error: { type: 'policy_violation', message: 'denied' },
  },
  { type: 'result', status: 'success', stats: {} },
].map((line) => JSON.stringify(line));
const turns: Record<Exclude<AgentScenario, 'missing'>, FakeTurn> = {
  completes: success,
  fails: { output: { lines: recordedLines('success').slice(0, 4) }, exitCode: 1 },
  asks: { output: { lines: refused } },
  hangs: { ...success, misbehave: [{ kind: 'hang', afterLine: 5, withTool: true }] },
  resists: {
    ...success,
    misbehave: [
      { kind: 'child-in-new-session', ignoresSignals: true },
      { kind: 'hang', afterLine: 5 },
    ],
    onSignal: { SIGTERM: 'ignore', SIGINT: 'ignore' },
  },
};

const world: AgentWorld = {
  registration: agent,
  usagePerTurn: { inputTokens: 200, outputTokens: 20, cacheReadTokens: 40 },
  async stage(scenario) {
    const request = await newRequest({ command: 'gemini' });
    if (scenario === 'missing') {
      return {
        request: { ...request, env: { ...request.env, PATH: '/nowhere' } },
        close: () => Promise.resolve(),
      };
    }
    const fake = await installFakeAgent({ name: 'gemini', turns: Array<FakeTurn>(5).fill(turns[scenario]) });
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
