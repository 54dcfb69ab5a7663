// `acp` behaves like every agent must, except where the suite knows only agents whose process is one turn.
import { afterEach, describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/acp/index.ts';
import { agentConformance } from '../../../conformance/agent.ts';
import type { AgentScenario, AgentWorld } from '../../../conformance/agent.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import { clearStages, newRequest } from '../stage.ts';
import { commandOf } from './stage-acp.ts';

const can = (scenario: AgentScenario): string =>
  scenario === 'missing'
    ? 'sortie-no-such-agent'
    : commandOf({ resume: true, knowsAll: true, always: WORDS[scenario] });
const WORDS: Record<Exclude<AgentScenario, 'missing'>, string> = {
  completes: 'say=working;tool;usage=1',
  fails: 'say=trying;exit=1',
  asks: 'no-option',
  hangs: 'say=working;hang-tool',
  resists: 'stubborn',
};

const world: AgentWorld = {
  registration: agent,
  processServes: 'session',
  usagePerTurn: { inputTokens: 100, outputTokens: 10, cacheReadTokens: 20 },
  async stage(scenario) {
    const request: SessionRequest = await newRequest({ command: can(scenario) });
    return { request, close: () => Promise.resolve() };
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
