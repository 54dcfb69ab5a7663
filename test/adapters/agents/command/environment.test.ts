// A turn's program gets what the run says, what the contract names, and nothing of the daemon's own.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { agent } from '../../../../adapters/agents/command/index.ts';
import { clearStages, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';
import { aToolServer, TOKEN } from '../tool-server.ts';

afterEach(async () => {
  vi.unstubAllEnvs();
  await clearStages();
});

async function environmentOf(play: Play, turn: number): Promise<Record<string, string>> {
  await play.turn(turn);
  const text = await readFile(join(play.request.workspacePath, 'env'), 'utf8');
  const pairs = text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

const command = 'cat /proc/self/environ > env';

it('names the issue, the place and the turn', async () => {
  const play = await startPlay(agent, { command, attempt: 3 });
  const { request, session } = play;
  expect(await environmentOf(play, 2)).toMatchObject({
    SORTIE_ISSUE_ID: '10001',
    SORTIE_ISSUE_IDENTIFIER: 'DEMO-1',
    SORTIE_WORKSPACE: request.workspacePath,
    SORTIE_ATTEMPT: '3',
    SORTIE_TURN: '2',
    SORTIE_SESSION_ID: session.sessionId,
    SORTIE_RUN_ID: request.runId,
    SORTIE_PROMPT_FILE: join(request.privateDirectory, 'prompt-turn-2.md'),
    PWD: request.workspacePath,
  });
});

it('holds nothing of the daemon that the request does not pass on', async () => {
  vi.stubEnv('SORTIE_TRACKER_API_KEY', 'a-secret');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret');
  const play = await startPlay(agent, { command });
  const environment = await environmentOf(play, 1);
  expect(Object.values(environment)).not.toContain('a-secret');
  const own = Object.keys(environment).filter((name) => !(name in play.request.env));
  expect(own.sort()).toEqual([
    'GIT_EDITOR',
    'GIT_SSH_COMMAND',
    'GIT_TERMINAL_PROMPT',
    'PWD',
    'SORTIE_ATTEMPT',
    'SORTIE_ISSUE_ID',
    'SORTIE_ISSUE_IDENTIFIER',
    'SORTIE_PROMPT_FILE',
    'SORTIE_RUN_ID',
    'SORTIE_SESSION_ID',
    'SORTIE_TURN',
    'SORTIE_WORKSPACE',
  ]);
});

it('cannot be led astray by variables of the same names', async () => {
  const env = {
    PATH: process.env['PATH'] ?? '',
    SORTIE_TURN: '99',
    SORTIE_ISSUE_ID: 'other',
    SORTIE_RUN_ID: 'other',
  };
  const play = await startPlay(agent, { command, env });
  expect(await environmentOf(play, 1)).toMatchObject({
    SORTIE_TURN: '1',
    SORTIE_ISSUE_ID: '10001',
    SORTIE_RUN_ID: play.request.runId,
  });
});

it('never shows the prompt in the arguments', async () => {
  const play = await startPlay(agent, { command: `tr '\\0' ' ' < /proc/$$/cmdline > env` });
  await play.turn(1, { prompt: 'do not tell' });
  const text = await readFile(join(play.request.workspacePath, 'env'), 'utf8');
  expect(text).toContain('sh -c');
  expect(text).not.toContain('do not tell');
});

it('names the file by which the tools of the run are found, and never their token', async () => {
  const play = await startPlay(agent, { command, tools: aToolServer() });
  const environment = await environmentOf(play, 1);
  expect(environment['SORTIE_TOOLS_FILE']).toBe('/private/tools.json');
  expect(JSON.stringify(environment)).not.toContain(TOKEN);
});
