// A list may show an issue as ready that the look just before its start refuses, tick after tick. It never takes the
// only try from one that could run, and comes to its own turn when it may run after all.

import { describe, expect, it } from 'vitest';
import type { Issue } from '../../src/contract/index.ts';
import { aCore, failed, type Core } from './driver.ts';
import { issue } from './issues.ts';

const listed = issue('1', { priority: 1 });
const other = issue('2', { priority: 2 });
const ways: readonly (readonly [string, Issue | null])[] = [
  ['is gone', null],
  ['is blocked', { ...listed, blockedBy: [{ id: '9', identifier: 'DEMO-9', state: 'Todo' }] }],
  ['is done', { ...listed, state: 'Done' }],
];
const blocked = ways[1]?.[1] ?? null;
const ONE_SLOT = { agent: { maxConcurrentAgents: 1 } };

/** One tick, in which one issue is looked at; which. */
function looked(core: Core, list: readonly Issue[] = [listed, other]): string {
  core.tick(list);
  return core.one('fetch_issue').issueId;
}

describe('an issue that its look refuses, though the list shows it as ready,', () => {
  it.each(ways)('gives the only slot to the next one: it %s', (_, found) => {
    const core = aCore({ settings: ONE_SLOT });
    expect(looked(core)).toBe('1');
    core.found('1', found);
    expect(looked(core)).toBe('2');
  });

  it('gives the only try behind an open breaker to the next one', () => {
    const core = aCore({ settings: { agent: { breakerFailures: 1, maxRetryBackoffMs: 3_600_000 } } });
    core.start(issue('8'));
    core.ended('8', failed('workspace_error'));
    core.pass(60_000);
    expect(looked(core)).toBe('1');
    core.found('1', blocked);
    expect(looked(core)).toBe('2');
    expect(core.state.verdicts.get('1')?.verdict).toBe('breaker_open');
  });

  it('gives the last place that people have for review to the next one', () => {
    const core = aCore({
      settings: { tracker: { handoffState: 'Review', maxInHandoff: 1 } },
      inFirstTick: true,
    });
    const tick = (): string => {
      core.preflight();
      core.counted(0);
      core.candidates([listed, other]);
      return core.one('fetch_issue').issueId;
    };
    expect(tick()).toBe('1');
    core.found('1', blocked);
    core.fire('tick');
    expect(tick()).toBe('2');
  });

  it('leaves the turns of several such issues to those that could run', () => {
    const core = aCore({ settings: ONE_SLOT });
    const list = [listed, issue('3', { priority: 1 }), issue('4', { priority: 1 }), other];
    const seen: string[] = [];
    while (!seen.includes('2')) {
      const id = looked(core, list);
      seen.push(id);
      core.found(id, id === '2' ? null : { ...issue(id), state: 'Backlog' });
      expect(seen.length).toBeLessThan(5);
    }
  });

  it('is looked at all the same where nobody else waits', () => {
    const core = aCore({ settings: ONE_SLOT });
    for (let times = 0; times < 4; times += 1) {
      expect(looked(core, [listed])).toBe('1');
      core.found('1', blocked);
    }
  });

  it('comes to its place again after a while, and after longer when it was refused again', () => {
    const core = aCore({ settings: ONE_SLOT });
    core.tick([listed, other]);
    const turns: number[] = [];
    core.found('1', blocked);
    for (let tick = 1; tick <= 60; tick += 1) {
      const id = looked(core);
      if (id === '1') turns.push(tick);
      // Whoever else comes is given back: its look fails.
      if (id === '1') core.found('1', blocked);
      else core.fail(core.look(id));
    }
    expect(turns).toEqual([16, 48]);
  });

  it('is at its place as soon as the list has said no as well, and as soon as it was started', () => {
    const core = aCore({ settings: ONE_SLOT });
    looked(core);
    core.found('1', blocked);
    core.tick([blocked as Issue]);
    expect(looked(core)).toBe('1');
    core.found('1', blocked);
    expect(looked(core, [listed])).toBe('1');
    core.found('1', listed);
    core.ended('1', failed());
    core.sayOf('release', '1');
    expect(looked(core)).toBe('1');
  });
});
