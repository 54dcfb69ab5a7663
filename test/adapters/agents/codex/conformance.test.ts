// `codex` behaves like every agent must, with a fake app-server in place of the real one.
import { afterEach, describe, it } from 'vitest';
import { agent } from '../../../../adapters/agents/codex/index.ts';
import { agentConformance } from '../../../conformance/agent.ts';
import type { AgentScenario, AgentWorld } from '../../../conformance/agent.ts';
import { closeFake, openFake } from './fake-codex.ts';
import type { FakeOptions } from './fake-codex.ts';
import { fixturePath } from './recorded.ts';

const hang = { kind: 'hang', method: 'turn/start', afterLine: 8, withTool: true } as const;
const worlds: Record<Exclude<AgentScenario, 'missing'>, FakeOptions> = {
  completes: { hooks: fixturePath('any-thread.mjs') },
  fails: { misbehave: [{ kind: 'exit', method: 'turn/start', afterLine: 4, exitCode: 1 }] },
  asks: { hooks: fixturePath('approvals.mjs') },
  hangs: { misbehave: [hang] },
  resists: {
    misbehave: [
      { kind: 'child-in-new-session', method: 'thread/start', ignoresSignals: true },
      hang,
      { kind: 'hang', method: 'turn/interrupt' },
    ],
    onSignal: { SIGINT: 'ignore', SIGTERM: 'ignore' },
    endsWithStdin: false,
  },
};

const world: AgentWorld = {
  registration: agent,
  processServes: 'session',
  usagePerTurn: { inputTokens: 200, outputTokens: 20, cacheReadTokens: 40 },
  async stage(scenario) {
    const { stage } = await openFake(scenario === 'missing' ? {} : worlds[scenario]);
    const request = { ...stage.request, stopGraceMs: 600 };
    const env = { ...request.env, PATH: '/nowhere' };
    return {
      request: scenario === 'missing' ? { ...request, env } : request,
      close: () => Promise.resolve(),
    };
  },
};

describe('conformance of codex', () => {
  afterEach(closeFake);
  for (const { name, run } of agentConformance(world)) it(name, run);
});
