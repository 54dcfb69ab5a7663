// How many may run: a global limit and one per state, in whatever casing the tracker writes it.

import { describe, expect, it } from 'vitest';
import { countSlots, refusalOf } from '../../src/core/slots.ts';
import { aCore, normalEnd } from './driver.ts';
import { issue } from './issues.ts';

function verdicts(core: ReturnType<typeof aCore>, count: number): (string | undefined)[] {
  return Array.from({ length: count }, (_, index) => core.verdict(`DEMO-${index + 1}`));
}

describe('slots', () => {
  it('starts no more than max_concurrent_agents, in dispatch order', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 2 } } });
    core.tick([issue('3'), issue('1'), issue('2')]);
    expect(verdicts(core, 3)).toEqual(['checking', 'checking', 'no_global_slot']);
  });

  it('holds the slot from the check until the run, its handoff and its cleaning have ended', () => {
    const core = aCore({
      settings: { agent: { maxConcurrentAgents: 1 }, tracker: { handoffState: 'Review' } },
    });
    const used = () => core.snapshot().slots.used;
    core.tick([issue('1')]);
    expect(used()).toBe(1);
    core.found('1', issue('1'));
    expect(used()).toBe(1);
    core.ended('1', normalEnd);
    expect(core.stageOf('1')).toBe('handing_off');
    expect(used()).toBe(1);
    core.wrote(core.one('transition_issue'));
    expect(used()).toBe(0);
  });

  it('counts per state without regard to case', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgentsByState: { todo: 1 } } } });
    const states = ['TODO', 'Todo', 'In Progress', 'In Progress'];
    core.tick(states.map((state, index) => issue(`${index + 1}`, { state })));
    expect(verdicts(core, 4)).toEqual(['checking', 'no_state_slot', 'checking', 'checking']);
  });

  it('says that no slot is free at all before it speaks of the state', () => {
    const agent = { maxConcurrentAgents: 1, maxConcurrentAgentsByState: { todo: 1 } };
    const core = aCore({ settings: { agent } });
    core.tick([issue('1'), issue('2')]);
    expect(verdicts(core, 2)).toEqual(['checking', 'no_global_slot']);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'knows no limit for a state %s',
    (state) => {
      const core = aCore({ settings: { agent: { maxConcurrentAgentsByState: { todo: 1 } } } });
      expect(refusalOf(countSlots(core.state), state)).toBeNull();
    },
  );

  it('gives a state named like a property of every object its own limit', () => {
    const byState = JSON.parse('{"__proto__": 1}') as Record<string, number>;
    const settings = {
      agent: { maxConcurrentAgentsByState: byState },
      tracker: { activeStates: ['__proto__'] },
    };
    const core = aCore({ settings });
    core.tick([issue('1', { state: '__proto__' }), issue('2', { state: '__PROTO__' })]);
    expect(verdicts(core, 2)).toEqual(['checking', 'no_state_slot']);
  });

  it('refuses to start in a state whose limit is full, though the list of candidates showed another', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgentsByState: { 'in progress': 1 } } } });
    core.start(issue('1', { state: 'In Progress' }));
    core.tick([issue('2')]);
    core.found('2', issue('2', { state: 'In Progress' }));
    expect(core.stageOf('2')).toBe('unclaimed');
    expect(core.ordered()).not.toContain('start_run');
    expect(core.told('dispatch_refused')).toMatchObject([{ issueId: '2', verdict: 'no_state_slot' }]);
  });

  it('takes a raised limit at the next dispatch, and ends nothing for a lowered one', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 2 } } });
    core.start(issue('1'), issue('2'));
    core.reload({ agent: { maxConcurrentAgents: 1 } });
    core.tick();
    expect(core.opened('stop_run')).toEqual([]);
    core.reload({ agent: { maxConcurrentAgents: 3 } });
    core.tick([issue('1'), issue('2'), issue('3'), issue('4')]);
    expect(verdicts(core, 4)).toEqual(['running', 'running', 'checking', 'no_global_slot']);
  });
});
