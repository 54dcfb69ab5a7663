// An agent that has said its last word and does not end: what it said counts, and nobody waits for it.
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createCliAgent, readJsonLine, stringAt } from '../../../../adapters/agents/driver/index.ts';
import type { CliReader } from '../../../../adapters/agents/driver/index.ts';
import { createLingering } from '../../../../adapters/agents/driver/lingering.ts';
import type { AgentRegistration, TurnVerdict } from '../../../../src/contract/agent.ts';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { clearStages, startPlay } from '../stage.ts';

afterEach(async () => {
  vi.useRealTimers();
  await clearStages();
});

const VERDICTS: Readonly<Record<string, TurnVerdict>> = {
  ok: { kind: 'completed' },
  bad: { kind: 'failed', error: 'turn_failed', reason: 'quota', detail: 'bad' },
};

/** The last `{"end": "ok" | "bad"}` decides, whatever it is called. */
function reader(isDone: boolean): CliReader {
  let end = '';
  return {
    take(line) {
      end = stringAt(readJsonLine(line), 'end') || end;
      return [];
    },
    isTurnOver: () => !isDone && end !== '',
    ...(isDone ? { isDone: () => end !== '' } : {}),
    endTurn() {
      const verdict = VERDICTS[end] ?? null;
      end = '';
      return { events: [], verdict };
    },
  };
}

function agentOf(script: string, isDone = false): AgentRegistration {
  return {
    kind: 'small',
    defaultCommand: 'sh',
    passEnv: [],
    settingsSchema: z.object({}),
    tools: 'none',
    usage: 'none',
    cost: 'none',
    checkCommand: () => Promise.resolve(null),
    create: () =>
      createCliAgent({
        call: () => ({ args: ['-c', script], stdin: null }),
        createReader: () => reader(isDone),
        cleanSignal: 'SIGINT',
        install: '',
        lingerMs: 150,
      }),
  };
}

/** Neither ends by itself nor by the first signal, and then says something else. */
const STAYS = `trap 'echo "{\\"end\\":\\"bad\\"}"; exit 3' INT; while :; do sleep 0.05; done`;

it.each([
  ['its turn is over', false],
  ['its reader expects no more', true],
])('is made to end when %s, and what it had said before that counts', async (_, isDone) => {
  const { turn, events, request, processes } = await startPlay(
    agentOf(`echo '{"end":"ok"}'; ${STAYS}`, isDone),
    { command: 'sh' },
  );
  await turn();
  expect(events.map(({ kind }) => kind)).toEqual(['notification', 'turn_completed']);
  assertNothingLeft(request.runId, processes);
});

it('fails when that was a failure', async () => {
  const { turn } = await startPlay(agentOf(`echo '{"end":"bad"}'; ${STAYS}`), { command: 'sh' });
  await expect(turn()).rejects.toMatchObject({ kind: 'turn_failed', reason: 'quota' });
});

it('is still cancelled as long as it may linger', async () => {
  const abort = new AbortController();
  const { turn, request } = await startPlay(agentOf(`echo '{"end":"ok"}'; ${STAYS}`), {
    command: 'sh',
    onLine: () => abort.abort('stopped'),
  });
  await expect(turn(1, { signal: abort.signal })).rejects.toMatchObject({ kind: 'turn_cancelled' });
  assertNothingLeft(request.runId, []);
});

it('has its whole time again after each line, and all of it when there is more to do', () => {
  vi.useFakeTimers();
  const end = vi.fn();
  const lingering = createLingering(end, 1000);
  lingering.heard(true);
  vi.advanceTimersByTime(900);
  lingering.heard(true);
  vi.advanceTimersByTime(900);
  lingering.heard(false);
  vi.advanceTimersByTime(5000);
  expect(end).not.toHaveBeenCalled();
  lingering.heard(true);
  vi.advanceTimersByTime(1000);
  expect(end).toHaveBeenCalledTimes(1);
  expect(lingering.hasRunOut()).toBe(true);
});

it('shows that it is waited for, so that nobody takes it for a stall', () => {
  vi.useFakeTimers();
  const isWaited = vi.fn();
  const lingering = createLingering(() => undefined, 5500, isWaited);
  lingering.heard(false);
  vi.advanceTimersByTime(5000);
  expect(isWaited).not.toHaveBeenCalled();
  lingering.heard(true);
  vi.advanceTimersByTime(3000);
  expect(isWaited).toHaveBeenCalledTimes(3);
  lingering.heard(true);
  vi.advanceTimersByTime(60_000);
  expect(isWaited).toHaveBeenCalledTimes(8);
  expect(vi.getTimerCount()).toBe(0);
});

it('is forgotten with its process', () => {
  vi.useFakeTimers();
  const end = vi.fn();
  const lingering = createLingering(end, 1000);
  lingering.heard(true);
  lingering.forget();
  vi.advanceTimersByTime(5000);
  expect(end).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

it('lingers five times that long at most, whatever it still prints', async () => {
  const { turn } = await startPlay(
    agentOf(
      `trap 'exit 3' INT; echo '{"end":"ok"}'; while :; do echo '{"keep":"alive"}'; sleep 0.05; done`,
      true,
    ),
    { command: 'sh' },
  );
  await turn();
});
