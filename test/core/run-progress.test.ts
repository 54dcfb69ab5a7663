// What a run reports: what recovery needs is durable at once, counters are written in batches.

import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../src/contract/index.ts';
import { aCore, failed, type Core } from './driver.ts';
import { issue, type SettingsChange } from './issues.ts';

function usage(facts: Partial<Extract<AgentEvent, { kind: 'token_usage' }>> = {}): AgentEvent {
  const tokens = { inputTokens: 1_000_000, outputTokens: 100_000, cacheReadTokens: 2_000_000 };
  return { kind: 'token_usage', ...tokens, model: 'm', costUsd: null, ...facts };
}

function used(core: Core, event: AgentEvent): void {
  core.progress('1', { kind: 'agent_event', event });
}

function running(change: SettingsChange = {}): Core {
  const core = aCore({ settings: change });
  core.start(issue('1'));
  return core;
}

describe('durable at once', () => {
  it('is the workspace', () => {
    const core = running();
    core.progress('1', { kind: 'workspace_ready', path: '/w/1', created: true });
    expect(core.saved('run_workspace')).toMatchObject([{ issueId: '1', identifier: 'DEMO-1', path: '/w/1' }]);
  });

  it('is each process', () => {
    const core = running();
    const identity = { pid: 7, processGroup: 7, startTime: 'boot:1' };
    core.progress('1', { kind: 'process_started', identity });
    expect(core.saved('run_process')).toMatchObject([{ runId: core.run('1').runId, process: identity }]);
  });

  it('is the session', () => {
    const core = running();
    used(core, { kind: 'session_started', sessionId: 's-9' });
    expect(core.saved('run_session')).toMatchObject([{ issueId: '1', agentKind: 'mock', sessionId: 's-9' }]);
  });
});

describe('written at the tick', () => {
  it('are turns and tokens, once, and only of runs that moved', () => {
    const core = running();
    core.inTurn('1');
    core.progress('1', { kind: 'turn_finished', turn: 1 });
    used(core, usage());
    expect(core.saved('run_progress')).toEqual([]);
    core.fire('tick');
    expect(core.saved('run_progress')).toMatchObject([
      { turns: 1, tokens: { inputTokens: 1_000_000, outputTokens: 100_000, cacheReadTokens: 2_000_000 } },
    ]);
    core.answerTick();
    core.fire('tick');
    expect(core.saved('run_progress')).toEqual([]);
  });

  it('are in the row when the run ends', () => {
    const core = running();
    core.inTurn('1');
    used(core, usage({ costUsd: 0.25 }));
    core.progress('1', { kind: 'turn_finished', turn: 1 });
    core.pass(1_500);
    core.ended('1', failed());
    expect(core.saved('run_ended')).toMatchObject([
      {
        status: 'failed',
        error: 'it broke',
        turns: 1,
        secondsRunning: 1.5,
        completedAtMs: core.atMs,
        tokens: { inputTokens: 1_000_000 },
        costUsd: 0.25,
        costEstimated: false,
      },
    ]);
  });
});

describe('cost', () => {
  const rates = { mock: { inputPerMtok: 3, outputPerMtok: 15, cacheReadPerMtok: 0.3 } };
  const cost = (core: Core) => {
    const { costUsd, costEstimated } = core.run('1');
    return { costUsd, costEstimated };
  };

  it('is what the agent reports, added up', () => {
    const core = running({ tokenRates: rates });
    used(core, usage({ costUsd: 0.25 }));
    used(core, usage({ costUsd: 0.5 }));
    expect(cost(core)).toEqual({ costUsd: 0.75, costEstimated: false });
  });

  it('is estimated by token_rates where the agent reports none', () => {
    const core = running({ tokenRates: rates });
    used(core, usage());
    expect(cost(core).costUsd).toBeCloseTo(3 + 1.5 + 0.6);
    expect(cost(core).costEstimated).toBe(true);
  });

  it('counts a missing rate as nothing', () => {
    const core = running({ tokenRates: { mock: { inputPerMtok: 3 } } });
    used(core, usage());
    expect(cost(core)).toEqual({ costUsd: 3, costEstimated: true });
  });

  it('is unknown without rates for this kind of agent', () => {
    const core = running({ tokenRates: { other: rates.mock } });
    used(core, usage());
    expect(cost(core)).toEqual({ costUsd: null, costEstimated: false });
  });

  it('is marked as estimated as soon as a part of it is', () => {
    const core = running({ tokenRates: rates });
    used(core, usage({ costUsd: 1 }));
    used(core, usage({ outputTokens: 0, cacheReadTokens: 0 }));
    expect(cost(core)).toEqual({ costUsd: 4, costEstimated: true });
  });

  it('goes by the agent of the run, not by one that a reload brought', () => {
    const core = running({ tokenRates: { ...rates, other: { inputPerMtok: 100 } } });
    core.reload({ tokenRates: { ...rates, other: { inputPerMtok: 100 } }, agent: { kind: 'other' } });
    used(core, usage({ outputTokens: 0, cacheReadTokens: 0 }));
    expect(cost(core).costUsd).toBe(3);
  });
});

describe('what an agent says', () => {
  it('is cut to a length that a snapshot can carry', () => {
    const core = running();
    used(core, { kind: 'notification', message: 'x'.repeat(10_000) });
    expect(core.run('1').lastMessage).toHaveLength(500);
  });

  it('keeps the name of the model when a later report has none', () => {
    const core = running();
    used(core, usage({ model: 'm-1' }));
    used(core, usage({ model: '' }));
    expect(core.run('1').modelName).toBe('m-1');
  });
});
