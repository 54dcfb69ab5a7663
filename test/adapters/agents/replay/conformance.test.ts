// `replay` behaves like every agent must.
import { afterEach, describe, it } from 'vitest';
import { agentConformance } from '../../../conformance/agent.ts';
import type { AgentScenario, AgentWorld } from '../../../conformance/agent.ts';
import { clearStages, newRequest } from '../stage.ts';
import { agent, clearRecordings, fixture, hangingTurn, writeRecording } from './recordings.ts';

async function transcriptOf(scenario: AgentScenario): Promise<string | null> {
  switch (scenario) {
    case 'completes':
      return fixture('partial-tool');
    case 'fails':
      return fixture('error500');
    case 'asks':
      return fixture('dontask');
    case 'hangs':
      return writeRecording(hangingTurn());
    // The program is part of the package, and listens to signals.
    case 'resists':
    case 'missing':
      return null;
  }
}

const world: AgentWorld = {
  registration: agent,
  usagePerTurn: { inputTokens: 200, outputTokens: 20, cacheReadTokens: 40 },
  async stage(scenario) {
    const transcript = await transcriptOf(scenario);
    if (transcript === null) return null;
    const settings = { transcript, agent: 'claude-code', speed: scenario === 'hangs' ? 1 : 0 };
    return { request: await newRequest({ command: 'bundled', settings }), close: () => Promise.resolve() };
  },
};

afterEach(async () => {
  await clearStages();
  await clearRecordings();
});

describe('the agent suite', () => {
  for (const { name, run } of agentConformance(world)) it(name, run);
});
