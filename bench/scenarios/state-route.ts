// GET /api/v1/state with 500 running entries, through every door, schema and header of the real server, against a
// bare Fastify route that answers the same bytes. The snapshot is made once, as the daemon makes it at most ten
// times a second, and so is its text. The load comes from a thread of the same process.

import { fastify } from 'fastify';
import { sleep } from '../pause.ts';
import { putLoad } from '../put-load.ts';
import type { Bench, Scenario } from '../sample.ts';
import { showDaemon } from '../shown-daemon.ts';

const RUNNING = 500;
const ROUNDS = 5;
const ROUND_SECONDS = 2;
const CONNECTIONS = 10;

export const scenario: Scenario = {
  parts: ['both'],
  limitMs: 90_000,
  async measure(bench) {
    const { url: ours } = await showDaemon(bench, RUNNING);
    const answer = await (await fetch(`${ours}/api/v1/state`)).text();
    if (!answer.includes(`"BENCH-${RUNNING}"`)) throw new Error('the state does not show every run');
    const floor = await startFloor(bench, answer);
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [side, url] of [
        ['ours', `${ours}/api/v1/state`],
        ['floor', `${floor}/state`],
      ] as const) {
        await sleep(200);
        const result = await putLoad(url, CONNECTIONS, ROUND_SECONDS);
        if (round === 0) continue;
        bench.record('state, 500 running: requests', 'per s', side, result.requests.average);
        bench.record('state, 500 running: latency p99', 'ms', side, result.latency.p99);
      }
    }
  },
};

async function startFloor({ defer }: Bench, answer: string): Promise<string> {
  const app = fastify();
  app.get('/state', (_request, reply) => {
    void reply.type('application/json; charset=utf-8').send(answer);
  });
  defer(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
}
