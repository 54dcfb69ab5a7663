// Turns with a real agent process: what is reported, what is answered, how they end.
import { afterEach, describe, expect, it } from 'vitest';
import { agentErrorOf, usageIn } from '../../../conformance/agent-world.ts';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { clearStages, messagesOf } from '../stage.ts';
import { startAcp } from './stage-acp.ts';
import type { AcpPlay } from './stage-acp.ts';

const plays: AcpPlay[] = [];
afterEach(async () => {
  for (const play of plays.splice(0)) {
    await play.adapter.stopSession(play.session);
    assertNothingLeft(play.request.runId, play.processes);
  }
  await clearStages();
});

async function start(...args: Parameters<typeof startAcp>): ReturnType<typeof startAcp> {
  const play = await startAcp(...args);
  plays.push(play);
  return play;
}

describe('a completed turn', () => {
  it('reports its tools and what it used, and leaves the agent for the next one', async () => {
    const play = await start();
    await play.turn(1, { prompt: 'say=hello;tool;write;usage=2' });
    expect(play.events.map(({ kind }) => kind)).toEqual([
      'notification',
      'tool_started',
      'tool_result',
      'tool_started',
      'tool_result',
      'token_usage',
      'turn_completed',
    ]);
    expect(play.events.filter((event) => event.kind === 'tool_result').map(({ writes }) => writes)).toEqual([
      false,
      true,
    ]);
    await play.turn(2, { prompt: 'usage=1' });
    expect(play.processes).toHaveLength(1);
    expect(usageIn(play.events)).toEqual({ inputTokens: 300, outputTokens: 30, cacheReadTokens: 60 });
  });

  it('gets its prompt whole', async () => {
    const play = await start();
    const prompt = `say=\u2028“x”\n${'long '.repeat(200_000)}`;
    await play.turn(1, { prompt });
    expect(play.sent().at(-1)).toMatchObject({ params: { prompt: [{ type: 'text', text: prompt }] } });
  });

  it('survives what is no protocol', async () => {
    const play = await start();
    await play.turn(1, { prompt: 'junk;usage=1' });
    expect(messagesOf(play.events, 'malformed').length).toBeGreaterThanOrEqual(3);
    expect(usageIn(play.events).inputTokens).toBe(100);
  });

  it('survives a line of 20 MB', async () => {
    const play = await start();
    await play.turn(1, { prompt: 'huge;usage=1' });
    expect(usageIn(play.events).inputTokens).toBe(100);
  });
});

describe('what the agent asks for', () => {
  it('is allowed for once, and that is reported', async () => {
    const play = await start();
    await play.turn(1, { prompt: 'permission' });
    expect(play.events).toContainEqual({ kind: 'approval_auto_approved', message: 'rm' });
    expect(messagesOf(play.events, 'notification')).toEqual([
      'answer {"outcome":{"outcome":"selected","optionId":"once"}}',
    ]);
  });

  it('is called off when the question is malformed', async () => {
    const play = await start();
    const failure = await agentErrorOf(play.turn(1, { prompt: 'bad-permission' }));
    expect(failure.reason).toBe('permission_refused');
    expect(messagesOf(play.events, 'notification')).toContain('answer {"outcome":{"outcome":"cancelled"}}');
  });

  it('needs a person when nothing can be allowed and nothing follows', async () => {
    const play = await start();
    expect(await agentErrorOf(play.turn(1, { prompt: 'no-option' }))).toMatchObject({
      kind: 'turn_input_required',
      reason: 'permission_refused',
    });
  });

  it('needs nobody when another tool follows', async () => {
    const play = await start();
    await play.turn(1, { prompt: 'no-option;tool' });
    expect(play.events.at(-1)).toEqual({ kind: 'turn_completed' });
  });

  it('is answered with an error when we do not offer it', async () => {
    const play = await start();
    await play.turn(1, { prompt: 'ask-file' });
    expect(play.events).toContainEqual({ kind: 'unsupported_tool_call', name: 'fs/read_text_file' });
    expect(messagesOf(play.events, 'notification').join()).toContain('-32601');
  });
});

describe('a turn that ends badly', () => {
  it.each([
    ['stop=max_tokens', 'turn_failed', null],
    ['stop=max_turn_requests', 'turn_failed', 'turn_limit'],
    ['stop=refusal', 'turn_failed', null],
    ['stop=cancelled', 'turn_cancelled', null],
    ['stop=whatever', 'response_error', null],
    ['no-stop', 'response_error', null],
    ['error=-32000:Authentication required', 'agent_config_error', 'authentication'],
    ['error=401:no', 'agent_config_error', 'authentication'],
    ['error=-32603:Internal error: rate limit reached', 'turn_failed', 'quota'],
    ['error=-32603:Internal error: 503 overloaded', 'turn_failed', 'service_error'],
    ['error=-32603:prompt is too long', 'turn_failed', 'context_overflow'],
    ['error=-32603:something', 'turn_failed', null],
    ['error=-32002:Resource not found', 'response_error', 'session_unknown'],
    ['exit=0', 'turn_failed', 'truncated_output'],
    ['exit=7', 'port_exit', 'crash'],
    ['die', 'port_exit', 'crash'],
  ])('%s is %s, %s, and leaves nothing', async (prompt, kind, reason) => {
    const play = await start();
    expect(await agentErrorOf(play.turn(1, { prompt: `say=x;${prompt}` }))).toMatchObject({ kind, reason });
    assertNothingLeft(play.request.runId, play.processes);
  });

  it('says how one could log in', async () => {
    const play = await start();
    const { message } = await agentErrorOf(play.turn(1, { prompt: 'error=-32000:Authentication required' }));
    expect(message).toContain('Log in with a smile');
  });

  it('is followed by one that takes the session up in another process', async () => {
    const play = await start({ resume: true });
    const { sessionId } = play.session;
    await agentErrorOf(play.turn(1, { prompt: 'usage=1;die' }));
    await play.turn(2, { prompt: 'usage=1' });
    expect(play.processes).toHaveLength(2);
    expect(play.sent().findLast(({ method }) => method === 'session/resume')).toMatchObject({
      params: { sessionId },
    });
  });

  it('takes a Copilot at its last words', async () => {
    const play = await start({ name: 'Copilot' });
    const prompt = 'say=Error: Authentication failed with provider at x (HTTP 401).';
    expect(await agentErrorOf(play.turn(1, { prompt }))).toMatchObject({ reason: 'authentication' });
  });

  it('takes nobody else at theirs', async () => {
    const play = await start();
    await play.turn(1, { prompt: 'say=Error: Authentication failed (HTTP 401).' });
    expect(play.events.at(-1)).toEqual({ kind: 'turn_completed' });
  });
});

describe('a turn that is cancelled', () => {
  const cancelled = async (can: object, prompt: string) => {
    const play = await start({ ...can });
    const controller = new AbortController();
    const failure = await agentErrorOf(
      play.turn(1, { prompt, signal: controller.signal, onEvent: () => controller.abort('enough') }),
    );
    expect(failure).toMatchObject({ kind: 'turn_cancelled' });
    assertNothingLeft(play.request.runId, play.processes);
    return play;
  };

  it("in the model's stream", async () => {
    const play = await cancelled({}, 'say=thinking;hang');
    expect(play.sent().at(-1)).toMatchObject({
      method: 'session/cancel',
      params: { sessionId: play.session.sessionId },
    });
  });

  it('in a tool that runs in a session of its own', async () => {
    await cancelled({}, 'hang-tool');
  });

  it('by an agent that does not listen, and whose child does not either', async () => {
    await cancelled({ staysAfterEof: true }, 'stubborn');
  });
});
