// Tools that opencode has not told of yet: seen by their sessions while it is silent.
import { afterEach, describe, expect, it } from 'vitest';
import { createToolWatch } from '../../../../adapters/agents/opencode/tool-watch.ts';
import type { AgentEvent } from '../../../../src/contract/agent.ts';
import { clearStages, newRequest } from '../stage.ts';

afterEach(clearStages);

async function newWatch() {
  let nowMs = 0;
  let sessions: readonly number[] = [];
  let look: (() => void) | null = null;
  let looks = 0;
  let beforeAnswer = (): void => undefined;
  const { pulseOf, watch } = createToolWatch({
    nowMs: () => nowMs,
    every(_interval, callback) {
      look = callback;
      return () => {
        look = null;
      };
    },
    sessionsOf() {
      looks += 1;
      beforeAnswer();
      return Promise.resolve(sessions);
    },
  });
  const request = await newRequest();
  const pulse = pulseOf(request);
  const events: AgentEvent[] = [];
  const turn = { prompt: '', turn: 1 };
  const facts = {
    request,
    program: { file: 'x', args: [] },
    sessionId: '',
    resumes: false,
    turn,
    folder: '/',
  };
  const stop = watch(facts, 100, (more) => events.push(...more));
  return {
    pulse,
    stop,
    looks: () => looks,
    onLook(callback: () => void) {
      beforeAnswer = callback;
    },
    speak() {
      pulse.lineAtMs = nowMs;
    },
    /** So many seconds later there are these sessions. Gives what was told. */
    async after(seconds: number, now: readonly number[]): Promise<AgentEvent[]> {
      nowMs += seconds * 1000;
      sessions = now;
      look?.();
      await new Promise((resolve) => setImmediate(resolve));
      return events.splice(0);
    },
  };
}

const started = (pid: number) => ({ kind: 'tool_started', callId: `process:${pid}`, name: 'shell' });
const ended = (pid: number, durationMs: number) => ({
  kind: 'tool_result',
  callId: `process:${pid}`,
  name: 'shell',
  durationMs,
  ok: true,
});

describe('a silent agent', () => {
  it('has a tool in flight from when its session is seen until it is gone', async () => {
    const { after } = await newWatch();
    expect(await after(5, [7])).toEqual([started(7)]);
    expect(await after(5, [7])).toEqual([]);
    expect(await after(5, [7, 9])).toEqual([started(9)]);
    expect(await after(5, [9])).toEqual([ended(7, 15_000)]);
    expect(await after(5, [])).toEqual([ended(9, 10_000)]);
  });

  it('without such sessions is silent', async () => {
    const { after, looks } = await newWatch();
    expect(await after(300, [])).toEqual([]);
    expect(looks()).toBe(1);
  });
});

describe('an agent that speaks', () => {
  it('is not looked at', async () => {
    const { after, speak, looks } = await newWatch();
    expect(await after(4, [7])).toEqual([]);
    speak();
    expect(await after(4, [7])).toEqual([]);
    expect(looks()).toBe(0);
  });

  it('that ends its step has no tool of it in flight any more, even if a session stays', async () => {
    const { after, pulse, speak } = await newWatch();
    await after(5, [7]);
    speak();
    pulse.steps += 1;
    expect(await after(1, [7])).toEqual([ended(7, 1000)]);
    expect(await after(60, [7])).toEqual([]);
    expect(await after(60, [7, 8])).toEqual([started(8)]);
  });

  it('while it was looked at has nothing new in flight', async () => {
    const { after, onLook, pulse } = await newWatch();
    onLook(() => {
      pulse.steps += 1;
    });
    expect(await after(5, [7])).toEqual([]);
  });
});

it('tells nothing after the turn', async () => {
  const { after, stop, onLook } = await newWatch();
  onLook(stop);
  expect(await after(5, [7])).toEqual([]);
  expect(await after(5, [7])).toEqual([]);
});
