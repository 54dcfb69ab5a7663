// An abort at every point of a run: nothing of it is left, after_run runs exactly when there is a workspace,
// and what has not been sent to the tracker is not sent any more.

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunEvent, RunPhase } from '../../src/contract/run.ts';
import { agentThat, aWorld, warningsOf } from './world.ts';
import type { Change, World } from './world.ts';

const entering =
  (phase: RunPhase) =>
  (event: RunEvent): boolean =>
    event.kind === 'phase_entered' && event.phase === phase;

/** True for the n-th program that is started: 1 after_create, 2 before_run, 3 the agent, 4 after_run. */
function startOf(count: number): (event: RunEvent) => boolean {
  let seen = 0;
  return (event) => event.kind === 'process_started' && (seen += 1) === count;
}

function slow(world: World): Change {
  const log = join(world.root, '..', 'log');
  return {
    tracker: {
      inProgressState: 'In Progress',
      comments: { onDispatch: true, onCompletion: false, onFailure: false, style: 'plain' },
    },
    hooks: {
      afterCreate: `echo after_create >> ${log}; sleep 0.1`,
      beforeRun: `echo before_run >> ${log}; sleep 0.1`,
      afterRun: `echo after_run >> ${log}`,
    },
    agent: { command: `setsid sleep 60 & trap '' TERM; echo agent >> ${log}; sleep 60 & wait; sleep 60` },
  };
}

function logOf(world: World): string {
  const log = join(world.root, '..', 'log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().replaceAll('\n', ' ') : '';
}

const points: [string, () => (event: RunEvent) => boolean, { workspace: boolean; writes: number }][] = [
  ['the transition', () => entering('dispatch_transition'), { workspace: false, writes: 0 }],
  [
    'the transition’s confirmation',
    () =>
      ({ kind }) =>
        kind === 'tracker_write_confirmed',
    { workspace: false, writes: 1 },
  ],
  ['the comment', () => entering('dispatch_comment'), { workspace: false, writes: 1 }],
  ['the workspace', () => entering('preparing_workspace'), { workspace: false, writes: 2 }],
  ['after_create', () => startOf(1), { workspace: false, writes: 2 }],
  [
    'the workspace being ready',
    () =>
      ({ kind }) =>
        kind === 'workspace_ready',
    { workspace: true, writes: 2 },
  ],
  ['before_run', () => startOf(2), { workspace: true, writes: 2 }],
  ['the prompt', () => entering('building_prompt'), { workspace: true, writes: 2 }],
  ['the launch', () => entering('launching_agent'), { workspace: true, writes: 2 }],
  ['the session', () => entering('initializing_session'), { workspace: true, writes: 2 }],
  ['the start of the turn', () => entering('streaming_turn'), { workspace: true, writes: 2 }],
  ['the agent at work', () => startOf(3), { workspace: true, writes: 2 }],
];

it.each(points)('is cancelled at %s', async (_, when, { workspace, writes }) => {
  const world = aWorld();
  const exit = await world.run({ ...slow(world), abort: { reason: 'terminal', when: when() } });
  expect(exit).toEqual({ kind: 'cancelled', reason: 'terminal' });
  expect(warningsOf(world)).toEqual([]);
  expect(world.transitions.length + world.comments.length).toBe(writes);
  expect(logOf(world).includes('after_run')).toBe(workspace);
  expect(existsSync(join(world.root, 'A-1'))).toBe(workspace);
  if (existsSync(world.privateRoot)) expect(readdirSync(world.privateRoot)).toEqual([]);
});

it.each(points)('runs no hook after it was lost at %s', async (_, when) => {
  const world = aWorld();
  const exit = await world.run({ ...slow(world), abort: { reason: 'lost', when: when() } });
  expect(exit).toEqual({ kind: 'cancelled', reason: 'lost' });
  expect(logOf(world)).not.toContain('after_run');
  expect(world.hooks.map(({ name }) => name)).not.toContain('after_run');
  if (existsSync(world.privateRoot)) expect(readdirSync(world.privateRoot)).toEqual([]);
});

it('does nothing at all after an abort before the start', async () => {
  const world = aWorld();
  const exit = await world.run({ ...slow(world), signal: AbortSignal.abort('shutdown') });
  expect(exit).toEqual({ kind: 'cancelled', reason: 'shutdown' });
  expect(world.transitions).toEqual([]);
  expect(existsSync(world.root)).toBe(false);
});

it.each(['initializing_session', 'streaming_turn'] as const)(
  'starts nothing after an abort at %s',
  async (phase) => {
    const world = aWorld();
    const calls: string[] = [];
    const exit = await world.run({
      abort: { reason: 'shutdown', when: entering(phase) },
      dependencies: agentThat({
        async startSession() {
          calls.push('startSession');
          return { sessionId: 's' };
        },
        async runTurn() {
          calls.push('runTurn');
        },
      }),
    });
    expect(exit.kind).toBe('cancelled');
    expect(calls).toEqual(phase === 'streaming_turn' ? ['startSession'] : []);
  },
);

it('is cancelled between two looks', async () => {
  const world = aWorld();
  world.looks = [new Error('down')];
  const exit = await world.run({ abort: { reason: 'shutdown', when: ({ kind }) => kind === 'warning' } });
  expect(exit).toEqual({ kind: 'cancelled', reason: 'shutdown' });
});

it('keeps the end that a run had reached when the abort comes late, and still runs after_run', async () => {
  const world = aWorld();
  const { hooks } = slow(world);
  const exit = await world.run({
    hooks: hooks ?? {},
    abort: { reason: 'shutdown', when: entering('finishing') },
  });
  expect(exit).toMatchObject({ kind: 'normal', end: 'turns_used_up' });
  expect(logOf(world)).toBe('after_create before_run after_run');
});

it('ends after_run when the run is lost meanwhile', async () => {
  const world = aWorld();
  mkdirSync(world.root);
  const exit = await world.run({
    hooks: { afterRun: 'sleep 60' },
    // The agent is the first program, after_run the second one.
    abort: { reason: 'lost', when: startOf(2) },
  });
  expect(exit).toEqual({ kind: 'cancelled', reason: 'lost' });
});

it('says that a budget ended it', async () => {
  const world = aWorld();
  const abort = { reason: 'budget', when: startOf(1) } as const;
  const exit = await world.run({ agent: { command: 'sleep 60' }, abort });
  expect(exit).toEqual({ kind: 'cancelled', reason: 'budget' });
});
