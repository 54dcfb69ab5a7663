// The plain course of a run: its steps in the contract's order, what it reports, what the agent is given.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aWorld, phasesOf, trackerError, warningsOf } from './world.ts';

it('goes through every phase in order and ends with its turns used up', async () => {
  const world = aWorld();
  const exit = await world.run({
    tracker: {
      inProgressState: 'In Progress',
      comments: { onDispatch: true, onCompletion: false, onFailure: false, style: 'plain' },
    },
  });
  expect(exit).toEqual({ kind: 'normal', end: 'turns_used_up', state: 'In Progress', evidence: null });
  expect(phasesOf(world)).toEqual([
    'dispatch_transition',
    'dispatch_comment',
    'preparing_workspace',
    'building_prompt',
    'launching_agent',
    'initializing_session',
    'streaming_turn',
    'finishing',
  ]);
  expect(world.transitions).toMatchObject([{ toState: 'In Progress', from: ['To Do', 'In Progress'] }]);
  expect(world.comments).toMatchObject([{ lifecycle: 'dispatch', issue: { state: 'In Progress' } }]);
  expect(world.comments[0]?.body).toMatch(/run [0-9a-f]{8}, attempt 0, agent script/);
  expect(world.events.filter(({ kind }) => kind !== 'phase_entered').map(({ kind }) => kind)).toEqual([
    'tracker_write_confirmed',
    'tracker_write_confirmed',
    'workspace_ready',
    'agent_event',
    'turn_started',
    'process_started',
    'agent_event',
    'turn_finished',
    'state_observed',
  ]);
});

it('writes nothing to the tracker unless asked, nor moves an issue that is there already', async () => {
  const world = aWorld();
  await world.run({ tracker: { inProgressState: 'to do' } });
  expect(world.transitions).toEqual([]);
  expect(world.comments).toEqual([]);
  expect(phasesOf(world)[0]).toBe('preparing_workspace');
});

it('only warns when the tracker refuses the writes of the dispatch', async () => {
  const world = aWorld();
  const refuse = async (): Promise<void> => {
    throw trackerError('tracker_payload_error');
  };
  const exit = await world.run({
    tracker: {
      inProgressState: 'In Progress',
      comments: { onDispatch: true, onCompletion: false, onFailure: false, style: 'plain' },
    },
    dependencies: { writer: { transition: refuse, comment: refuse, label: refuse } },
  });
  expect(exit.kind).toBe('normal');
  expect(warningsOf(world)).toMatchObject([
    expect.stringMatching(/^dispatch transition failed: tracker: tracker_payload_error/),
    expect.stringMatching(/^dispatch comment failed: tracker: tracker_payload_error/),
  ]);
  expect(world.events).not.toContainEqual(expect.objectContaining({ kind: 'tracker_write_confirmed' }));
});

it('gives the agent the prompt, its environment and a private folder that goes with the run', async () => {
  const world = aWorld();
  const command = 'cat; echo; env; touch "$PRIVATE/file"; ls -ld "$PRIVATE"';
  await world.run({ agent: { command, env: { EXTRA: 'more' } }, spec: { secretEnvNames: ['SORTIE_FROM'] } });
  const said = world.events.flatMap((event) =>
    event.kind === 'agent_event' && event.event.kind === 'notification' ? [event.event.message] : [],
  );
  expect(said[0]).toBe('Do it A-1 To Do 0 1/1');
  expect(said.join('\n')).toContain('.sortie/status');
  expect(said).toContain('EXTRA=more');
  expect(said).toContain('AGENT_NAME=smith');
  expect(said.join('\n')).not.toContain('hunter2');
  expect(said.at(-1)).toMatch(/^drwx------/);
  expect(said.find((line) => line.startsWith('PRIVATE='))).toContain(world.privateRoot);
  expect(readdirSync(world.privateRoot)).toEqual([]);
});

it('names the session, and resumes the one that it is given', async () => {
  const world = aWorld();
  await world.run();
  await world.run({ spec: { resumeSessionId: 'old one' } });
  const ids = world.events.flatMap((event) =>
    event.kind === 'agent_event' && event.event.kind === 'session_started' ? [event.event.sessionId] : [],
  );
  expect(ids).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 'old one']);
});

it('runs the hooks around the agent and puts the status folder in place after them', async () => {
  const world = aWorld();
  const log = join(world.root, 'log');
  await world.run({
    hooks: {
      // `git clone … .` would refuse a folder with anything in it.
      afterCreate: `ls -A > ${log}; echo after_create >> ${log}`,
      beforeRun: `ls -A >> ${log}; echo before_run $SORTIE_ATTEMPT >> ${log}`,
      afterRun: `echo after_run >> ${log}`,
    },
    agent: { command: `echo agent >> ${log}; cat .sortie/.gitignore >> ${log}` },
    spec: { attempt: 3 },
  });
  expect(readFileSync(log, 'utf8')).toBe('after_create\nbefore_run 3\nagent\n*\nafter_run\n');
  expect(world.hooks.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['after_create', 'succeeded'],
    ['before_run', 'succeeded'],
    ['after_run', 'succeeded'],
  ]);
});

it('makes the workspace once and deletes an old status before each run', async () => {
  const world = aWorld();
  const change = { agent: { command: 'cat .sortie/status; echo blocked > .sortie/status' } };
  expect(await world.run(change)).toMatchObject({ end: 'status_blocked' });
  expect(await world.run(change)).toMatchObject({ end: 'status_blocked' });
  expect(world.events.filter(({ kind }) => kind === 'workspace_ready')).toEqual([
    { kind: 'workspace_ready', path: join(world.root, 'A-1'), created: true },
    { kind: 'workspace_ready', path: join(world.root, 'A-1'), created: false },
  ]);
  expect(world.events).not.toContainEqual(
    expect.objectContaining({ event: { kind: 'notification', message: 'blocked' } }),
  );
  expect(existsSync(join(world.root, 'A-1', '.sortie', 'status'))).toBe(true);
});
