// A run that asks for far too much: it is served some at a time, in order, and what is too much is said; nobody else
// waits for it.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createCallGate } from '../../../src/tools/mcp/call-gate.ts';
import { callOf, post, raise, until } from './stage.ts';
import type { Call } from './stage.ts';

const slow: Call = async (args) => {
  await sleep(20);
  return { ok: true, body: args as never };
};

it('answers a thousand calls at once, each with its own answer, at most 32 at a time', async () => {
  const stage = await raise({ slow });
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, index) => post(stage, callOf('slow', { text: `${index}` }, index))),
  );
  for (const [index, { status, body }] of answers.entries()) {
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: index, result: { structuredContent: { text: `${index}` } } });
  }
  expect(stage.load.most).toBe(32);
});

it('does not let one run keep another waiting', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold: Call = async () => {
    await released;
    return { ok: true, body: {} };
  };
  const stage = await raise({ hold });
  const other = stage.listener.admit({
    runId: 'run-2',
    tools: () => [],
    call: async () => ({ ok: true, body: { quick: true } }),
    turnedAway: () => undefined,
  });
  const held = Array.from({ length: 60 }, (_, index) => post(stage, callOf('hold', {}, index)));
  const quick = await post({ url: stage.url, token: other.token }, callOf('any'));
  expect(quick.body.result.structuredContent).toEqual({ quick: true });
  release();
  expect((await Promise.all(held)).every(({ status }) => status === 200)).toBe(true);
});

it('takes no more megabytes of one run than it can hold', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold: Call = async () => {
    await released;
    return { ok: true, body: {} };
  };
  const stage = await raise({ hold });
  const large = callOf('hold', { text: 'x'.repeat(1_000_000) });
  const refused: unknown[] = [];
  const asked = Array.from({ length: 24 }, async () => {
    const answer = await post(stage, large);
    if (answer.status === 429) refused.push(answer.body.error.kind);
    return answer.status;
  });
  await until(() => refused.length === 8);
  expect(new Set(refused)).toEqual(new Set(['rate_limited']));
  release();
  expect((await Promise.all(asked)).filter((status) => status === 200)).toHaveLength(16);
  expect((await post(stage, large)).status).toBe(200);
});

it('lets the next one in when one goes, in order, and has an end to its line', async () => {
  const gate = createCallGate(1, 2);
  const never = new AbortController().signal;
  const leave = await gate.enter(never);
  const entered: string[] = [];
  const impatient = new AbortController();
  const waiting = [
    gate.enter(impatient.signal).then((pass) => entered.push(pass === null ? 'gave up' : 'first')),
    gate.enter(never).then((pass) => entered.push(pass === null ? 'gave up' : 'second')),
  ];
  expect(await gate.enter(never)).toBeNull();
  impatient.abort();
  await waiting[0];
  leave?.();
  leave?.();
  await waiting[1];
  expect(entered).toEqual(['gave up', 'second']);
  expect(await gate.enter(AbortSignal.abort())).toBeNull();
});
