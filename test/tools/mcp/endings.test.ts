// Ends: a run's token dies with it, calls under way are told so, clients that go away stop their calls, and nothing is
// left of a listener that was closed.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { callOf, connect, echo, post, raise, rpc, until } from './stage.ts';
import type { Call } from './stage.ts';

const reasons: unknown[] = [];
/** Ends only by its signal. */
const wait: Call = (_args, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      reasons.push(signal.reason);
      resolve({
        ok: false,
        body: { success: false, error: { kind: 'run_ended', message: 'by the tool itself' } },
      });
    });
  });

it('tells calls under way that the run has ended, and knows the token no more when that is done', async () => {
  const stage = await raise({ wait, echo });
  const client = await connect(stage);
  const calls = [1, 2, 3].map(() => client.callTool({ name: 'wait', arguments: {} }));
  await until(() => stage.calls.length === 3);
  await stage.revoke();
  for (const answer of await Promise.all(calls)) {
    expect(answer).toMatchObject({ isError: true, structuredContent: { error: { kind: 'run_ended' } } });
  }
  expect(await post(stage, callOf('echo'))).toMatchObject({
    status: 401,
    body: { error: { kind: 'run_ended' } },
  });
  expect(stage.calls).toHaveLength(3);
  await expect(client.callTool({ name: 'echo', arguments: {} })).rejects.toThrow(/run_ended/);
});

it('tells them even when a tool does not listen, and waits for nothing then', async () => {
  const never = new Promise<never>(() => undefined);
  const clock = { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined };
  const stage = await raise({ never: () => never }, { clock });
  const calling = post(stage, callOf('never'));
  await until(() => stage.calls.length === 1);
  // By a clock that stands still.
  await stage.revoke();
  expect((await calling).body.result.structuredContent.error.kind).toBe('run_ended');
});

it('ends one run and leaves the other alone', async () => {
  const stage = await raise({ echo });
  const call = async () => ({ ok: true, body: { mine: 2 } });
  const session = { runId: 'run-2', tools: () => [], call, turnedAway: () => undefined };
  const other = stage.listener.admit(session);
  await stage.revoke();
  await stage.revoke();
  const answer = await post({ url: stage.url, token: other.token }, callOf('any'));
  expect(answer.body.result.structuredContent).toEqual({ mine: 2 });
});

it('stops a call whose client went away', async () => {
  reasons.length = 0;
  const stage = await raise({ wait });
  const leaving = new AbortController();
  const calling = fetch(stage.url, {
    method: 'POST',
    body: callOf('wait'),
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    signal: leaving.signal,
  });
  await until(() => stage.load.now === 1);
  leaving.abort();
  await expect(calling).rejects.toThrow();
  await until(() => stage.load.now === 0);
  expect(reasons).toEqual(['the client went away']);
});

it('leaves no port and no connection behind when it is closed', async () => {
  const stage = await raise({ wait });
  const calling = post(stage, callOf('wait'));
  await until(() => stage.calls.length === 1);
  await stage.listener.close();
  expect((await calling).body.result.structuredContent.error.kind).toBe('run_ended');
  await expect(post(stage, rpc('ping'))).rejects.toThrow();
  // The port itself may be somebody else's by now.
  expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap');
});

it('gives a client that waits long signs of life, and then the answer', async () => {
  let finish = (): void => undefined;
  const later: Call = async () => {
    await new Promise<void>((resolve) => (finish = resolve));
    return { ok: true, body: { late: true } };
  };
  const stage = await raise({ later }, { quietMs: 50 });
  const client = await connect(stage);
  const calling = client.callTool({ name: 'later', arguments: {} });
  await until(() => stage.load.now === 1);
  await sleep(100);
  finish();
  expect((await calling).structuredContent).toEqual({ late: true });
  // It answers as soon as there is a sign of life.
  const response = await fetch(stage.url, {
    method: 'POST',
    body: callOf('later'),
    headers: {
      authorization: `Bearer ${stage.token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  finish();
  const text = await response.text();
  expect(text).toMatch(/^: waiting\n\nevent: message\ndata: \{.*"late":true.*\}\n\n$/);
});

it('keeps a client that reads no streams waiting for its JSON', async () => {
  const later: Call = async () => {
    await sleep(200);
    return { ok: true, body: { late: true } };
  };
  const stage = await raise({ later }, { quietMs: 20 });
  expect((await post(stage, callOf('later'))).body.result.structuredContent).toEqual({ late: true });
});

it('tells those who ask how a call gets on, so that their patience begins anew', async () => {
  let fire: (() => void)[] = [];
  const clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    after(_delayMs: number, run: () => void) {
      fire.push(run);
      return () => {
        fire = fire.filter((one) => one !== run);
      };
    },
  };
  let finish: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const ask: Call = async () => {
    await asked;
    return { ok: true, body: { decided: true } };
  };
  const stage = await raise({ ask }, { clock });
  const client = await connect(stage);
  const heard: unknown[] = [];
  const calling = client.callTool(
    { name: 'ask', arguments: {} },
    { onprogress: (progress) => heard.push(progress.progress), resetTimeoutOnProgress: true },
  );
  for (let round = 1; round <= 3; round += 1) {
    await until(() => stage.load.now === 1 && fire.length >= 2);
    for (const run of fire.splice(0)) run();
    await until(() => heard.length === round);
  }
  finish();
  expect((await calling).structuredContent).toEqual({ decided: true });
  expect(heard).toEqual([1, 2, 3]);
  await until(() => fire.length === 0);
});
