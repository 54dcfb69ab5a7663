// Which session id a program is told, from turn to turn and from run to run.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/command/index.ts';
import { clearStages, newRequest, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';

afterEach(clearStages);

async function idsTold(play: Play, turns: number): Promise<string[]> {
  for (let turn = 1; turn <= turns; turn += 1) await play.turn(turn);
  return (await readFile(join(play.request.workspacePath, 'ids'), 'utf8')).trim().split('\n');
}

it('is the UUID that the daemon gave, in each turn', async () => {
  const play = await startPlay(agent, { command: 'echo "$SORTIE_SESSION_ID" >> ids' });
  expect(await idsTold(play, 2)).toEqual([play.request.newSessionId, play.request.newSessionId]);
  // It is announced by who started the session; the agent has nothing to add.
  expect(play.events.filter(({ kind }) => kind === 'session_started')).toEqual([]);
});

it('is the old one in a resumed session', async () => {
  const play = await startPlay(agent, {
    command: 'echo "$SORTIE_SESSION_ID" >> ids',
    resumeSessionId: 'of-yesterday',
  });
  expect(await idsTold(play, 1)).toEqual(['of-yesterday']);
});

it("becomes the program's own as soon as it names one", async () => {
  const play = await startPlay(agent, {
    command: `echo "$SORTIE_SESSION_ID" >> ids; echo '{"event":"session_started","session_id":"own-1"}'`,
  });
  expect(await idsTold(play, 2)).toEqual([play.request.newSessionId, 'own-1']);
  expect(play.session.sessionId).toBe('own-1');
  expect(play.events).toContainEqual({ kind: 'session_started', sessionId: 'own-1' });
});

it('stays as it is when the program names a bad one', async () => {
  const play = await startPlay(agent, { command: `echo '{"event":"session_started","session_id":"a b"}'` });
  await play.turn();
  expect(play.session.sessionId).toBe(play.request.newSessionId);
});

it('needs a workspace', async () => {
  const request = await newRequest({ workspacePath: '/nowhere/at/all' });
  const start = agent.create().startSession(request, new AbortController().signal);
  await expect(start).rejects.toMatchObject({ kind: 'invalid_workspace_cwd' });
});
