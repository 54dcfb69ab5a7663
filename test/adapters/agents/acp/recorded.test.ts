// The recorded dialogues of five real agents: played by a fake server as a process, and read line by line.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/acp/index.ts';
import { createAcpReader } from '../../../../adapters/agents/acp/reader.ts';
import type { AgentEvent } from '../../../../src/contract/agent.ts';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { agentErrorOf, usageIn } from '../../../conformance/agent-world.ts';
import { installFakeServer } from '../../../fake-agents/fake-server.ts';
import type { FakeServerTrouble } from '../../../fake-agents/fake-server.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { clearStages, newRequest, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';

const FIXTURES = 'test/fixtures/agents/acp';
const AGENTS = ['claude', 'codex', 'copilot', 'gemini', 'opencode'] as const;
type Recorded = (typeof AGENTS)[number];

/** As far as each agent tells it, of two model calls (100 uncached and 20 cached in, 10 out) in each of two turns. */
const USAGE: Record<Recorded, readonly (readonly number[])[]> = {
  claude: [
    [200, 20, 40],
    [200, 20, 40],
  ],
  codex: [
    [200, 20, 40],
    [200, 20, 40],
  ],
  // Its second turn was one call.
  copilot: [
    [200, 20, 40],
    [100, 10, 20],
  ],
  gemini: [
    [240, 14, 0],
    [240, 14, 0],
  ],
  // The last call only.
  opencode: [
    [100, 10, 20],
    [100, 10, 20],
  ],
};

const open: { play: Play; fake: FakeAgent }[] = [];
afterEach(async () => {
  for (const { play, fake } of open.splice(0)) {
    await play.adapter.stopSession(play.session);
    assertNothingLeft(play.request.runId, play.processes);
    await fake.close();
  }
  await clearStages();
});

async function start(name: Recorded, misbehave: readonly FakeServerTrouble[] = []) {
  const fake = await installFakeServer({ name, dialogue: { file: `${FIXTURES}/${name}.jsonl` }, misbehave });
  const { env } = await newRequest();
  const play = await startPlay(agent, { command: `${name} acp`, env: fake.pathEnv(env) });
  open.push({ play, fake });
  return { play, fake };
}

function figures(events: readonly AgentEvent[]): number[] {
  const { inputTokens, outputTokens, cacheReadTokens } = usageIn(events);
  return [inputTokens, outputTokens, cacheReadTokens];
}

describe.each(AGENTS)('%s', (name) => {
  it('does two turns with a tool', async () => {
    const { play, fake } = await start(name);
    await play.turn(1, { prompt: '[[scenario:tool]] go' });
    expect(figures(play.events)).toEqual(USAGE[name][0]);
    const tools = play.events.filter((event) => event.kind === 'tool_result');
    expect(tools).toHaveLength(1);
    expect(tools[0]).toMatchObject({ ok: true });
    const first = play.events.length;
    await play.turn(2, { prompt: '[[scenario:mcp]] go' });
    expect(figures(play.events.slice(first))).toEqual(USAGE[name][1]);
    const [call] = await fake.calls();
    expect(call?.cwd).toBe(play.request.workspacePath);
    expect(call?.args).toEqual(['acp']);
  });

  it('is parked when its login fails', async () => {
    const { play } = await start(name);
    expect(await agentErrorOf(play.turn(1, { prompt: '[[scenario:error401]] go' }))).toMatchObject({
      kind: 'agent_config_error',
      reason: 'authentication',
    });
  });

  it('is cancelled in a tool by the protocol', async () => {
    const { play, fake } = await start(name);
    const controller = new AbortController();
    const prompt = '[[scenario:slowtool 100]] go';
    const onEvent = ({ kind }: AgentEvent): void => {
      if (kind === 'tool_started') controller.abort('enough');
    };
    const failure = await agentErrorOf(play.turn(1, { prompt, signal: controller.signal, onEvent }));
    expect(failure).toMatchObject({ kind: 'turn_cancelled' });
    const [call] = await fake.calls();
    expect(call?.messages.some(({ method }) => method === 'session/cancel')).toBe(true);
    assertNothingLeft(play.request.runId, play.processes);
  });

  it('is ended with its tool when it hangs', async () => {
    const trouble: FakeServerTrouble = {
      kind: 'hang',
      method: 'session/prompt',
      afterLine: 2,
      withTool: true,
    };
    const { play, fake } = await start(name, [trouble]);
    const controller = new AbortController();
    const failure = agentErrorOf(play.turn(1, { prompt: '[[scenario:tool]] go', signal: controller.signal }));
    await fake.until(([call]) => call?.hanging);
    controller.abort('enough');
    expect(await failure).toMatchObject({ kind: 'turn_cancelled' });
    expect(await fake.alive()).toEqual([]);
  });

  it('is no success when its answer was cut', async () => {
    const { play } = await start(name, [{ kind: 'cut', method: 'session/prompt', afterLine: 3 }]);
    expect(await agentErrorOf(play.turn(1, { prompt: '[[scenario:tool]] go' }))).toMatchObject({
      kind: 'turn_failed',
      reason: 'truncated_output',
    });
  });
});

