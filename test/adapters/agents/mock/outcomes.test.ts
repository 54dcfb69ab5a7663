// Each outcome, played by the real program in a real workspace.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/mock/index.ts';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { usageIn } from '../../../conformance/agent-world.ts';
import { clearStages, messagesOf, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';

afterEach(clearStages);

const start = (settings: Record<string, unknown>, attempt = 0): Promise<Play> =>
  startPlay(agent, { settings: { turn_ms: 12, ...settings }, attempt });

it('succeed: reports through the turn, writes its file, spends its tokens', async () => {
  const play = await start({ file: 'docs/NOTES.md' });
  await play.turn(1, { prompt: 'four' });
  await play.turn(2);
  expect(await readFile(join(play.request.workspacePath, 'docs/NOTES.md'), 'utf8')).toBe(
    '- DEMO-1: attempt 0, turn 1\n- DEMO-1: attempt 0, turn 2\n',
  );
  expect(usageIn(play.events)).toEqual({ inputTokens: 2400, outputTokens: 600, cacheReadTokens: 0 });
  expect(messagesOf(play.events, 'notification')[0]).toBe(
    'reading the issue DEMO-1 (a prompt of 4 characters)',
  );
  expect(messagesOf(play.events, 'malformed')).toEqual([]);
  expect(play.events.filter(({ kind }) => kind === 'tool_result')).toHaveLength(6);
  expect(play.events.at(-1)).toEqual({ kind: 'turn_completed' });
});

it('takes about as long as it is told', async () => {
  const play = await start({ turn_ms: 600 });
  const startedMs = performance.now();
  await play.turn();
  expect(performance.now() - startedMs).toBeGreaterThan(590);
});

it('writes nothing when told so', async () => {
  const play = await start({ file: '' });
  await play.turn();
  expect(existsSync(join(play.request.workspacePath, 'NOTES.md'))).toBe(false);
  expect(existsSync(join(play.request.workspacePath, '.sortie'))).toBe(false);
});

it('writes its status', async () => {
  const play = await start({ status: 'needs-human-review' });
  await play.turn();
  const status = await readFile(join(play.request.workspacePath, '.sortie/status'), 'utf8');
  expect(status).toBe('needs-human-review\n');
});

it.each([
  ['fail', 'turn_failed', 'told to fail'],
  ['crash', 'port_exit', 'SIGKILL'],
  ['input_required', 'turn_input_required', 'old format?'],
])('%s ends as %s', async (outcome, kind, words) => {
  const play = await start({ outcome });
  await expect(play.turn()).rejects.toMatchObject({
    kind,
    message: expect.stringContaining(words) as string,
  });
  expect(usageIn(play.events).inputTokens).toBe(600);
  assertNothingLeft(play.request.runId, play.processes);
});

it('fail_first fails the attempts before it, and no other', async () => {
  for (const attempt of [0, 1]) {
    const { turn } = await start({ fail_first: 2 }, attempt);
    await expect(turn()).rejects.toMatchObject({ kind: 'turn_failed' });
  }
  const { turn } = await start({ fail_first: 2 }, 2);
  await turn();
});

it('behaves by issue', async () => {
  const { turn } = await start({ by_issue: { 'DEMO-1': { outcome: 'fail' }, 'DEMO-2': {} } });
  await expect(turn()).rejects.toMatchObject({ kind: 'turn_failed' });
});

it('flood: prints more than anybody wants, and completes', async () => {
  const play = await start({ outcome: 'flood' });
  await play.turn();
  expect(messagesOf(play.events, 'notification').length).toBeGreaterThan(20_000);
  expect(messagesOf(play.events, 'malformed')).toEqual([expect.stringContaining('1 line(s)')]);
});

it('shows neither settings nor prompt in its arguments', async () => {
  const play = await start({ outcome: 'hang', status: 'plan-text' });
  const controller = new AbortController();
  let commandLine = '';
  const onEvent = async ({ kind }: { kind: string }): Promise<void> => {
    // A later notification may be read when the process has ended already.
    if (kind !== 'notification' || commandLine !== '') return;
    commandLine = await readFile(`/proc/${play.processes[0]?.pid}/cmdline`, 'utf8').catch(() => '');
    controller.abort('seen');
  };
  const failed = play.turn(1, { prompt: 'prompt-text', signal: controller.signal, onEvent });
  await expect(failed).rejects.toMatchObject({ kind: 'turn_cancelled' });
  expect(commandLine).toContain('program.ts');
  expect(commandLine).not.toMatch(/plan-text|prompt-text/);
});

it('can always start', async () => {
  expect(await agent.checkCommand('', {})).toBeNull();
});
