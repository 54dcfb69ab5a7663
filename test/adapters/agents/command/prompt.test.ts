// The prompt arrives whole, in both ways, and only the owner can read its file.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/command/index.ts';
import { clearStages, messagesOf, startPlay } from '../stage.ts';

afterEach(clearStages);

const twoMegabytes = 'äöü 👍 line\n'.repeat(130_000);

it('arrives whole on stdin and as a file: 2 MB, character by character', async () => {
  const command = 'sleep 0.1; cat > from-stdin; cp "$SORTIE_PROMPT_FILE" from-file';
  const { turn, request } = await startPlay(agent, { command });
  await turn(1, { prompt: twoMegabytes });
  expect(Buffer.byteLength(twoMegabytes)).toBeGreaterThan(2_000_000);
  for (const name of ['from-stdin', 'from-file']) {
    expect((await readFile(join(request.workspacePath, name), 'utf8')) === twoMegabytes).toBe(true);
  }
});

it.each([
  ['ignores its stdin', 'exit 0'],
  ['closes its stdin', 'exec 0<&-; sleep 0.1'],
  ['reads a little of it', 'head -c 10 >/dev/null'],
])('a program that %s has completed its turn all the same', async (_, command) => {
  const { turn } = await startPlay(agent, { command });
  await turn(1, { prompt: twoMegabytes });
});

it('an empty prompt ends stdin at once', async () => {
  const { turn, events } = await startPlay(agent, { command: 'wc -c' });
  await turn(1, { prompt: '' });
  expect(messagesOf(events, 'notification')).toEqual(['0']);
});

it('lies outside of the workspace, for the owner only, and is gone afterwards', async () => {
  const { turn, request, events } = await startPlay(agent, {
    command: 'stat -c %a "$SORTIE_PROMPT_FILE"; echo "$SORTIE_PROMPT_FILE"',
  });
  await turn();
  const [mode, path = ''] = messagesOf(events, 'notification');
  expect(mode).toBe('600');
  expect(path.startsWith(`${request.privateDirectory}/`)).toBe(true);
  expect(existsSync(path)).toBe(false);
  expect(await readdir(request.privateDirectory)).toEqual([]);
});

it('never follows a link that waits under its name', async () => {
  const { turn, request } = await startPlay(agent);
  const victim = join(request.workspacePath, 'victim');
  await writeFile(victim, 'untouched');
  await symlink(victim, join(request.privateDirectory, 'prompt-turn-1.md'));
  await turn();
  expect(await readFile(victim, 'utf8')).toBe('untouched');
});

it('fails the turn in one line when its file cannot be written', async () => {
  const { turn, request } = await startPlay(agent);
  await mkdir(join(request.privateDirectory, 'prompt-turn-1.md'));
  await expect(turn()).rejects.toMatchObject({
    kind: 'turn_failed',
    message: expect.stringContaining('cannot write the prompt file') as string,
  });
});
