// Each operator's command through the built program, and what it does as `status` shows it. The daemon is a real one;
// the agent is the bundled one, which hangs where a run is to stay.

import { userInfo } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { makeStage, type Stage } from './commands-stage.ts';
import { makeIssue, until } from './program.ts';

let stage: Stage;
afterEach(async () => {
  await stage.close();
});

/** One slot, and an agent that only ends when it is told to. */
const hanging = {
  agent: { max_concurrent_agents: 1 },
  mock: { outcome: 'hang', turn_ms: 60 },
};
const me = userInfo().username;

describe('the dispatch mode', () => {
  it('is paused, stays so over kill -9, and is resumed', { timeout: 180_000 }, async () => {
    stage = await makeStage({ mock: { turn_ms: 60 } });
    await stage.start();
    expect(await stage.ok('pause', '--reason', 'deploy\nof the shop')).toBe(
      'dispatch is paused: nothing runs\n',
    );
    expect((await stage.json('status')).dispatch).toMatchObject({
      mode: 'paused',
      by: me,
      reason: 'deploy of the shop',
    });
    expect(await stage.ok('status')).toContain(`paused by ${me}: deploy of the shop · slots 0/`);
    expect(await stage.refused('pause')).toMatch(
      /^dispatch is paused since .*: resume and drain are possible$/,
    );

    await stage.folder.writeIssues([makeIssue(1)]);
    expect(await stage.ok('refresh')).toBe('the tracker is looked at now\n');
    const waiting = await stage.untilStatus('the issue to be seen', ({ waiting }) => waiting.length === 1);
    expect(waiting.running).toEqual([]);
    expect(await stage.explain('E2E-1')).toMatchObject({ verdict: 'paused', ends_on: ['resume'] });

    await stage.kill();
    await stage.start();
    const again = await stage.untilStatus('a tick', ({ last_tick }) => last_tick !== null);
    expect(again.dispatch).toMatchObject({ mode: 'paused', by: me, reason: 'deploy of the shop' });
    expect(await stage.ok('resume')).toBe('dispatch goes on with a tick now\n');
    await until('the issue to be done', async () => (await stage.folder.issues())[0]?.state === 'In Review');
    expect(await stage.refused('resume')).toContain('pause and drain are possible');
    await stage.stop();
  });

  it('gives the API’s own answers as JSON', async () => {
    stage = await makeStage();
    await stage.start();
    expect(await stage.json('drain')).toEqual({
      accepted: true,
      control: 'drain',
      issue_identifier: null,
      message: 'dispatch is draining: nothing runs, nothing is started',
    });
    expect(await stage.json('resume')).toMatchObject({ accepted: true, control: 'resume' });
    expect(await stage.json('refresh')).toMatchObject({ accepted: true, control: 'refresh', queued: true });
    await stage.stop();
  });
});

describe('a word about an issue', () => {
  it('holds and unholds it, cancels its run, runs it before the others', { timeout: 180_000 }, async () => {
    stage = await makeStage(hanging, [
      makeIssue(1),
      makeIssue(2),
      makeIssue(3, { blocked_by: [{ id: '4', identifier: 'E2E-4', state: 'Backlog' }] }),
      makeIssue(4, { state: 'Backlog' }),
    ]);
    await stage.start();
    await stage.untilWorking('E2E-1');

    expect(await stage.ok('hold', 'E2E-2', '--reason', 'not yet')).toBe('E2E-2 is held until unhold\n');
    expect((await stage.json('status')).parked).toMatchObject([
      { issue_identifier: 'E2E-2', reason: 'held', detail: `held by ${me}: not yet` },
    ]);
    expect(await stage.refused('hold', 'E2E-2')).toContain('E2E-2');
    expect(await stage.refused('release', 'e2e-2')).toContain('unhold');
    expect(await stage.ok('unhold', 'e2e-2')).toContain('E2E-2 is no longer held');
    expect((await stage.json('status')).parked).toEqual([]);

    // What is blocked is told to run all the same, and takes the slot that a cancelled run leaves.
    expect(await stage.ok('dispatch', 'E2E-3')).toBe('E2E-3 takes the next free slot\n');
    expect(await stage.refused('hold', 'E2E-1')).toContain('cancel');
    expect(await stage.ok('cancel', 'E2E-1', '--reason', 'wrong issue')).toContain('E2E-1 is told to stop');
    const { parked } = await stage.untilWorking('E2E-3');
    expect(parked).toMatchObject([
      { issue_identifier: 'E2E-1', reason: 'held', detail: `cancelled by ${me}: wrong issue` },
    ]);
    expect(await stage.json('history', '--issue', 'e2e-1')).toMatchObject({
      runs: [{ issue_identifier: 'E2E-1', status: 'cancelled' }],
      next_cursor: null,
    });
    expect(await stage.refused('cancel', 'E2E-9')).toMatch(/E2E-9/);
    expect(await stage.refused('dispatch', 'E2E-4')).toMatch(
      /^E2E-4 cannot run: its state, .* is none of tracker\.active_states/,
    );
    await stage.stop();
  });

  it('makes what is parked due now, or lets it go', { timeout: 180_000 }, async () => {
    stage = await makeStage({ mock: { outcome: 'input_required', turn_ms: 60 } }, [makeIssue(1)]);
    await stage.start();
    const parkedAt = async (before: string): Promise<string> => {
      const { parked } = await stage.untilStatus('the park', (status) =>
        status.parked.some(({ reason, parked_at }) => reason === 'input_required' && parked_at !== before),
      );
      return parked[0]?.parked_at ?? '';
    };
    const first = await parkedAt('');
    expect(await stage.ok('retry', 'E2E-1')).toBe('E2E-1 is due now\n');
    const second = await parkedAt(first);
    expect(await stage.ok('release', 'E2E-1')).toContain('the next tick judges it anew');
    await parkedAt(second);
    const { runs } = await stage.json<{ runs: { attempt: number }[] }>('history');
    expect(runs.map(({ attempt }) => attempt)).toEqual([0, 1, 0]);
    await stage.stop();
  });
});
