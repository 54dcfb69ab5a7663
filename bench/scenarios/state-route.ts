// GET /api/v1/state with 500 running entries, through every door, schema and header of the real server, against a
// bare Fastify route that answers the same bytes. The snapshot is made once, as the daemon makes it at most ten
// times a second. The load comes from a thread of the same process.

import { fastify } from 'fastify';
import { builtHttp, builtTelemetry } from '../built.ts';
import { sleep } from '../pause.ts';
import { putLoad } from '../put-load.ts';
import type { Bench, Scenario } from '../sample.ts';
import type { RunningEntry, Snapshot } from '../../src/contract/index.ts';

const RUNNING = 500;
const ROUNDS = 5;
const ROUND_SECONDS = 2;
const CONNECTIONS = 10;

export const scenario: Scenario = {
  parts: ['both'],
  limitMs: 90_000,
  async measure(bench) {
    const ours = await startOurs(bench);
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
        bench.record('state, 500 running: an answer', 'ms', side, 1_000 / result.requests.average);
        bench.record('state, 500 running: latency p99', 'ms', side, result.latency.p99);
      }
    }
  },
};

async function startOurs({ defer }: Bench): Promise<string> {
  const { createServer } = await builtHttp();
  const { createRedactor } = await builtTelemetry();
  const { redact } = createRedactor(['a-tracker-key-of-usual-length', 'a-server-token-of-usual-length']);
  const snapshot = makeSnapshot();
  const server = createServer({
    view: {
      snapshot: () => snapshot,
      issue: () => null,
      refresh: () => null,
      readiness: () => ({
        draining: false,
        version: 'bench',
        uptimeSeconds: 1,
        checks: { database: 'pass', preflight: 'pass', workflow: 'pass' },
        reloadError: '',
        throttles: [],
      }),
      onChange: () => () => undefined,
    },
    store: { history: async () => ({ runs: [], nextCursor: null }), findIssue: async () => null },
    metrics: { text: async () => '', contentType: 'text/plain' },
    settings: { host: '127.0.0.1', port: 0, token: '', allowedHosts: [] },
    version: 'bench',
    pageDirectory: null,
    warn: () => undefined,
    redact,
  });
  defer(() => server.close());
  return (await server.listen()).replace(/\/$/, '');
}

async function startFloor({ defer }: Bench, answer: string): Promise<string> {
  const app = fastify();
  app.get('/state', (_request, reply) => {
    void reply.type('application/json; charset=utf-8').send(answer);
  });
  defer(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
}

function makeSnapshot(): Snapshot {
  return {
    generatedAtMs: Date.now(),
    mode: 'running',
    running: Array.from({ length: RUNNING }, (_, index) => makeRunning(index + 1)),
    retrying: [],
    parked: [],
    agentTotals: {
      inputTokens: 1_204_500,
      outputTokens: 187_300,
      cacheReadTokens: 98_000,
      secondsRunning: 18_422,
    },
    pauses: [],
    rateLimits: [],
    today: {
      day: '2026-11-22',
      inputTokens: 1_204_500,
      outputTokens: 187_300,
      cacheReadTokens: 98_000,
      costUsd: 0.41,
    },
    activeEstimatedCostUsd: 0.41,
    slots: { limit: RUNNING, used: RUNNING },
    lastTick: { atMs: Date.now(), result: 'success', error: '' },
    preflightProblems: [],
  };
}

function makeRunning(number: number): RunningEntry {
  return {
    issueId: String(10_000 + number),
    issueIdentifier: `BENCH-${number}`,
    title: 'Checkout forgets the voucher when the cart is empty',
    state: 'In Progress',
    runId: `7a6f8f5e-0f5e-4b0e-9d53-${String(number).padStart(12, '0')}`,
    sessionId: `b1b7f0a2-6f6b-4a59-8e0b-${String(number).padStart(12, '0')}`,
    phase: 'streaming_turn',
    attempt: 0,
    turnCount: 3,
    lastEvent: 'notification',
    lastMessage: 'Running the checkout tests again after the fix in voucher.ts',
    startedAtMs: Date.now() - 754_000,
    lastEventAtMs: Date.now() - 2_000,
    workspacePath: `/srv/sortie/BENCH-${number}`,
    agentKind: 'command',
    modelName: 'm',
    tokens: { inputTokens: 48_210, outputTokens: 6_934, cacheReadTokens: 310_400 },
    costUsd: 0.41,
    tools: ['Bash'],
    costEstimated: true,
  };
}
