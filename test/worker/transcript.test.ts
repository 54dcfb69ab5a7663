// What goes into a run's transcript, and under which turn.

import { expect, it } from 'vitest';
import type { SessionRequest } from '../../src/contract/agent.ts';
import { agentThat, aWorld } from './world.ts';

it('names the run and keeps each line with its turn, to the end of the session', async () => {
  const world = aWorld();
  let request: SessionRequest | null = null;
  const agent = agentThat({
    startSession: async (given) => {
      request = given;
      given.onLine('stdout', 'hello');
      return { sessionId: 's' };
    },
    runTurn: async (_session, { turn, prompt }) => {
      request?.onLine('input', prompt.slice(0, 5));
      request?.onLine('stderr', `working on ${turn}`);
    },
    stopSession: async () => request?.onLine('stdout', 'bye'),
  });
  await world.run({ spec: { attempt: 4 }, agent: { maxTurns: 2 }, dependencies: agent });
  expect(world.heads).toMatchObject([
    { issueId: '1', issueIdentifier: 'A-1', agentKind: 'script', attempt: 4 },
  ]);
  expect(world.transcript).toEqual([
    '0 stdout hello',
    '1 input Do it',
    '1 stderr working on 1',
    '2 input Do it',
    '2 stderr working on 2',
    '2 stdout bye',
    'closed',
  ]);
});

it('is closed when the run fails before it has an agent', async () => {
  const world = aWorld();
  await world.run({ hooks: { beforeRun: 'exit 1' } });
  expect(world.transcript).toEqual(['closed']);
});

it('keeps the very words that each turn was told', async () => {
  const world = aWorld();
  const told: { turn: number; text: string }[] = [];
  const agent = agentThat({
    runTurn: async (_session, { turn, prompt }) => void told.push({ turn, text: prompt }),
  });
  await world.run({ agent: { maxTurns: 3 }, dependencies: agent });
  expect(told.map(({ turn }) => turn)).toEqual([1, 2, 3]);
  expect(world.kept).toEqual(told);
});

it('keeps no prompt that no agent was told', async () => {
  const world = aWorld();
  const agent = agentThat({ startSession: () => Promise.reject(new Error('not today')) });
  await world.run({ dependencies: agent });
  expect(world.prompts).toHaveLength(1);
  expect(world.kept).toEqual([]);
});
