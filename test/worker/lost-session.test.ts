// A session that the agent does not know is replaced once by a fresh one, which is told everything.

import { expect, it } from 'vitest';
import { AgentError } from '../../src/contract/agent.ts';
import type { AgentAdapter, SessionRequest, TurnRequest } from '../../src/contract/agent.ts';
import type { RunEvent } from '../../src/contract/run.ts';
import { agentThat, aWorld } from './world.ts';
import type { Change, World } from './world.ts';

const USAGE = { inputTokens: 7, outputTokens: 5, cacheReadTokens: 3, costUsd: 1 };
const unknown = (): AgentError =>
  new AgentError('response_error', 'no such conversation', { reason: 'session_unknown' });

interface Calls {
  readonly starts: SessionRequest[];
  readonly turns: TurnRequest[];
  readonly stopped: string[];
  readonly change: Change;
}

/** An agent whose `fails` says, call by call, what is thrown. */
function forgetful(fails: {
  start?: (n: number) => Error | null;
  turn?: (n: number) => Error | null;
}): Calls {
  const starts: SessionRequest[] = [];
  const turns: TurnRequest[] = [];
  const stopped: string[] = [];
  const adapter: AgentAdapter = {
    async startSession(request) {
      starts.push(request);
      const error = fails.start?.(starts.length) ?? null;
      if (error !== null) throw error;
      return { sessionId: request.resumeSessionId ?? request.newSessionId };
    },
    async runTurn(_session, turn) {
      turns.push(turn);
      const error = fails.turn?.(turns.length) ?? null;
      if (error !== null) throw error;
    },
    async stopSession({ sessionId }) {
      stopped.push(sessionId);
    },
  };
  const spec = { resumeSessionId: 'old', sessionUsage: USAGE, attempt: 2 };
  return { starts, turns, stopped, change: { spec, dependencies: agentThat(adapter) } };
}

function toldOf(world: World): string[] {
  return world.events.flatMap((event: RunEvent) => {
    if (event.kind === 'session_lost') return [`lost ${event.sessionId}`];
    if (event.kind === 'turn_started') return [`turn ${event.turn}`];
    if (event.kind === 'agent_event' && event.event.kind === 'session_started') return ['session'];
    return [];
  });
}

it('starts a fresh one when the session to resume is unknown at the start', async () => {
  const world = aWorld();
  const { starts, turns, stopped, change } = forgetful({ start: (n) => (n === 1 ? unknown() : null) });
  expect(await world.run(change)).toMatchObject({ kind: 'normal', end: 'turns_used_up' });
  expect(starts).toMatchObject([
    { resumeSessionId: 'old', sessionUsage: USAGE },
    { resumeSessionId: null, sessionUsage: null },
  ]);
  expect(starts[1]?.newSessionId).not.toBe(starts[0]?.newSessionId);
  expect(turns).toMatchObject([{ turn: 1 }]);
  expect(stopped).toEqual([starts[1]?.newSessionId]);
  expect(toldOf(world)).toEqual(['lost old', 'session', 'turn 1']);
});

it('starts a fresh one when it is unknown in the first turn, and ends the old one', async () => {
  const world = aWorld();
  const { starts, turns, stopped, change } = forgetful({ turn: (n) => (n === 1 ? unknown() : null) });
  expect(await world.run(change)).toMatchObject({ kind: 'normal' });
  expect(turns.map(({ turn }) => turn)).toEqual([1, 1]);
  expect(turns[1]?.prompt).toBe(turns[0]?.prompt);
  expect(stopped).toEqual(['old', starts[1]?.newSessionId]);
  expect(toldOf(world)).toEqual(['session', 'turn 1', 'lost old', 'session', 'turn 1']);
});

it('tells the fresh one everything in a later turn too, and goes on counting that turn', async () => {
  const world = aWorld();
  const { turns, change } = forgetful({ turn: (n) => (n === 2 ? unknown() : null) });
  const exit = await world.run({ ...change, agent: { maxTurns: 3 } });
  expect(exit).toMatchObject({ kind: 'normal', end: 'turns_used_up' });
  expect(turns.map(({ turn }) => turn)).toEqual([1, 2, 2, 3]);
  expect(turns[2]?.prompt).toMatch(/^Do it A-1 In Progress 2 1\/3\n[^]*\.sortie\/status/);
  expect(world.prompts.map((text) => text.split(' ').at(-1))).toEqual(['false', 'true', 'false', 'true']);
});

it('fails the second time', async () => {
  const world = aWorld();
  const { starts, change } = forgetful({ start: unknown });
  expect(await world.run(change)).toEqual({
    kind: 'failed',
    failure: {
      kind: 'response_error',
      message: 'agent: response_error: no such conversation',
      reason: 'session_unknown',
      resetAtMs: null,
    },
  });
  expect(starts).toHaveLength(2);
});

it('starts no fresh one after an abort', async () => {
  const world = aWorld();
  const { starts, change } = forgetful({ turn: unknown });
  const abort = { reason: 'operator', when: ({ kind }: RunEvent) => kind === 'turn_started' } as const;
  expect(await world.run({ ...change, abort })).toEqual({ kind: 'cancelled', reason: 'operator' });
  expect(starts).toHaveLength(1);
});

it('announces no session that has no name yet', async () => {
  const world = aWorld();
  const { change } = forgetful({});
  const agents = agentThat({ startSession: async () => ({ sessionId: '' }), runTurn: async () => undefined });
  await world.run({ ...change, dependencies: agents });
  expect(toldOf(world)).toEqual(['turn 1']);
});
