// What cannot be played is said before anything starts: by the check, and by the session.
import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { clearStages, startPlay } from '../stage.ts';
import { agent, clearRecordings, fixture, transcriptText, turnOf, writeRecording } from './recordings.ts';

afterEach(async () => {
  await clearStages();
  await clearRecordings();
});

const check = (settings: Record<string, unknown>): Promise<string | null> =>
  agent.checkCommand('bundled', {}, agent.settingsSchema.parse(settings));

it('complains about nothing that can be played, nor when it does not know what is to be played', async () => {
  expect(await check({ transcript: fixture('success'), agent: 'claude-code' })).toBeNull();
  expect(
    await check({ transcript: [await writeRecording(transcriptText(turnOf('success', 1)))] }),
  ).toBeNull();
  expect(await agent.checkCommand('bundled', {})).toBeNull();
});

describe('refuses', () => {
  it.each<[string, () => Promise<Record<string, unknown>> | Record<string, unknown>, string]>([
    ['no transcript', () => ({}), 'set replay.transcript'],
    ['a missing file', () => ({ transcript: '/nowhere/x.jsonl' }), '/nowhere/x.jsonl cannot be read'],
    ['a relative path in a list', () => ({ transcript: ['a.jsonl'] }), 'a.jsonl is a relative path'],
    ['a folder', () => ({ transcript: '/' }), '/ is no file'],
    ['an empty file', async () => ({ transcript: await writeRecording('') }), 'is empty'],
    ['raw output of nobody knows whom', () => ({ transcript: fixture('success') }), 'set replay.agent'],
    [
      'an agent without a reader',
      () => ({ transcript: fixture('success'), agent: 'mock' }),
      '"mock", whose output',
    ],
    [
      'another agent than was recorded',
      async () => ({
        transcript: await writeRecording(transcriptText(turnOf('success', 1))),
        agent: 'codex',
      }),
      'was recorded from "claude-code", but replay.agent is "codex"',
    ],
    [
      'a transcript without output',
      async () => ({ transcript: await writeRecording(transcriptText([])) }),
      'holds no output',
    ],
    [
      'one bad file among good ones',
      () => ({ transcript: [fixture('success'), '/nowhere'], agent: 'claude-code' }),
      '/nowhere',
    ],
  ])('%s', async (_, settings, words) => {
    const given = await settings();
    expect(await check(given)).toContain(words);
    await expect(startPlay(agent, { settings: given })).rejects.toMatchObject({
      kind: 'agent_config_error',
      message: expect.stringContaining(words) as string,
    });
  });

  it.each([
    [{ speed: -1 }, 'speed'],
    [{ speed: 'fast' }, 'speed'],
    [{ lines_per_second: 0 }, 'lines_per_second'],
    [{ transcript: [] }, 'transcript'],
    [{ transcript: '' }, 'transcript'],
  ])('%j', (block, key) => {
    const { error } = agent.settingsSchema.safeParse(block);
    expect(error?.issues.map(({ path }) => String(path[0]))).toEqual([key]);
  });
});

it('notices a file that changed, and one that went away', async () => {
  const path = await writeRecording('');
  expect(await check({ transcript: path })).toContain('is empty');
  await writeFile(path, transcriptText(turnOf('success', 1)));
  expect(await check({ transcript: path })).toBeNull();
  await rm(dirname(path), { recursive: true });
  expect(await check({ transcript: path })).toContain('cannot be read');
});

it('takes numbers in quotes, and settings that it has checked before', () => {
  const checked = agent.settingsSchema.parse({ transcript: 'x', speed: '2.5', lines_per_second: '100' });
  expect(checked).toEqual({ transcript: 'x', speed: 2.5, lines_per_second: 100 });
  expect(agent.settingsSchema.parse(checked)).toEqual(checked);
});
