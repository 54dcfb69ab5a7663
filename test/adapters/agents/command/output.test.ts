// What a turn's program prints becomes events, however much it is.
import { afterEach, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/command/index.ts';
import { clearStages, messagesOf, startPlay } from '../stage.ts';

afterEach(clearStages);

it('reports events and plain lines in order, and how the turn ended', async () => {
  const command = [
    `echo starting`,
    `echo '{"event":"token_usage","input_tokens":100,"output_tokens":10,"model":"m","cost_usd":0.01}'`,
    `echo '{"event":"token_usage","input_tokens":-100}'`,
    `echo not an event >&2`,
    `echo '{"event":"tool_result","name":"grep","duration_ms":5,"ok":true}'`,
    `printf 'no line end'`,
  ].join('\n');
  const { turn, events } = await startPlay(agent, { command });
  await turn();
  expect(events).toEqual([
    { kind: 'notification', message: 'starting' },
    {
      kind: 'token_usage',
      inputTokens: 100,
      outputTokens: 10,
      cacheReadTokens: 0,
      model: 'm',
      costUsd: 0.01,
    },
    { kind: 'malformed', message: expect.stringContaining('input_tokens') as string },
    { kind: 'tool_result', name: 'grep', durationMs: 5, ok: true },
    { kind: 'notification', message: 'no line end' },
    { kind: 'turn_completed' },
  ]);
});

it('fails a turn whose last event was cut, although its exit code is 0', async () => {
  const { turn, events } = await startPlay(agent, { command: `printf '{"event":"token_usage","input_to'` });
  await expect(turn()).rejects.toMatchObject({ kind: 'turn_failed', reason: 'truncated_output' });
  expect(messagesOf(events, 'malformed')).toEqual([expect.stringContaining('middle of a JSON line')]);
  expect(events.at(-1)).toMatchObject({ kind: 'turn_failed' });
});

it('hands every raw line on for the transcript, the prompt and stderr too', async () => {
  const lines: string[] = [];
  const { turn } = await startPlay(agent, {
    command: `cat >/dev/null; echo out; echo '{"event":"notification","message":"m"}'; echo err >&2`,
    onLine: (stream, line) => lines.push(`${stream}: ${line}`),
  });
  await turn(1, { prompt: 'the prompt' });
  expect(lines.toSorted()).toEqual([
    'input: the prompt',
    'stderr: err',
    'stdout: out',
    'stdout: {"event":"notification","message":"m"}',
  ]);
});

it('skips and counts 50 MB on one line, and goes on', async () => {
  const command = `echo before; head -c 52428800 /dev/zero | tr '\\0' x; echo; echo after`;
  const { turn, events } = await startPlay(agent, { command });
  await turn();
  expect(messagesOf(events, 'notification')).toEqual(['before', 'after']);
  expect(messagesOf(events, 'malformed')).toEqual([expect.stringContaining('1 line(s)')]);
});

it('survives a flood of lines on both streams', async () => {
  const command = 'yes flood | head -n 100000 & yes flood | head -n 100000 >&2; wait; echo dry';
  const { turn, events } = await startPlay(agent, { command });
  await turn();
  const messages = messagesOf(events, 'notification');
  expect(messages).toHaveLength(100_001);
  expect(messages.at(-1)).toBe('dry');
});

it('shows the beginning of a long message', async () => {
  const { turn, events } = await startPlay(agent, { command: `head -c 1000000 /dev/zero | tr '\\0' x` });
  await turn();
  const [message = ''] = messagesOf(events, 'notification');
  expect(message).toHaveLength(2000);
  expect(message.endsWith('…')).toBe(true);
});

it('ends the program when nobody can take its events', async () => {
  const { turn, processes } = await startPlay(agent, { command: 'echo one; exec sleep 300' });
  const onEvent = ({ kind }: { kind: string }): void => {
    if (kind === 'notification') throw new Error('store is full');
  };
  await expect(turn(1, { onEvent })).rejects.toMatchObject({
    kind: 'response_error',
    message: expect.stringContaining('store is full') as string,
  });
  expect(() => process.kill(processes[0]?.pid ?? 0, 0)).toThrow('ESRCH');
});
