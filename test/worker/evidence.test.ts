// When a run that ended well is asked what it has left behind, and what the agent is told after nothing was found.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Evidence, RunEvent } from '../../src/contract/run.ts';
import { agentThat, aWorld, trackerError } from './world.ts';
import type { Change } from './world.ts';

const NOTHING: Evidence = {
  commit: false,
  changes: false,
  toolWrites: 0,
  declared: false,
  unknown: false,
  summary: 'nothing',
};
const IDLE = 'true';
const observed = { evidence: 'observed', command: IDLE } as const;

it('finds nothing when nothing was done, whatever the hooks did', async () => {
  const world = aWorld();
  const hooks = { afterCreate: 'echo > made', beforeRun: 'echo >> made', afterRun: 'echo >> made' };
  const exit = await world.run({ agent: observed, hooks });
  expect(exit).toEqual({ kind: 'normal', end: 'turns_used_up', state: 'In Progress', evidence: NOTHING });
});

it('finds what the agent changed, in any turn', async () => {
  const world = aWorld();
  const command = '[ $SORTIE_TURN = 2 ] || touch one two';
  expect(await world.run({ agent: { ...observed, command, maxTurns: 2 } })).toMatchObject({
    evidence: { ...NOTHING, changes: true, summary: '2 files changed' },
  });
});

it('finds a commit', async () => {
  const world = aWorld();
  const git = 'git -c user.name=A -c user.email=a@example.com';
  const hooks = { afterCreate: 'git init -q -b main' };
  const command = `${git} commit -q --allow-empty -m work`;
  expect(await world.run({ agent: { ...observed, command }, hooks })).toMatchObject({
    evidence: { ...NOTHING, commit: true, summary: 'commit on main' },
  });
});

it('counts what tools have written, and only that', async () => {
  const world = aWorld();
  const tool = { kind: 'tool_result', name: 'edit', durationMs: 1 } as const;
  const agent = agentThat({
    runTurn: async (_session, _turn, onEvent) => {
      for (const result of [{ ok: true, writes: true }, { ok: false, writes: true }, { ok: true }]) {
        await onEvent({ ...tool, ...result });
      }
    },
  });
  expect(await world.run({ agent: { ...observed, maxTurns: 2 }, dependencies: agent })).toMatchObject({
    evidence: { ...NOTHING, toolWrites: 2, summary: '2 writes by tools' },
  });
});

it('takes no-change-needed for an answer, and buys no further turn', async () => {
  const world = aWorld();
  const command = 'echo no-change-needed > .sortie/status';
  const exit = await world.run({ agent: { ...observed, command, maxTurns: 5 } });
  expect(exit).toMatchObject({
    end: 'turns_used_up',
    state: 'In Progress',
    evidence: { ...NOTHING, declared: true, summary: 'declared that no change is needed' },
  });
  expect(world.prompts).toHaveLength(1);
});

it('lets the tracker have the last word after no-change-needed', async () => {
  const world = aWorld();
  world.looks = [{ state: 'Done' }];
  const command = 'echo no-change-needed > .sortie/status';
  const exit = await world.run({ agent: { ...observed, command } });
  expect(exit).toEqual({ kind: 'normal', end: 'not_active', state: 'Done', evidence: null });
});

const ends: [string, Change, string][] = [
  ['it is off', { agent: { evidence: 'off', command: IDLE } }, 'turns_used_up'],
  [
    'the issue is blocked',
    { agent: { ...observed, command: 'echo blocked > .sortie/status' } },
    'status_blocked',
  ],
  ['the issue is not active', { agent: observed, tracker: { activeStates: ['To Do'] } }, 'not_active'],
];

it.each(ends)('is not looked for when %s', async (_, change, end) => {
  expect(await aWorld().run(change)).toMatchObject({ kind: 'normal', end, evidence: null });
});

it('is looked for when the state is unknown', async () => {
  const world = aWorld();
  world.looks = [trackerError()];
  expect(await world.run({ agent: observed })).toMatchObject({ end: 'state_unknown', evidence: NOTHING });
});

it.each([
  ['observed', 1, /The last run on this issue ended without a sign[^]*no-change-needed/],
  ['strict', 2, /The last 2 runs on this issue ended without a sign[^]*What counts is a commit/],
] as const)(
  'is asked for in the first prompt after an empty run, under %s',
  async (evidence, emptyRuns, text) => {
    const world = aWorld();
    const command = 'cat > prompt-$SORTIE_TURN';
    await world.run({ spec: { emptyRuns }, agent: { evidence, command, maxTurns: 2 } });
    const prompt = (turn: number): string => readFileSync(join(world.root, 'A-1', `prompt-${turn}`), 'utf8');
    expect(prompt(1)).toMatch(text);
    expect(prompt(2)).not.toContain('without a sign');
  },
);

