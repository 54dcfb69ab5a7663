// How long the phases, turns and tools of a run took is told when each is over, by the monotonic clock.

import { describe, expect, it } from 'vitest';
import type { AgentEvent, RunPhase } from '../../src/contract/index.ts';
import { aCore, failed, normalEnd, noticesOf, type Core } from './driver.ts';
import { issue } from './issues.ts';

function enters(core: Core, phase: RunPhase): void {
  core.progress('1', { kind: 'phase_entered', phase });
}

function says(core: Core, event: AgentEvent): void {
  core.progress('1', { kind: 'agent_event', event });
}

function result(facts: Partial<Extract<AgentEvent, { kind: 'tool_result' }>> = {}): AgentEvent {
  return { kind: 'tool_result', callId: 'a', name: 'Bash', durationMs: 7, ok: true, ...facts };
}

/** Looked at for 100 ms, then started. */
function aRun(): Core {
  const core = aCore();
  core.tick([issue('1')]);
  core.pass(100);
  core.found('1', issue('1'));
  return core;
}

const phases = (core: Core): unknown[] =>
  noticesOf(core.all, 'phase_ended').map(({ phase, durationMs }) => [phase, durationMs]);
const turns = (core: Core): unknown[] =>
  noticesOf(core.all, 'turn_ended').map(({ turn, durationMs }) => [turn, durationMs]);

describe('phases', () => {
  it('are told one after the other, the look before the start first and the last one at the end', () => {
    const core = aRun();
    core.pass(20);
    enters(core, 'preparing_workspace');
    core.pass(30);
    enters(core, 'finishing');
    core.pass(40);
    const { runId } = core.run('1');
    core.ended('1', normalEnd);
    expect(phases(core)).toEqual([
      ['checking', 120],
      ['preparing_workspace', 30],
      ['finishing', 40],
    ]);
    expect(core.told('phase_ended')).toMatchObject([{ issueId: '1', issueIdentifier: 'DEMO-1', runId }]);
  });

  it('that are reported twice are one', () => {
    const core = aRun();
    enters(core, 'launching_agent');
    core.pass(10);
    enters(core, 'launching_agent');
    core.pass(10);
    enters(core, 'finishing');
    expect(phases(core)).toEqual([
      ['checking', 100],
      ['launching_agent', 20],
    ]);
  });

  it('last as long as they lasted, whoever sets the clock', () => {
    const core = aRun();
    enters(core, 'preparing_workspace');
    core.pass(30);
    core.atMs -= 3_600_000;
    enters(core, 'finishing');
    expect(phases(core).at(-1)).toEqual(['preparing_workspace', 30]);
  });
});

describe('turns', () => {
  it('are told when they are completed', () => {
    const core = aRun();
    core.inTurn('1');
    core.pass(500);
    core.progress('1', { kind: 'turn_finished', turn: 1 });
    core.pass(50);
    core.progress('1', { kind: 'turn_started', turn: 2 });
    core.pass(600);
    core.progress('1', { kind: 'turn_finished', turn: 2 });
    core.progress('1', { kind: 'turn_finished', turn: 2 });
    expect(turns(core)).toEqual([
      [1, 500],
      [2, 600],
    ]);
  });

  it.each([
    ['the run finishes', (core: Core): void => enters(core, 'finishing')],
    ['the run is over', (core: Core): unknown => core.ended('1', failed())],
  ])('that failed are told when %s, once', (_, end) => {
    const core = aRun();
    core.inTurn('1');
    core.pass(500);
    end(core);
    if (core.stageOf('1') === 'running') core.ended('1', failed());
    expect(turns(core)).toEqual([[1, 500]]);
  });
});

describe('tools', () => {
  it('are told from their start to their result', () => {
    const core = aRun();
    core.inTurn('1');
    says(core, { kind: 'tool_started', callId: 'a', name: 'Bash' });
    core.pass(250);
    says(core, result({ ok: false }));
    expect(core.told('tool_ended')).toMatchObject([{ tool: 'Bash', durationMs: 250, ok: false }]);
  });

  it.each([
    ['as long as the agent says', 7, 7],
    ['for nobody knows how long', 0, null],
  ])('without a start they lasted %s', (_, durationMs, told) => {
    const core = aRun();
    core.inTurn('1');
    says(core, result({ durationMs }));
    expect(core.told('tool_ended')).toMatchObject([{ durationMs: told }]);
  });

  it('that the end of the turn cut off are not told: nobody knows how they ended', () => {
    const core = aRun();
    core.inTurn('1');
    says(core, { kind: 'tool_started', callId: 'a', name: 'Bash' });
    core.progress('1', { kind: 'turn_finished', turn: 1 });
    expect(noticesOf(core.all, 'tool_ended')).toEqual([]);
  });

  it('with endless names are cut', () => {
    const core = aRun();
    core.inTurn('1');
    says(core, result({ name: 'x'.repeat(10_000) }));
    expect(core.told('tool_ended')[0]?.tool).toHaveLength(100);
  });
});

it('what is told for the timeline does not push out what an issue is remembered for', () => {
  const core = aRun();
  core.inTurn('1');
  for (let n = 0; n < 200; n += 1) {
    core.progress('1', { kind: 'turn_started', turn: n });
    core.progress('1', { kind: 'turn_finished', turn: n });
  }
  expect(core.state.recent.get('1')?.map(({ event }) => event)).toContain('dispatched');
});

it('a run’s row says how its issue was dispatched', () => {
  const core = aCore();
  const one = issue('1', { state: 'In Progress', labels: ['agent'], url: 'https://tracker/1' });
  core.tick([one]);
  core.found('1', one);
  expect(core.saved('run_started')).toMatchObject([
    { issueState: 'In Progress', issueLabels: ['agent'], issueUrl: 'https://tracker/1' },
  ]);
});
