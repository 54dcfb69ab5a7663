// What is remembered of a session's usage: it goes with the session, from run to run and over restarts, so that an
// agent that reports totals is never counted twice; another session begins at nothing.

import { describe, expect, it } from 'vitest';
import { failed, normalEnd, aCore } from './driver.ts';
import { issue, storedIssue } from './issues.ts';
import { running, startsSession, uses } from './usage.ts';

const RATES = { settings: { tokenRates: { mock: { inputPerMtok: 1_000_000 } } } };

function goesOn(core: ReturnType<typeof running>) {
  core.fire('retry:1');
  core.found('1', issue('1'));
  return core.opened('start_run').at(-1)?.spec;
}

describe('the session to resume', () => {
  it('comes with what it has used, reported cost only', () => {
    const core = running(RATES, '1');
    startsSession(core, '1', 's-1');
    uses(core, '1', 100, { outputTokens: 10, cacheReadTokens: 5, costUsd: 2 });
    uses(core, '1', 3);
    core.ended('1', normalEnd);
    expect(goesOn(core)).toMatchObject({
      resumeSessionId: 's-1',
      sessionUsage: { inputTokens: 103, outputTokens: 10, cacheReadTokens: 5, costUsd: 2 },
    });
  });

  it('keeps what was used before it had named itself', () => {
    const core = running({}, '1');
    uses(core, '1', 7);
    startsSession(core, '1', 's-1');
    uses(core, '1', 5);
    core.ended('1', normalEnd);
    expect(goesOn(core)?.sessionUsage).toMatchObject({ inputTokens: 12 });
  });

  it('keeps the estimate of a turn that never reported its cost, whatever later turns report', () => {
    const core = running(RATES, '1');
    startsSession(core, '1', 's-1');
    uses(core, '1', 3);
    core.ended('1', normalEnd);
    goesOn(core);
    startsSession(core, '1', 's-1');
    core.inTurn('1');
    uses(core, '1', 1);
    uses(core, '1', 0, { costUsd: 5 });
    expect(core.run('1')).toMatchObject({ costUsd: 5, costEstimated: false });
    expect(core.state.memory.get('1')?.spending.costUsd).toBe(8);
    core.inTurn('1');
    uses(core, '1', 2);
    core.inTurn('1');
    uses(core, '1', 0, { costUsd: 1 });
    expect(core.run('1')).toMatchObject({ costUsd: 8, costEstimated: true });
    expect(core.state.memory.get('1')?.sessionUsage).toMatchObject({ reportedCostUsd: 6, pendingCostUsd: 0 });
  });

  it('goes on over a restart', () => {
    const session = {
      inputTokens: 9,
      outputTokens: 1,
      cacheReadTokens: 0,
      reportedCostUsd: 4,
      pendingCostUsd: 1,
    };
    const known = storedIssue('1', { sessionId: 's-1', sessionAgentKind: 'mock', sessionUsage: session });
    const core = aCore({ stored: { issues: [known] } });
    core.start(issue('1'));
    expect(core.one('start_run').spec.sessionUsage).toEqual({
      inputTokens: 9,
      outputTokens: 1,
      cacheReadTokens: 0,
      costUsd: 4,
    });
    core.inTurn('1');
    uses(core, '1', 0, { costUsd: 3 });
    expect(core.run('1').costUsd).toBe(3);
  });
});

describe('another session', () => {
  it('begins at nothing, and what was estimated for the one before stays an estimate', () => {
    const core = running(RATES, '1');
    startsSession(core, '1', 's-1');
    uses(core, '1', 3);
    startsSession(core, '1', 's-2');
    expect(core.saved('put_spending')).toMatchObject([
      { sessionUsage: { inputTokens: 0, pendingCostUsd: 0 } },
    ]);
    uses(core, '1', 0, { costUsd: 5 });
    expect(core.run('1')).toMatchObject({ costUsd: 8, costEstimated: true });
    core.ended('1', normalEnd);
    expect(goesOn(core)).toMatchObject({ resumeSessionId: 's-2', sessionUsage: { costUsd: 5 } });
  });

  it('follows a lost one, which is forgotten and told', () => {
    const core = running({}, '1');
    startsSession(core, '1', 's-1');
    uses(core, '1', 3);
    core.progress('1', { kind: 'session_lost', sessionId: 's-1' });
    expect(core.saved('forget_session')).toMatchObject([{ issueId: '1' }]);
    expect(core.told('run_warned')).toMatchObject([{ detail: 's-1' }]);
    expect(core.state.memory.get('1')).toMatchObject({ sessionId: null, sessionUsage: null });
    uses(core, '1', 4);
    startsSession(core, '1', 's-2');
    expect(core.state.memory.get('1')).toMatchObject({
      sessionId: 's-2',
      sessionUsage: { inputTokens: 4 },
      spending: { inputTokens: 7 },
    });
  });

  it('is not forgotten for the loss of an older one', () => {
    const core = running({}, '1');
    startsSession(core, '1', 's-2');
    core.progress('1', { kind: 'session_lost', sessionId: 's-1' });
    expect(core.saved('forget_session')).toEqual([]);
    expect(core.state.memory.get('1')?.sessionId).toBe('s-2');
  });

  it('of another agent has nothing of the one that is remembered, and leaves it alone until it has a name', () => {
    const session = {
      inputTokens: 9,
      outputTokens: 1,
      cacheReadTokens: 0,
      reportedCostUsd: 4,
      pendingCostUsd: 1,
    };
    const known = storedIssue('1', { sessionId: 's-1', sessionAgentKind: 'other', sessionUsage: session });
    const core = running({ stored: { issues: [known] } }, '1');
    expect(core.one('start_run').spec).toMatchObject({ resumeSessionId: null, sessionUsage: null });
    uses(core, '1', 7);
    expect(core.state.memory.get('1')?.sessionUsage).toEqual(session);
    startsSession(core, '1', 's-9');
    expect(core.state.memory.get('1')?.sessionUsage).toMatchObject({ inputTokens: 7, reportedCostUsd: 0 });
  });
});

describe('a failure of the session itself', () => {
  it.each(['context_overflow', 'session_unknown'] as const)('(%s) begins a fresh one', (reason) => {
    const core = running({}, '1');
    startsSession(core, '1', 's-1');
    core.ended('1', failed('turn_failed', { reason }));
    expect(core.retry('1')).toMatchObject({ trigger: 'error', attempt: 1, failures: 1 });
    expect(goesOn(core)).toMatchObject({ resumeSessionId: null, sessionUsage: null });
  });

  it('is not the agent’s own turn limit: the same one goes on', () => {
    const core = running({}, '1');
    startsSession(core, '1', 's-1');
    core.ended('1', failed('turn_failed', { reason: 'turn_limit' }));
    expect(goesOn(core)).toMatchObject({ resumeSessionId: 's-1' });
  });
});
