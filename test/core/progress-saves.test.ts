// What is counted becomes durable within a second, in one write for all runs, and again where a run or a turn ends.

import { describe, expect, it } from 'vitest';
import { aCore, failed } from './driver.ts';
import { storedIssue } from './issues.ts';
import { running, startsSession, uses } from './usage.ts';

describe('usage', () => {
  it('is written a second after the first of it, once for all runs', () => {
    const core = running({}, '1', '2', '3');
    uses(core, '1', 5);
    expect(core.saved('run_progress')).toEqual([]);
    core.pass(600);
    uses(core, '2', 7);
    expect(core.timers.get('progress')).toBe(core.atMs + 400);
    core.fire('progress');
    expect(core.saved('run_progress')).toMatchObject([
      { runId: core.run('1').runId, tokens: { inputTokens: 5 } },
      { runId: core.run('2').runId, tokens: { inputTokens: 7 } },
    ]);
    expect(core.saved('put_spending')).toMatchObject([
      { issueId: '1', spending: { inputTokens: 5 } },
      { issueId: '2', spending: { inputTokens: 7 } },
    ]);
    expect(core.saved('put_day')).toMatchObject([{ day: { day: '2027-01-15', inputTokens: 12 } }]);
    expect(core.ordered()).toEqual(['save']);
    expect(core.timers.has('progress')).toBe(false);
    uses(core, '1', 1);
    expect(core.timers.has('progress')).toBe(true);
  });

  it('is written at the end of a turn, and the timer is not needed any more', () => {
    const core = running({}, '1');
    uses(core, '1', 5);
    core.progress('1', { kind: 'turn_finished', turn: 1 });
    expect(core.saved('run_progress')).toMatchObject([{ turns: 1, tokens: { inputTokens: 5 } }]);
    expect(core.saved('put_day')).toHaveLength(1);
    expect(core.timers.has('progress')).toBe(false);
  });

  it('is written with the end of the run', () => {
    const core = running({}, '1');
    startsSession(core, '1', 's-1');
    uses(core, '1', 5, { costUsd: 0.5 });
    core.ended('1', failed());
    expect(core.saved('run_ended')).toMatchObject([{ tokens: { inputTokens: 5 }, costUsd: 0.5 }]);
    expect(core.saved('put_spending')).toMatchObject([
      { spending: { inputTokens: 5, costUsd: 0.5 }, sessionUsage: { inputTokens: 5, reportedCostUsd: 0.5 } },
    ]);
    expect(core.saved('put_day')).toMatchObject([{ day: { inputTokens: 5, costUsd: 0.5 } }]);
  });

  it('waits while the store cannot be written, and is written after it can', () => {
    const core = running({}, '1');
    startsSession(core, '1', 's-1');
    core.loseSave();
    uses(core, '1', 5);
    core.progress('1', { kind: 'turn_finished', turn: 1 });
    expect(core.saved('run_progress')).toEqual([]);
    core.post({ kind: 'store_recovered' });
    core.fire('progress');
    expect(core.saved('run_progress')).toMatchObject([{ turns: 1, tokens: { inputTokens: 5 } }]);
  });

  it('is written when a shutdown leaves its run behind', () => {
    const core = running({}, '1');
    core.shutdown();
    uses(core, '1', 5);
    core.fire('shutdown');
    expect(core.saved('run_progress')).toMatchObject([{ tokens: { inputTokens: 5 } }]);
    expect(core.ordered().at(-1)).toBe('finish');
  });
});

describe('what was spent', () => {
  const spent = { inputTokens: 10, outputTokens: 1, cacheReadTokens: 2, costUsd: 3 };

  it('is restored at the start and goes on', () => {
    const core = running(
      {
        stored: {
          day: { day: '2027-01-15', ...spent },
          issues: [storedIssue('1', { spending: spent })],
        },
      },
      '1',
    );
    uses(core, '1', 5, { costUsd: 1 });
    expect(core.state.memory.get('1')?.spending).toMatchObject({ inputTokens: 15, costUsd: 4 });
    expect(core.snapshot().today).toMatchObject({ day: '2027-01-15', inputTokens: 15, costUsd: 4 });
  });

  it('on another day is not today’s', () => {
    const core = aCore({ stored: { day: { day: '2027-01-14', ...spent } } });
    expect(core.snapshot().today).toMatchObject({ day: '2027-01-15', inputTokens: 0, costUsd: 0 });
  });

  it('of a clock that was set back over midnight is kept, of one that was wrong by days is not', () => {
    const ahead = (day: string) => aCore({ stored: { day: { day, ...spent } } }).snapshot().today;
    expect(ahead('2027-01-16')).toMatchObject({ day: '2027-01-16', inputTokens: 10 });
    expect(ahead('2027-01-17')).toMatchObject({ day: '2027-01-15', inputTokens: 0 });
  });
});
