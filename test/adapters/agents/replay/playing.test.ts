// Recordings played by the real program, through the reader of the agent that they came from.
import { afterEach, expect, it } from 'vitest';
import type { AgentEvent } from '../../../../src/contract/agent.ts';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { calls, readTurn, recordedLines, spent } from '../claude-code/recorded.ts';
import { clearStages, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';
import {
  agent,
  clearRecordings,
  fixture,
  hangingTurn,
  transcriptText,
  turnOf,
  writeRecording,
} from './recordings.ts';

afterEach(async () => {
  await clearStages();
  await clearRecordings();
});

const start = (settings: Record<string, unknown>, attempt = 0): Promise<Play> =>
  startPlay(agent, { command: 'bundled', attempt, settings: { speed: 0, ...settings } });

const withoutTimes = (events: readonly AgentEvent[]): AgentEvent[] =>
  events.map((event) => (event.kind === 'tool_result' ? { ...event, durationMs: 0 } : event));

it('reports what the agent itself would have reported, but for the session id', async () => {
  const play = await start({ transcript: fixture('partial-tool'), agent: 'claude-code' });
  await play.turn();
  const own = readTurn(recordedLines('partial-tool')).events.filter(({ kind }) => kind !== 'session_started');
  expect(withoutTimes(play.events)).toEqual(withoutTimes([...own, { kind: 'turn_completed' }]));
  expect(play.session.sessionId).toBe(play.request.newSessionId);
  assertNothingLeft(play.request.runId, play.processes);
});

it('plays raw output turn by turn, and begins again when it is over', async () => {
  const play = await start({ transcript: fixture('streaming'), agent: 'claude-code' });
  const used: number[] = [];
  const ends: string[] = [];
  for (let turn = 1; turn <= 6; turn += 1) {
    const before = play.events.length;
    await play.turn(turn).catch((error: unknown) => ends.push((error as Error).message));
    used.push(spent(play.events.slice(before)).inputTokens / 100);
  }
  expect(used).toEqual([2, 1, 1, 1, 2, 1]);
  expect(ends).toEqual([expect.stringContaining('somebody interrupted it')]);
  expect(spent(play.events).costUsd).toBeCloseTo(0.00302 + 0.001812, 9);
});

it('plays a transcript of ours by its turns: head, notes of gaps, input and cut records are passed over', async () => {
  const records = transcriptText([
    { turn: 0, line: 'from before the first turn' },
    { turn: 1, stream: 'input', line: 'the prompt' },
    ...turnOf('partial-tool', 1),
    { turn: 2, stream: 'input', line: 'go on' },
    ...turnOf('error500', 2),
  ]);
  const path = await writeRecording(`${records}{"dropped":3}\n{"seq":99,"at":"2026`);
  const play = await start({ transcript: path });
  await play.turn(1);
  expect(play.events[0]).toEqual({ kind: 'notification', message: 'from before the first turn' });
  expect(spent(play.events)).toEqual(calls(2, 0.001208));
  await expect(play.turn(2)).rejects.toMatchObject({ kind: 'turn_failed', reason: 'service_error' });
  await play.turn(3);
  expect(spent(play.events)).toEqual(calls(4, 0.002416));
});

it('keeps the turns of one run after another apart', async () => {
  const one = transcriptText(turnOf('partial-tool', 1));
  const path = await writeRecording(one + one.replace('"r1"', '"r2"'));
  const play = await start({ transcript: path });
  await play.turn(1);
  expect(spent(play.events)).toEqual(calls(2, 0.001208));
});

it('passes over what was sent to the agent, and unwraps what came from it', async () => {
  const wrapped = recordedLines('success').map((line) => `{"dir":"agent->client","msg":${line}}`);
  const path = await writeRecording(['{"dir":"client->agent","id":1}', ...wrapped].join('\n'));
  const play = await start({ transcript: path, agent: 'claude-code' });
  await play.turn();
  expect(spent(play.events)).toEqual(calls(2, 0.001208));
});

it('begins the N-th attempt with the N-th file', async () => {
  const transcript = [fixture('error500'), fixture('partial-tool')];
  const first = await start({ transcript, agent: 'claude-code' }, 0);
  await expect(first.turn()).rejects.toMatchObject({ reason: 'service_error' });
  const second = await start({ transcript, agent: 'claude-code' }, 1);
  await second.turn(1);
  await expect(second.turn(2)).rejects.toMatchObject({ reason: 'service_error' });
});

it('fails a turn that printed nothing, and shows what was on stderr', async () => {
  const line = 'Error: Session ID x is already in use.';
  const path = await writeRecording(transcriptText([{ stream: 'stderr', line }]));
  const play = await start({ transcript: path });
  await expect(play.turn()).rejects.toMatchObject({ reason: 'session_unknown', exitCode: 1 });
});

it('plays a recording of a replay when it is told from which agent that came', async () => {
  const path = await writeRecording(transcriptText(turnOf('success', 1), 'replay'));
  await expect(start({ transcript: path })).rejects.toMatchObject({ kind: 'agent_config_error' });
  await (await start({ transcript: path, agent: 'claude-code' })).turn();
});

it('carries lines longer than a pipe, and text of every alphabet', async () => {
  const said = `${'Grüße 🦊 '.repeat(40_000)}end`;
  const message = JSON.stringify({ type: 'assistant', message: { content: [{ type: 'text', text: said }] } });
  const [init, ...rest] = recordedLines('success');
  const path = await writeRecording([init, message, ...rest].join('\n'));
  const lines: string[] = [];
  const play = await startPlay(agent, {
    settings: { transcript: path, agent: 'claude-code', speed: 0 },
    onLine: (stream, line) => void (stream === 'stdout' && lines.push(line)),
  });
  await play.turn();
  expect(lines[1]).toBe(message);
});

it('is cancelled like any agent', async () => {
  const path = await writeRecording(hangingTurn());
  const play = await start({ transcript: path, speed: 1 });
  const controller = new AbortController();
  const onEvent = (): void => controller.abort('enough');
  await expect(play.turn(1, { signal: controller.signal, onEvent })).rejects.toMatchObject({
    kind: 'turn_cancelled',
  });
  assertNothingLeft(play.request.runId, play.processes);
});
