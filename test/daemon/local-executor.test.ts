// Runs in this process: in order within a run, exactly one end each, a flood waits for its reader.

import { describe, expect, it } from 'vitest';
import type { RunEvent, RunExit, RunHandler, RunReport, RunSpec } from '../../src/contract/index.ts';
import { createLocalExecutor } from '../../src/daemon/local-executor.ts';
import { issue } from '../core/issues.ts';
import { settled } from './hand-clock.ts';

const done: RunExit = { kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: null };
const turn = (number: number): RunEvent => ({ kind: 'turn_started', turn: number });

function spec(runId: string, issueId = runId): RunSpec {
  return { runId, issue: issue(issueId), attempt: 0 } as RunSpec;
}

function anExecutor(handler: RunHandler, slots = 10) {
  const executor = createLocalExecutor();
  executor.work(slots, handler);
  const batches: (readonly RunReport[])[] = [];
  const stop = executor.events(0, (batch) => {
    batches.push(batch);
  });
  const reports = () => batches.flat();
  return { executor, batches, reports, stop };
}

const hang: RunHandler = (_spec, _report, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve({ kind: 'cancelled', reason: signal.reason as 'lost' });
    });
  });

describe('the local executor', () => {
  it('reports in order and ends each run exactly once, at the end', async () => {
    const { executor, reports } = anExecutor(async (_spec, report) => {
      for (let number = 1; number <= 5; number += 1) await report(turn(number));
      return done;
    });
    expect(await executor.submit(spec('a'))).toBe('accepted');
    expect(await executor.submit(spec('b'))).toBe('accepted');
    await settled();
    for (const runId of ['a', 'b']) {
      const own = reports().filter((one) => one.runId === runId);
      expect(
        own.map(({ body }) => (body.kind === 'progress' ? 'turn' in body.event && body.event.turn : 'end')),
      ).toEqual([1, 2, 3, 4, 5, 'end']);
    }
    const cursors = reports().map(({ cursor }) => cursor);
    expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
    expect(new Set(cursors).size).toBe(cursors.length);
    expect(await executor.active()).toEqual([]);
  });

  it('takes reports of one moment as one batch', async () => {
    const { executor, batches } = anExecutor((_spec, report) => {
      void report(turn(1));
      void report(turn(2));
      return Promise.resolve(done);
    });
    await executor.submit(spec('a'));
    await settled();
    expect(batches).toHaveLength(1);
    expect(batches[0]).toHaveLength(3);
  });

  it('refuses the same run and the same issue twice, and more than its slots', async () => {
    const { executor } = anExecutor(hang, 2);
    expect(await executor.submit(spec('a', '1'))).toBe('accepted');
    expect(await executor.submit(spec('a', '1'))).toBe('duplicate');
    expect(await executor.submit(spec('b', '1'))).toBe('duplicate');
    expect(await executor.submit(spec('b', '2'))).toBe('accepted');
    expect(await executor.submit(spec('c', '3'))).toBe('busy');
    expect(await executor.active()).toEqual([
      { runId: 'a', issueId: '1' },
      { runId: 'b', issueId: '2' },
    ]);
    await executor.cancel({ runId: 'a', issueId: '1' }, 'shutdown');
    await settled();
    expect(await executor.submit(spec('c', '3'))).toBe('accepted');
    for (const runId of ['b', 'c']) await executor.cancel({ runId, issueId: '' }, 'shutdown');
    await settled();
    expect(await executor.active()).toEqual([]);
  });

  it('is busy when nobody works', async () => {
    expect(await createLocalExecutor().submit(spec('a'))).toBe('busy');
    const executor = createLocalExecutor();
    executor.work(1, hang)();
    expect(await executor.submit(spec('a'))).toBe('busy');
  });

  it('gives a cancelled run its first reason', async () => {
    const { executor, reports } = anExecutor(hang);
    await executor.submit(spec('a'));
    await executor.cancel({ runId: 'a', issueId: 'a' }, 'terminal');
    await executor.cancel({ runId: 'a', issueId: 'a' }, 'shutdown');
    await executor.cancel({ runId: 'nobody', issueId: 'a' }, 'shutdown');
    await settled();
    expect(reports().at(-1)?.body).toEqual({
      kind: 'ended',
      exit: { kind: 'cancelled', reason: 'terminal' },
    });
  });

  it.each([
    [
      'throws',
      (): never => {
        throw new Error('bug');
      },
    ],
    ['rejects', () => Promise.reject(new Error('bug'))],
  ] satisfies [string, RunHandler][])(
    'takes a handler that %s for a crashed worker',
    async (_how, handler) => {
      const { executor, reports } = anExecutor(handler);
      await executor.submit(spec('a'));
      await settled();
      expect(reports().map(({ body }) => body)).toEqual([
        {
          kind: 'ended',
          exit: { kind: 'failed', failure: { kind: 'worker_crashed', message: 'worker: bug' } },
        },
      ]);
      expect(await executor.active()).toEqual([]);
    },
  );

  it('holds back a run that reports faster than its reader takes', async () => {
    let reported = 0;
    let free = 0;
    const { executor, reports } = anExecutor(async (_spec, report) => {
      for (; reported < 2_000; reported += 1) {
        const pressure = report(turn(reported));
        if (pressure === undefined) free += 1;
        else await pressure;
      }
      return done;
    });
    await executor.submit(spec('a'));
    expect(reported).toBeLessThan(300);
    for (let turns = 0; turns < 20 && reports().length < 2_001; turns += 1) await settled();
    expect(reports()).toHaveLength(2_001);
    expect(free).toBeGreaterThan(1_900);
  });

  it('tells nothing after it was stopped, and nothing before the cursor', async () => {
    const { executor, batches, stop } = anExecutor(hang);
    stop();
    await executor.submit(spec('a'));
    await executor.cancel({ runId: 'a', issueId: 'a' }, 'lost');
    await settled();
    expect(batches).toEqual([]);
    const late: RunReport[] = [];
    executor.events(1_000, (batch) => {
      late.push(...batch);
    });
    await executor.submit(spec('b'));
    await executor.cancel({ runId: 'b', issueId: 'b' }, 'lost');
    await settled();
    expect(late).toEqual([]);
  });
});
