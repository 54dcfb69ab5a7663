// A tool at work is not a silent agent: it may take agent.tool_timeout_ms, and no longer.

import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../src/contract/index.ts';
import type { Core } from './driver.ts';
import type { SettingsChange } from './issues.ts';
import { running } from './usage.ts';

const MINUTE = 60_000;

function inTurn(agent: SettingsChange['agent'] = {}): Core {
  return running({ settings: { agent } }, '1');
}

function says(core: Core, event: AgentEvent): void {
  core.progress('1', { kind: 'agent_event', event });
}

const starts = (core: Core, callId = 'c-1', name = 'Bash'): void => {
  says(core, { kind: 'tool_started', callId, name });
};
const ends = (core: Core, callId: string | undefined = 'c-1'): void => {
  says(core, { kind: 'tool_result', callId, name: 'Bash', durationMs: 1, ok: true });
};

function stopped(core: Core): boolean {
  core.post({ kind: 'refresh_requested' });
  const found = core.opened('stop_run').length > 0;
  if (core.state.tick !== null) core.answerTick();
  return found;
}

describe('a tool at work', () => {
  it('is no stall, however silent', () => {
    const core = inTurn();
    starts(core);
    core.pass(30 * MINUTE);
    expect(stopped(core)).toBe(false);
  });

  it('is one after agent.tool_timeout_ms, and the run says which tool', () => {
    const core = inTurn();
    starts(core);
    core.pass(30 * MINUTE + 1);
    expect(stopped(core)).toBe(true);
    core.ended('1', { kind: 'cancelled', reason: 'stalled' });
    expect(core.saved('run_ended')).toMatchObject([
      {
        status: 'stalled',
        error: 'stalled: the tool Bash has run for more than agent.tool_timeout_ms (1800000 ms)',
      },
    ]);
  });

  it('is one although the agent goes on talking', () => {
    const core = inTurn();
    starts(core);
    core.pass(30 * MINUTE);
    says(core, { kind: 'notification', message: 'still waiting' });
    core.pass(2);
    expect(stopped(core)).toBe(true);
  });

  it('that has ended leaves the silence to the agent again', () => {
    const core = inTurn();
    starts(core);
    core.pass(20 * MINUTE);
    ends(core);
    core.pass(5 * MINUTE);
    expect(stopped(core)).toBe(false);
    core.pass(1);
    expect(stopped(core)).toBe(true);
    core.ended('1', { kind: 'cancelled', reason: 'stalled' });
    expect(core.retry('1').error).toBe(
      'stalled: no agent event for more than agent.stall_timeout_ms (300000 ms)',
    );
  });

  it('is one of several: the first that was started is the first that is too long', () => {
    const core = inTurn();
    starts(core, 'c-1', 'Bash');
    core.pass(10 * MINUTE);
    starts(core, 'c-2', 'Grep');
    expect(core.snapshot().running[0]?.tools).toEqual(['Bash', 'Grep']);
    ends(core, 'c-1');
    core.pass(25 * MINUTE);
    expect(stopped(core)).toBe(false);
    expect(core.snapshot().running[0]?.tools).toEqual(['Grep']);
    core.pass(5 * MINUTE + 1);
    expect(stopped(core)).toBe(true);
  });

  it.each([
    ['the turn', (core: Core) => core.progress('1', { kind: 'turn_finished', turn: 1 })],
    ['a turn that failed', (core: Core) => says(core, { kind: 'turn_failed', message: 'x' })],
    ['the run', (core: Core) => core.progress('1', { kind: 'phase_entered', phase: 'finishing' })],
  ] as [string, (core: Core) => unknown][])('is forgotten at the end of %s', (_, end) => {
    const core = inTurn();
    starts(core);
    end(core);
    expect(core.snapshot().running[0]?.tools).toEqual([]);
  });

  it('whose result names no call ends no other', () => {
    const core = inTurn();
    starts(core);
    ends(core, '');
    expect(core.snapshot().running[0]?.tools).toEqual(['Bash']);
  });

  it('costs no memory without end', () => {
    const core = inTurn();
    for (let n = 0; n < 1_000; n += 1) starts(core, `c-${n}`, 'x'.repeat(1_000));
    const tools = core.snapshot().running[0]?.tools ?? [];
    expect(tools).toHaveLength(256);
    expect(tools[0]).toHaveLength(100);
  });
});

describe('the limits', () => {
  it('are those at the run’s start', () => {
    const core = inTurn();
    core.reload({ agent: { toolTimeoutMs: 1_000 } });
    starts(core);
    core.pass(2_000);
    expect(stopped(core)).toBe(false);
  });

  it.each([0, -1])('of tools are switched off by %i', (toolTimeoutMs) => {
    const core = inTurn({ toolTimeoutMs });
    starts(core);
    core.pass(1_000 * MINUTE);
    expect(stopped(core)).toBe(false);
  });

  it('of tools hold where silence is never a stall', () => {
    const core = inTurn({ stallTimeoutMs: 0 });
    core.pass(1_000 * MINUTE);
    expect(stopped(core)).toBe(false);
    starts(core);
    core.pass(31 * MINUTE);
    expect(stopped(core)).toBe(true);
  });
});

describe('rate limits', () => {
  it('are shown as last reported, by agent', () => {
    const core = inTurn();
    const window = { name: 'five_hour', usedPercent: 80, resetsAtMs: 5 };
    says(core, { kind: 'rate_limits', windows: [{ ...window, usedPercent: 20 }] });
    core.pass(1_000);
    says(core, { kind: 'rate_limits', windows: Array.from({ length: 50 }, () => window) });
    const [shown, ...others] = core.snapshot().rateLimits;
    expect(shown).toMatchObject({ agentKind: 'mock', atMs: core.atMs });
    expect(shown?.windows[0]).toEqual(window);
    expect(shown?.windows).toHaveLength(20);
    expect(others).toEqual([]);
  });
});