it.each([
  ['observed', true],
  ['off', true],
  ['strict', false],
] as const)('may be declared to be needless under %s: %s', async (evidence, mayDeclare) => {
  const world = aWorld();
  await world.run({ agent: { evidence, command: 'cat > prompt-$SORTIE_TURN' } });
  const prompt = readFileSync(join(world.root, 'A-1', 'prompt-1'), 'utf8');
  expect(prompt).toContain('needs-human-review');
  expect(prompt.includes('no-change-needed')).toBe(mayDeclare);
});

it('is not spoken of when it is off or was found', async () => {
  const world = aWorld();
  await world.run({ spec: { emptyRuns: 3 } });
  expect(readFileSync(join(world.root, 'A-1', 'prompt-1'), 'utf8')).not.toContain('without a sign');
});

describe('work of runs that ended otherwise', () => {
  const hooks = { beforeRun: 'echo >> of-a-hook', afterRun: 'echo >> of-another' };
  const works = { ...observed, command: 'touch work.txt; exit 1' } as const;

  it('counts for the first run of the claim that ends well', async () => {
    const world = aWorld();
    expect(await world.run({ agent: works, hooks })).toMatchObject({ kind: 'failed' });
    expect(
      await world.run({ agent: { ...works, command: 'exit 1' }, hooks, spec: { attempt: 1 } }),
    ).toMatchObject({
      kind: 'failed',
    });
    const judged = await world.run({ agent: observed, hooks, spec: { attempt: 2 } });
    expect(judged).toMatchObject({ evidence: { ...NOTHING, changes: true, summary: '1 file changed' } });
    const next = await world.run({ agent: observed, hooks, spec: { attempt: 3 } });
    expect(next).toMatchObject({ evidence: NOTHING });
  });

  it.each(['lost', 'shutdown'] as const)('counts when nobody could look at its end (%s)', async (reason) => {
    const world = aWorld();
    const abort = { reason, when: ({ kind }: RunEvent) => kind === 'turn_finished' };
    const command = 'touch work.txt';
    expect(await world.run({ agent: { ...observed, command }, abort })).toEqual({
      kind: 'cancelled',
      reason,
    });
    const judged = await world.run({ agent: observed, hooks, spec: { attempt: 1 } });
    expect(judged).toMatchObject({ evidence: { ...NOTHING, changes: true, summary: '1 file changed' } });
  });

  it('is told from that of after_run when the daemon shuts down', async () => {
    const world = aWorld();
    const abort = { reason: 'shutdown', when: ({ kind }: RunEvent) => kind === 'turn_finished' } as const;
    await world.run({ agent: observed, hooks: { afterRun: 'echo > of-a-hook' }, abort });
    expect(await world.run({ agent: observed, spec: { attempt: 1 } })).toMatchObject({ evidence: NOTHING });
    const agent = { ...observed, command: 'touch work.txt' };
    await world.run({ agent, hooks: { afterRun: 'echo > of-another' }, abort });
    expect(await world.run({ agent: observed, spec: { attempt: 2 } })).toMatchObject({
      evidence: { ...NOTHING, changes: true, summary: '1 file changed' },
    });
  });

  it('counts as well when it was found, but the state was not known then', async () => {
    const world = aWorld();
    const { looks } = world;
    world.looks = [trackerError()];
    const found = { ...NOTHING, changes: true, summary: '1 file changed' };
    const first = await world.run({ agent: { ...observed, command: 'touch work.txt' } });
    expect(first).toMatchObject({ end: 'state_unknown', evidence: found });
    world.looks = looks;
    const next = await world.run({ agent: observed, spec: { attempt: 1 } });
    expect(next).toMatchObject({ end: 'turns_used_up', evidence: found });
    const last = await world.run({ agent: observed, spec: { attempt: 2 } });
    expect(last).toMatchObject({ evidence: NOTHING });
  });

  it('does not count for another claim, or when it was not the agent who did it', async () => {
    const world = aWorld();
    await world.run({ agent: works, hooks });
    expect(await world.run({ agent: observed, hooks, spec: { attempt: 0 } })).toMatchObject({
      evidence: NOTHING,
    });
    await world.run({ agent: { ...works, command: 'exit 1' }, hooks, spec: { attempt: 0 } });
    expect(await world.run({ agent: observed, hooks, spec: { attempt: 1 } })).toMatchObject({
      evidence: NOTHING,
    });
  });
});
