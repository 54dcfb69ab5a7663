// Calls of agents from a process of its own, because what is measured is the answering side: bare JSON over kept
// connections, one after another or many at once. Started as a program it is that process.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { sleep } from './pause.ts';
import type { Bench } from './sample.ts';

export interface Order {
  readonly url: string;
  readonly token: string;
  /** Sent each time. */
  readonly body: string;
  readonly calls: number;
  readonly atOnce: number;
  /** null = as soon as one of those at once is answered. */
  readonly perSecond: number | null;
  /** What each answer must hold. */
  readonly expect: string;
}

export interface Outcome {
  /** One for each call, in the order of their answers. */
  readonly callMs: readonly number[];
  /** From the first to the last answer. */
  readonly tookMs: number;
}

export interface Caller {
  /** Rejects when an answer was not what it must be. */
  call(order: Order): Promise<Outcome>;
}

/** It is ended when the scenario ends. */
export function startCaller(bench: Bench): Caller {
  const child = fork(fileURLToPath(import.meta.url), ['--call'], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const dead = once(child, 'exit').then(([code]) => {
    throw new Error(`the caller ended with ${String(code)}`);
  });
  dead.catch(() => undefined);
  bench.defer(async () => {
    if (child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.disconnect();
    await exit;
  });
  return {
    async call(order) {
      const told = Promise.race([once(child, 'message'), dead]);
      child.send(order);
      const [answer] = (await told) as [Outcome | { readonly problem: string }];
      if ('problem' in answer) throw new Error(answer.problem);
      return answer;
    },
  };
}

async function carryOut(order: Order, agent: Agent): Promise<Outcome> {
  const callMs: number[] = [];
  const startMs = performance.now();
  let begun = 0;
  const one = async (): Promise<void> => {
    begun += 1;
    const sentMs = performance.now();
    const text = await post(order, agent);
    if (!text.includes(order.expect)) throw new Error(`${order.url} answered ${text.slice(0, 300)}`);
    callMs.push(performance.now() - sentMs);
  };
  if (order.perSecond === null) {
    const inTurn = async (): Promise<void> => {
      while (begun < order.calls) await one();
    };
    await Promise.all(Array.from({ length: order.atOnce }, inTurn));
  } else {
    const sent: Promise<void>[] = [];
    const failed: unknown[] = [];
    while (begun < order.calls && failed.length === 0) {
      const due = ((performance.now() - startMs) * order.perSecond) / 1_000;
      while (begun < Math.min(due, order.calls))
        sent.push(one().catch((error: unknown) => void failed.push(error)));
      await sleep(2);
    }
    await Promise.all(sent);
    if (failed.length > 0) throw failed[0];
  }
  return { callMs, tookMs: performance.now() - startMs };
}

function post({ url, token, body }: Order, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-06-18',
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve(text);
      });
      response.on('error', reject);
    });
    sent.on('error', reject).end(body);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === '--call') {
  const agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 256 });
  process.on('message', (order) => {
    carryOut(order as Order, agent).then(
      (outcome) => process.send?.(outcome),
      (error: unknown) => process.send?.({ problem: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
