// Turns that somebody else ends, and programs that leave something behind: afterwards nothing is left.
import { afterEach, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/command/index.ts';
import type { AgentError } from '../../../../src/contract/agent.ts';
import { assertNothingLeft, markedWith } from '../../../conformance/agent-processes.ts';
import { clearStages, messagesOf, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';

afterEach(clearStages);

/** Aborts when the program says `ready`. */
async function abortWhenReady(play: Play): Promise<AgentError> {
  const controller = new AbortController();
  const failed = play.turn(1, {
    signal: controller.signal,
    onEvent: (event) => {
      if (event.kind === 'notification' && event.message === 'ready') controller.abort('stalled');
    },
  });
  return failed.then(
    () => expect.unreachable('the turn completed'),
    (error: unknown) => error as AgentError,
  );
}

it.each([
  ['hangs', 'echo ready; exec sleep 300'],
  ['ignores SIGTERM', `trap '' TERM; echo ready; while :; do sleep 1; done`],
  ['hangs with a child in a session of its own', 'setsid sleep 300 & echo ready; wait'],
  [
    'ignores SIGTERM, as does its child in a session of its own',
    `trap '' TERM; setsid sh -c 'trap "" TERM; while :; do sleep 1; done' & echo ready; while :; do sleep 1; done`,
  ],
  ['ends at SIGTERM with exit 0', `trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done`],
])('a cancelled turn whose program %s', async (_, command) => {
  const play = await startPlay(agent, { command });
  const error = await abortWhenReady(play);
  expect(error).toMatchObject({ kind: 'turn_cancelled', message: 'agent: turn_cancelled: stalled' });
  expect(play.events.at(-1)).toMatchObject({ kind: 'turn_cancelled' });
  assertNothingLeft(play.request.runId, play.processes);
});

it.each([
  ['in the background', 'sleep 300 & echo left'],
  ['in a session of its own', 'setsid sleep 300 >/dev/null 2>&1 & echo left'],
  ['in a session of its own, holding the output open', 'setsid sleep 300 & echo left'],
  ['that ignores SIGTERM', `setsid sh -c 'trap "" TERM; while :; do sleep 1; done' & echo left`],
])('a program that completes its turn but leaves a child %s', async (_, command) => {
  const play = await startPlay(agent, { command });
  await play.turn();
  expect(messagesOf(play.events, 'notification')).toEqual(['left']);
  expect(markedWith(play.request.runId)).toEqual([]);
});

it('a turn that was cancelled before it began starts nothing', async () => {
  const play = await startPlay(agent, { command: 'touch started' });
  await expect(play.turn(1, { signal: AbortSignal.abort('shutdown') })).rejects.toMatchObject({
    kind: 'turn_cancelled',
  });
  expect(play.processes).toEqual([]);
});

it('a process whose start cannot be recorded does not run on', async () => {
  const play = await startPlay(agent, {
    command: 'exec sleep 300',
    onProcess: () => {
      throw new Error('no room');
    },
  });
  await expect(play.turn()).rejects.toMatchObject({ kind: 'response_error' });
  expect(markedWith(play.request.runId)).toEqual([]);
});

it('a second turn while one runs is refused, and the first goes on', async () => {
  const play = await startPlay(agent, { command: 'cat' });
  const first = play.turn(1);
  await expect(play.turn(2)).rejects.toMatchObject({ kind: 'response_error' });
  await first;
});
