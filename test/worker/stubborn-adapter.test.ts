// A third party's adapter that breaks its promise to settle after an abort: the run ends all the same, and what
// the adapter still does later reaches nobody.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { AgentEvent, AgentSession } from '../../src/contract/agent.ts';
import type { WorkerClock } from '../../src/worker/index.ts';
import { agentThat, aWorld, warningsOf } from './world.ts';

/** The turn's own limit, an hour, stays out of this; the bound on aborted work falls due at once. */
const impatient: WorkerClock = {
  after(delayMs, fire) {
    if (delayMs < 3_600_000) setImmediate(fire);
    return () => undefined;
  },
};

it('leaves a turn and a session that do not end, still runs after_run, and hears nothing more', async () => {
  const world = aWorld();
  let say: (event: AgentEvent) => void | Promise<void> = () => undefined;
  let stops = 0;
  const exit = await world.run({
    hooks: { afterRun: 'touch after_run' },
    abort: {
      reason: 'stalled',
      when: (event) => event.kind === 'agent_event' && event.event.kind === 'malformed',
    },
    dependencies: {
      ...agentThat({
        async runTurn(_session, _turn, onEvent) {
          say = onEvent;
          await nextRound();
          await onEvent({ kind: 'malformed', message: '' });
          await new Promise(() => undefined);
        },
        async stopSession() {
          stops += 1;
          await new Promise(() => undefined);
        },
      }),
      clock: impatient,
    },
  });
  expect(exit).toEqual({ kind: 'cancelled', reason: 'stalled' });
  expect(stops).toBe(1);
  expect(warningsOf(world)).toEqual([
    expect.stringContaining('agent adapter does not end: the turn did not end within 30600 ms'),
    expect.stringContaining('agent adapter does not end: the end of the session'),
  ]);
  expect(existsSync(join(world.root, 'A-1', 'after_run'))).toBe(true);
  const reported = world.events.length;
  await say({ kind: 'notification', message: 'too late' });
  expect(world.events).toHaveLength(reported);
});

it('stops a session that comes after the run has ended', async () => {
  const world = aWorld();
  let comeLate: (session: AgentSession) => void = () => undefined;
  const stopped: string[] = [];
  const abort = new AbortController();
  const exit = await world.run({
    signal: abort.signal,
    dependencies: {
      ...agentThat({
        startSession: () => {
          setImmediate(() => abort.abort('shutdown'));
          return new Promise((resolve) => (comeLate = resolve));
        },
        async stopSession({ sessionId }) {
          stopped.push(sessionId);
        },
      }),
      clock: impatient,
    },
  });
  expect(exit).toEqual({ kind: 'cancelled', reason: 'shutdown' });
  expect(stopped).toEqual([]);
  comeLate({ sessionId: 'late' });
  await nextRound();
  expect(stopped).toEqual(['late']);
});

it('warns of a session that fails to stop', async () => {
  const world = aWorld();
  const exit = await world.run({
    dependencies: agentThat({
      stopSession: () => {
        throw new Error('no');
      },
    }),
    agent: { command: 'true' },
  });
  expect(exit.kind).toBe('normal');
  expect(warningsOf(world)).toEqual(['agent session did not stop: no']);
});

it('leaves a transcript whose disk hangs, and still runs after_run', async () => {
  const world = aWorld();
  const transcripts = {
    open: () => ({
      write: () => undefined,
      prompt: () => undefined,
      close: () => new Promise<void>(() => undefined),
    }),
  };
  const exit = await world.run({
    hooks: { afterRun: 'touch after_run' },
    dependencies: { transcripts, clock: impatient },
  });
  expect(exit).toMatchObject({ kind: 'normal' });
  expect(warningsOf(world)).toEqual([
    'transcript not ended: the transcript did not end within 10000 ms of being told to',
  ]);
  expect(existsSync(join(world.root, 'A-1', 'after_run'))).toBe(true);
});