describe('a session that was recorded in two processes', () => {
  it.each([
    ['claude', [100, 10, 20]],
    ['codex', [100, 10, 20]],
    ['copilot', [100, 10, 20]],
    ['opencode', [100, 10, 20]],
  ] as const)('%s goes on after its process died', async (name, usage) => {
    const { play } = await start(name, [{ kind: 'dies', method: 'session/prompt', by: 'SIGKILL' }]);
    await agentErrorOf(play.turn(1, { prompt: '[[scenario:tool]] go' }));
    const first = play.events.length;
    await play.turn(2, { prompt: '[[scenario:text]] after resume' });
    expect(play.processes).toHaveLength(2);
    expect(figures(play.events.slice(first))).toEqual(usage);
    expect(play.events.slice(first).some(({ kind }) => kind === 'tool_result')).toBe(false);
  });

  it('gemini has forgotten it', async () => {
    const { play } = await start('gemini', [{ kind: 'dies', method: 'session/prompt', by: 'SIGKILL' }]);
    await agentErrorOf(play.turn(1, { prompt: '[[scenario:tool]] go' }));
    expect(await agentErrorOf(play.turn(2))).toMatchObject({ reason: 'session_unknown' });
  });
});

describe('the reader alone', () => {
  const linesOf = (name: Recorded): string[] =>
    readFileSync(`${FIXTURES}/${name}.jsonl`, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { dir: string; msg: unknown })
      .filter(({ dir }) => dir === 'agent->client')
      .map(({ msg }) => JSON.stringify(msg));
  const end = { exitCode: null, signal: null, unterminatedLastLine: false, stderrText: '' };

  /** All turns of a recording, as a rehearsal plays them. */
  function rehearse(lines: readonly string[]): { events: AgentEvent[]; verdicts: unknown[] } {
    const reader = createAcpReader({ sessionUsage: null, sessionId: '' });
    const events: AgentEvent[] = [];
    const verdicts: unknown[] = [];
    lines.forEach((line, at) => {
      events.push(...reader.take(line, at));
      if (!reader.isTurnOver()) return;
      const last = reader.endTurn(end, at);
      events.push(...last.events);
      verdicts.push(last.verdict);
    });
    return { events, verdicts };
  }

  it.each(AGENTS)('plays %s whole', (name) => {
    const { events, verdicts } = rehearse(linesOf(name));
    expect(verdicts.slice(0, 4)).toMatchObject([
      { kind: 'completed' },
      { kind: 'completed' },
      { kind: 'failed', reason: 'authentication' },
      { kind: 'failed', error: 'turn_cancelled' },
    ]);
    expect(verdicts).toHaveLength(5);
    expect(events.filter((event) => event.kind === 'session_started').length).toBeGreaterThan(0);
  });

  it('reports the money that OpenCode and Claude tell, once', () => {
    const cost = (name: Recorded): number =>
      rehearse(linesOf(name)).events.reduce(
        (sum, event) => sum + (event.kind === 'token_usage' ? (event.costUsd ?? 0) : 0),
        0,
      );
    expect(cost('opencode')).toBeCloseTo(0.00061, 8);
    // The second process begins at nothing again.
    expect(cost('claude')).toBeCloseTo(0.0038 + 0.00076, 8);
  });

  it('takes up the cost of an OpenCode session where it was left', () => {
    const lines = linesOf('opencode');
    const resumed = lines.slice(lines.findLastIndex((line) => line.includes('"protocolVersion"')));
    const sessionUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0.000488 };
    const reader = createAcpReader({ sessionUsage, sessionId: 'x' });
    const events = resumed.flatMap((line) => reader.take(line, 0));
    expect(events.find((event) => event.kind === 'token_usage')?.costUsd).toBeCloseTo(0.000122, 8);
  });

  it('holds nothing against a turn that came before it', () => {
    const reader = createAcpReader({ sessionUsage: null, sessionId: 'x' });
    const line = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });
    const refused = { id: 1, method: 'session/request_permission', params: {} };
    reader.mute(true);
    const call = { sessionUpdate: 'tool_call', toolCallId: 'a', kind: 'edit', status: 'completed' };
    expect(reader.take(line({ method: 'session/update', params: { update: call } }), 0)).toEqual([]);
    reader.take(line(refused), 0);
    reader.mute(false);
    reader.take(line({ id: 2, result: { stopReason: 'end_turn' } }), 0);
    expect(reader.endTurn(end, 0).verdict).toEqual({ kind: 'completed' });
  });

  it('never throws, and its usage is never negative, whatever it reads', () => {
    const known = AGENTS.flatMap(linesOf);
    const strange = fc.oneof(
      fc.constantFrom(...known),
      fc
        .constantFrom(...known)
        .chain((line) => fc.nat(Math.min(line.length, 400)).map((at) => line.slice(0, at))),
      fc.string(),
      fc.json(),
      fc
        .record({
          id: fc.jsonValue(),
          method: fc.constantFrom('session/update', 'session/request_permission', 'x'),
          params: fc.jsonValue(),
        })
        .map((value) => JSON.stringify(value)),
      fc
        .record({
          sessionUpdate: fc.constantFrom(
            'tool_call',
            'tool_call_update',
            'plan',
            'usage_update',
            'agent_message_chunk',
            'x',
          ),
          toolCallId: fc.constantFrom('a', 'b', 7),
          status: fc.constantFrom('completed', 'failed', 'pending', null),
          content: fc.jsonValue(),
          entries: fc.jsonValue(),
          cost: fc.jsonValue(),
        })
        .map((update) => JSON.stringify({ method: 'session/update', params: { update } })),
      fc
        .record({
          stopReason: fc.string(),
          usage: fc.dictionary(
            fc.constantFrom(
              'inputTokens',
              'outputTokens',
              'totalTokens',
              'cachedReadTokens',
              'thoughtTokens',
            ),
            fc.oneof(fc.integer(), fc.double(), fc.string()),
          ),
        })
        .map((result) => JSON.stringify({ id: 1, result })),
    );
    fc.assert(
      fc.property(fc.array(strange, { maxLength: 30 }), (lines) => {
        const { events } = rehearse(lines);
        for (const event of events) {
          if (event.kind !== 'token_usage') continue;
          for (const figure of [
            event.inputTokens,
            event.outputTokens,
            event.cacheReadTokens,
            event.costUsd ?? 0,
          ]) {
            expect(figure).toBeGreaterThanOrEqual(0);
            expect(Number.isFinite(figure)).toBe(true);
          }
        }
      }),
    );
  });
});
