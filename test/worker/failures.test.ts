// How a run fails: each failure has its kind and one line, after_run runs once there is a workspace, and
// nothing stays behind. A mistake of our own is a crash of the run, never of the daemon.

import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AgentError } from '../../src/contract/agent.ts';
import type { RunErrorKind } from '../../src/contract/run.ts';
import { agentThat, aWorld, phasesOf, warningsOf } from './world.ts';
import type { Change } from './world.ts';

const afterRun = ': > after_run';
const ranAfter = (root: string): boolean => existsSync(join(root, 'A-1', 'after_run'));

const withWorkspace: [string, Change, RunErrorKind, RegExp][] = [
  [
    'before_run fails',
    { hooks: { beforeRun: 'exit 4' } },
    'hook_failed',
    /^hook before_run failed with exit code 4$/,
  ],
  ['before_run hangs', { hooks: { beforeRun: 'sleep 60', timeoutMs: 3_000 } }, 'hook_timeout', /3000 ms/],
  ['.sortie is a link', { hooks: { beforeRun: 'ln -s /tmp .sortie' } }, 'workspace_refused', /symbolic link/],
  [
    'the template fails',
    {
      dependencies: {
        renderPrompt: async () => {
          throw new Error('WORKFLOW.md:9:3: no such variable\nand more');
        },
      },
    },
    'template_render_error',
    /^WORKFLOW.md:9:3: no such variable and more$/,
  ],
  [
    'the first prompt is empty',
    { dependencies: { renderPrompt: async () => ' \n' } },
    'template_render_error',
    /WORKFLOW.md:4: the prompt of the first turn is empty/,
  ],
  ['a turn fails', { agent: { command: 'echo oops >&2; exit 9' } }, 'turn_failed', /exit code 9/],
  [
    'the session does not start',
    {
      dependencies: agentThat({
        startSession: async () => {
          throw new AgentError('agent_not_found', 'no such program');
        },
      }),
    },
    'agent_not_found',
    /no such program/,
  ],
  [
    'the adapter breaks',
    {
      dependencies: agentThat({
        runTurn: () => {
          throw new TypeError('undefined is\nnot a function');
        },
      }),
    },
    'worker_crashed',
    /^worker: worker_crashed: undefined is not a function$/,
  ],
];

it.each(withWorkspace)('fails when %s, and runs after_run', async (_, change, kind, message) => {
  const world = aWorld();
  const exit = await world.run({ ...change, hooks: { afterRun, ...change.hooks } });
  expect(exit).toMatchObject({
    kind: 'failed',
    failure: { kind, message: expect.stringMatching(message) as string },
  });
  expect(ranAfter(world.root)).toBe(true);
  expect(phasesOf(world).at(-1)).toBe('finishing');
  if (existsSync(world.privateRoot)) expect(readdirSync(world.privateRoot)).toEqual([]);
});

it('hands on what more the agent says of its failure', async () => {
  const facts = { reason: 'quota', resetAtMs: 1_790_000_000_000 } as const;
  const runTurn = async (): Promise<void> => {
    throw new AgentError('turn_failed', 'usage limit\nreached', facts);
  };
  expect(await aWorld().run({ dependencies: agentThat({ runTurn }) })).toEqual({
    kind: 'failed',
    failure: { kind: 'turn_failed', message: 'agent: turn_failed: usage limit reached', ...facts },
  });
});

it('shows what a failing agent wrote on stderr, and what a failing hook printed', async () => {
  const world = aWorld();
  await world.run({ agent: { command: 'echo oops >&2; exit 9' }, hooks: { afterRun: 'echo hint; exit 5' } });
  expect(warningsOf(world)).toEqual([
    'agent failed: oops',
    'hook failed: hook after_run failed with exit code 5\nhint',
  ]);
});

it('fails without a workspace for an agent kind that is not there, before anything is written', async () => {
  const world = aWorld();
  const exit = await world.run({ agent: { kind: 'none' }, tracker: { inProgressState: 'In Progress' } });
  expect(exit).toMatchObject({ kind: 'failed', failure: { kind: 'agent_not_found' } });
  expect(world.transitions).toEqual([]);
  expect(existsSync(world.root)).toBe(false);
});

it.each([
  ['fails', 'touch half; exit 1', 60_000, 'hook_failed'],
  ['hangs', 'touch half; sleep 60', 300, 'hook_timeout'],
])(
  'removes the half-made folder when after_create %s, and runs no after_run',
  async (_, afterCreate, timeoutMs, kind) => {
    const world = aWorld();
    const exit = await world.run({ hooks: { afterCreate, afterRun: 'touch ../after_run', timeoutMs } });
    expect(exit).toMatchObject({ kind: 'failed', failure: { kind } });
    expect(readdirSync(world.root)).toEqual(['.sortie-owners']);
  },
);

it.each(['', '.', '..'])('refuses the identifier %j for good', async (identifier) => {
  const world = aWorld();
  const issue = { id: '1', identifier } as never;
  const exit = await world.run({ spec: { issue } });
  expect(exit).toMatchObject({ kind: 'failed', failure: { kind: 'workspace_refused' } });
  expect(existsSync(world.root)).toBe(false);
});

it('refuses a workspace that is a link', async () => {
  const world = aWorld();
  mkdirSync(world.root);
  symlinkSync('/tmp', join(world.root, 'A-1'));
  const exit = await world.run();
  expect(exit).toMatchObject({ kind: 'failed', failure: { kind: 'workspace_refused' } });
});

it('ends a turn that takes too long', async () => {
  const world = aWorld();
  const { systemClock } = await import('../../src/worker/index.ts');
  const exit = await world.run({
    agent: { command: "trap '' TERM; echo on; sleep 60 & sleep 60", turnTimeoutMs: 500 },
    hooks: { afterRun },
    dependencies: { clock: systemClock },
  });
  expect(exit).toMatchObject({
    kind: 'failed',
    failure: {
      kind: 'turn_timeout',
      message: expect.stringContaining('turn 1 ran longer than 500 ms') as string,
    },
  });
  expect(ranAfter(world.root)).toBe(true);
});

it('ends everything when reporting itself fails', async () => {
  const world = aWorld();
  const exit = await world.run({
    hooks: { afterRun },
    agent: { command: 'echo hello; sleep 60' },
    abort: {
      reason: 'operator',
      when: (event) => {
        if (event.kind === 'turn_started') throw new Error('the executor is broken');
        return false;
      },
    },
  });
  expect(exit).toMatchObject({ kind: 'failed', failure: { kind: 'worker_crashed' } });
  expect(ranAfter(world.root)).toBe(true);
});
