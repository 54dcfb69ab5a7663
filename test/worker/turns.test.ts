// Which look after a turn buys another one, and what ends a run without an error.

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aWorld, trackerError, warningsOf } from './world.ts';

it('goes on while the issue is active, up to max_turns', async () => {
  const world = aWorld();
  world.looks = [{ state: 'to do' }, { state: 'IN PROGRESS' }];
  const exit = await world.run({ agent: { maxTurns: 3 } });
  expect(exit).toEqual({ kind: 'normal', end: 'turns_used_up', state: 'IN PROGRESS', evidence: null });
  expect(world.prompts).toEqual([
    'Do it A-1 To Do 0 1/3 false',
    'Do it A-1 to do 0 2/3 true',
    'Do it A-1 IN PROGRESS 0 3/3 true',
  ]);
  const files = readdirSync(join(world.root, 'A-1')).sort();
  expect(files).toEqual(['.sortie', 'prompt-1', 'prompt-2', 'prompt-3']);
  expect(readFileSync(join(world.root, 'A-1', 'prompt-2'), 'utf8')).toBe('Do it A-1 to do 0 2/3');
});

it('sends a prompt of its own when the template says nothing on later turns', async () => {
  const world = aWorld();
  await world.run({
    agent: { maxTurns: 2 },
    dependencies: { renderPrompt: async (_, { run }) => (run.isContinuation ? ' \n ' : 'Begin') },
  });
  const second = readFileSync(join(world.root, 'A-1', 'prompt-2'), 'utf8');
  expect(second).toContain('A-1 is still in the state "In Progress"');
  expect(second).toContain('2 of at most 2');
});

it.each([
  ['a terminal state', { state: 'Done' }, { end: 'not_active', state: 'Done' }],
  ['a state that is neither', { state: 'Review' }, { end: 'not_active', state: 'Review' }],
  ['an issue that is gone', null, { end: 'not_active', state: null }],
] as const)('buys no turn for %s', async (_, look, end) => {
  const world = aWorld();
  world.looks = [{ state: 'To Do' }, look];
  expect(await world.run({ agent: { maxTurns: 9 } })).toEqual({ kind: 'normal', ...end, evidence: null });
  expect(world.prompts).toHaveLength(2);
});

it('buys no turn for a state that is active and terminal at once', async () => {
  const world = aWorld();
  world.looks = [{ state: 'Done' }];
  const exit = await world.run({ agent: { maxTurns: 9 }, tracker: { activeStates: ['To Do', 'Done'] } });
  expect(exit).toEqual({ kind: 'normal', end: 'not_active', state: 'Done', evidence: null });
});

it('buys no turn once a required label is gone, and looks at the whole issue for that', async () => {
  const world = aWorld();
  world.looks = [
    { state: 'To Do', labels: ['agent', 'x'] },
    { state: 'To Do', labels: ['x'] },
  ];
  const exit = await world.run({ agent: { maxTurns: 9 }, tracker: { requiredLabels: ['Agent '] } });
  expect(exit).toEqual({ kind: 'normal', end: 'label_missing', state: 'To Do', evidence: null });
  expect(world.prompts).toHaveLength(2);
});

it('buys another turn without the label when an operator asked for the run', async () => {
  const world = aWorld();
  world.looks = [{ state: 'To Do', labels: ['x'] }];
  const exit = await world.run({
    agent: { maxTurns: 2 },
    tracker: { requiredLabels: ['agent'] },
    spec: { labelsOverruled: true },
  });
  expect(exit).toMatchObject({ kind: 'normal', end: 'turns_used_up' });
  expect(world.prompts).toHaveLength(2);
});

it('counts an issue that is gone as not active when labels are required, too', async () => {
  const world = aWorld();
  world.looks = [null];
  const exit = await world.run({ agent: { maxTurns: 9 }, tracker: { requiredLabels: ['agent'] } });
  expect(exit).toEqual({ kind: 'normal', end: 'not_active', state: null, evidence: null });
});

it('asks three times, then ends without a turn on an unknown state', async () => {
  const world = aWorld();
  world.looks = [trackerError()];
  const exit = await world.run({ agent: { maxTurns: 9 } });
  expect(exit).toEqual({ kind: 'normal', end: 'state_unknown', state: null, evidence: null });
  expect(world.pauses).toEqual([1000, 3000]);
  expect(warningsOf(world)).toHaveLength(3);
  expect(world.prompts).toHaveLength(1);
});

it('goes on when the third look answers', async () => {
  const world = aWorld();
  world.looks = [trackerError(), trackerError(), { state: 'To Do' }, { state: 'Done' }];
  expect(await world.run({ agent: { maxTurns: 9 } })).toMatchObject({ end: 'not_active', state: 'Done' });
  expect(world.prompts).toHaveLength(2);
});

it.each([
  ['blocked', 'status_blocked'],
  ['needs-human-review', 'status_needs_human_review'],
])('ends at the status %s without asking the tracker', async (status, end) => {
  const world = aWorld();
  world.looks = [new Error('nobody should ask')];
  const exit = await world.run({ agent: { maxTurns: 9, command: `echo ${status} > .sortie/status` } });
  expect(exit).toEqual({ kind: 'normal', end, state: 'To Do', evidence: null });
});

it('warns of a status that it does not know or may not follow, and goes on', async () => {
  const world = aWorld();
  mkdirSync(world.root);
  const command = `case $SORTIE_TURN in
    1) echo finished > .sortie/status;;
    2) echo blocked > ../secret; rm .sortie/status; ln -s ../../secret .sortie/status;;
    3) rm -r .sortie; mkdir ../other; echo blocked > ../other/status; ln -s ../other .sortie;;
  esac`;
  expect(await world.run({ agent: { maxTurns: 3, command } })).toMatchObject({ end: 'turns_used_up' });
  expect(warningsOf(world)).toEqual([
    expect.stringContaining('"finished", which means nothing'),
    expect.stringContaining('symbolic link'),
    'status file ignored: .sortie is a symbolic link',
  ]);
});
