// What people see of the issues that wait: those that were read and are not started, a page of them, cheaply, and one
// notice when the reason becomes another one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../../src/contract/index.ts';
import { aCore, failed, noticesOf } from './driver.ts';
import { issue, REVIEW } from './issues.ts';

const ONE_SLOT = { agent: { maxConcurrentAgents: 1 } };
const blockedBy = [{ id: '9', identifier: 'DEMO-9', state: 'Todo' }];

function backlog(count: number, facts: Partial<Issue> = {}): Issue[] {
  return Array.from({ length: count }, (_, index) =>
    issue(String(index + 1), {
      createdAt: '2026-01-01T00:00:00Z',
      identifier: `DEMO-${10_000 + index}`,
      ...facts,
    }),
  );
}

describe('the waiting issues', () => {
  it('are those that were read and have no claim, with their verdict, since when and as of when', () => {
    const core = aCore({ settings: ONE_SLOT });
    core.tick([issue('1'), issue('2'), issue('3', { blockedBy })]);
    const sinceMs = core.atMs;
    core.found('1', null);
    core.tick([issue('2'), issue('3', { blockedBy })]);
    core.found('2', issue('2'));
    expect(core.snapshot()).toMatchObject({
      waitingTotal: 1,
      waiting: [
        {
          ...{ issueId: '3', issueIdentifier: 'DEMO-3', title: 'Issue 3', verdict: 'blocked_by' },
          ...{ detail: 'DEMO-9 (Todo)', sinceMs, asOfMs: core.atMs },
        },
      ],
    });
  });

  it('are a page of 200, of those that were read last, in the order of dispatch', () => {
    const core = aCore({ settings: ONE_SLOT });
    core.fire('tick');
    core.preflight();
    core.candidates(backlog(250, { blockedBy }), 'more');
    core.candidates(backlog(500).slice(250));
    core.found('251', null);
    expect(core.snapshot()).toMatchObject({ waitingTotal: 499 });
    core.fire('tick');
    core.preflight();
    core.candidates(backlog(500).slice(250), 'more');
    const { waiting, waitingTotal } = core.snapshot();
    expect(waiting).toHaveLength(200);
    expect(waitingTotal).toBe(499);
    // The look at the first was in vain: it stands after the others, and the second is looked at.
    expect(waiting[0]?.issueId).toBe('253');
    expect(waiting[199]?.issueId).toBe('452');
  });

  it('do not hold what has been handed off, finished, or left', () => {
    const core = aCore({ settings: { ...REVIEW, agent: { evidence: 'off' } } });
    core.start(issue('1'));
    core.ended('1', { kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: null });
    core.wrote(core.one('transition_issue'));
    core.start(issue('2'));
    core.ended('2', { kind: 'normal', end: 'not_active', state: 'Backlog', evidence: null });
    core.tick([issue('3')]);
    core.found('3', issue('3', { state: 'Done' }));
    expect(core.snapshot()).toMatchObject({ waiting: [], waitingTotal: 0 });
  });

  it('are counted right whatever happens', () => {
    const about = fc.record({
      id: fc.integer({ min: 1, max: 6 }).map(String),
      what: fc.constantFrom('blocked', 'eligible', 'gone', 'backlog', 'fails', 'hold', 'unhold', 'release'),
    });
    fc.assert(
      fc.property(fc.array(fc.array(about, { maxLength: 5 }), { maxLength: 12 }), (rounds) => {
        const core = aCore({ settings: ONE_SLOT });
        for (const round of rounds) {
          core.tick(
            round.map(({ id, what }) =>
              issue(id, {
                blockedBy: what === 'blocked' ? blockedBy : [],
                state: what === 'backlog' ? 'Backlog' : 'Todo',
              }),
            ),
          );
          for (const { id, what } of round) {
            const stage = core.stageOf(id);
            if (stage === 'checking') core.found(id, what === 'gone' ? null : issue(id));
            if (stage === 'running' && what === 'fails') core.ended(id, failed());
            if (what === 'hold' || what === 'unhold' || what === 'release') core.sayOf(what, id, issue(id));
          }
          const { waiting, waitingTotal } = core.snapshot();
          const claimed = waiting.filter(({ issueId }) => core.stageOf(issueId) !== 'unclaimed');
          expect(claimed).toEqual([]);
          expect(waiting).toHaveLength(waitingTotal);
        }
      }),
    );
  });
});

describe('a changed verdict', () => {
  it('is told once, with its detail, and again when it is another one', () => {
    const core = aCore({ settings: ONE_SLOT });
    const told = (): unknown[] =>
      core.told('verdict_changed').map(({ verdict, detail }) => [verdict, detail]);
    core.tick([issue('1', { blockedBy })]);
    expect(core.told('verdict_changed')).toMatchObject([
      {
        issueId: '1',
        issueIdentifier: 'DEMO-1',
        runId: null,
        verdict: 'blocked_by',
        detail: 'DEMO-9 (Todo)',
      },
    ]);
    core.tick([issue('1', { blockedBy })]);
    expect(told()).toEqual([]);
    core.tick([issue('1', { blockedBy: [{ id: '8', identifier: 'DEMO-8', state: 'Todo' }] })]);
    expect(told()).toEqual([['blocked_by', 'DEMO-8 (Todo)']]);
    core.tick([issue('1')]);
    expect(told()).toEqual([['eligible', '']]);
    core.found('1', issue('1'));
    core.tick([issue('1', { blockedBy })]);
    expect(told()).toEqual([]);
  });

  it('is told when the check just before the start finds something else, and not again each tick', () => {
    const core = aCore();
    const found = issue('1', { blockedBy });
    core.tick([issue('1')]);
    core.found('1', found);
    expect(core.told('verdict_changed')).toMatchObject([{ verdict: 'blocked_by' }]);
    core.all.length = 0;
    for (let ticks = 0; ticks < 3; ticks += 1) {
      core.tick([issue('1')]);
      core.found('1', found);
    }
    expect(noticesOf(core.all, 'verdict_changed')).toEqual([]);
  });

  it('is no flood: a backlog of thousands that is paused is told of as far as people are shown it', () => {
    const core = aCore();
    core.say({ control: 'pause' });
    core.tick(backlog(5_000));
    expect(core.told('verdict_changed')).toHaveLength(200);
    expect(core.snapshot().waitingTotal).toBe(5_000);
  });
});
