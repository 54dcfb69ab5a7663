// The adapter against a fake `codex` on PATH: a real process that plays what the real one said, in random pieces with
// delays, and misbehaves on demand.

import { afterEach, describe, expect, it } from 'vitest';
import type { AgentEvent, SessionRequest } from '../../../../src/contract/agent.ts';
import { installFakeServer } from '../../../fake-agents/fake-server.ts';
import type { FakeServerOptions } from '../../../fake-agents/fake-server.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { callsOf, failureOf, kindsOf, openStage, sumOf } from './codex-stage.ts';
import type { CodexStage } from './codex-stage.ts';
import { fixturePath, sessionWith } from './recorded.ts';

const THREAD = '01a2005d-6a16-7fc3-b8bb-cf8c706c77fb';
const appserver = { file: fixturePath('appserver.jsonl') };
const full = { thread_sandbox: 'dangerFullAccess' };

let fake: FakeAgent;
let stage: CodexStage;

async function open(
  options: Omit<FakeServerOptions, 'name' | 'dialogue'> & { dialogue?: FakeServerOptions['dialogue'] } = {},
  settings: Record<string, unknown> = full,
): Promise<void> {
  fake = await installFakeServer({ name: 'codex', dialogue: appserver, ...options });
  stage = await openStage(fake.pathEnv(), settings);
}

afterEach(async () => {
  await stage.close();
  await fake.close();
});

async function methods(call = 0): Promise<unknown[]> {
  return (await fake.calls())[call]?.messages.map((message) => message['method']) ?? [];
}

describe('a session', () => {
  it('does two turns in one process, and ends with it', async () => {
    await open();
    const session = await stage.start();
    expect(session.sessionId).toBe(THREAD);
    const first = await stage.turn(session, '[[scenario:tool]] go');
    expect(first).toContainEqual({ kind: 'session_started', sessionId: THREAD });
    expect(kindsOf(first).filter((kind) => kind !== 'other_message' && kind !== 'notification')).toEqual([
      'session_started',
      'tool_started',
      'tool_result',
      'token_usage',
      'token_usage',
      'turn_completed',
    ]);
    expect(sumOf(first)).toEqual(callsOf(2));
    expect(sumOf(await stage.turn(session, '[[scenario:mcp]] go'))).toEqual(callsOf(2));
    expect(stage.processes).toHaveLength(1);
    await stage.stop(session);
    stage.nothingLeft();
    const [call] = await fake.calls();
    expect(call?.exitCode).toBe(0);
    expect((await failureOf(stage.turn(session, 'again'))).kind).toBe('turn_cancelled');
  });

  it('is told where it is, privately, and nothing of it by arguments', async () => {
    await open({}, {});
    const session = await stage.start();
    await stage.turn(session, '[[scenario:tool]] a secret prompt');
    const [call] = await fake.calls();
    expect(call?.cwd).toBe(stage.workspace);
    expect(call?.env).toMatchObject({
      PWD: stage.workspace,
      SORTIE_RUN_ID: stage.request.runId,
      SORTIE_WORKSPACE: stage.workspace,
      TMPDIR: `${stage.request.privateDirectory}/tmp`,
    });
    expect(call?.args).toEqual([
      'app-server',
      '-c',
      'features.plugins=false',
      '-c',
      'check_for_update_on_startup=false',
      '-c',
      'analytics.enabled=false',
    ]);
    const started = call?.messages.find(({ method }) => method === 'thread/start');
    expect(started?.['params']).toMatchObject({
      cwd: stage.workspace,
      approvalPolicy: 'never',
      sandbox: 'workspace-write',
    });
    expect(
      stage.lines
        .filter(({ stream }) => stream === 'input')
        .map(({ line }) => line)
        .join('\n'),
    ).toContain('a secret prompt');
  });

  it('resumes after a restart, and counts on', async () => {
    await open({ dialogue: { file: fixturePath('resume.jsonl') } });
    const resumeSessionId = sessionWith('resume.jsonl', 'thread/resume')
      .map((line) => /"threadId":"([^"]+)"/.exec(line)?.[1])
      .find((id) => id !== undefined);
    const session = await stage.start({ resumeSessionId: resumeSessionId ?? '', sessionUsage: callsOf(2) });
    expect(session.sessionId).toBe(resumeSessionId);
    expect(sumOf(await stage.turn(session, 'second'))).toEqual(callsOf(1));
    expect(await methods()).toEqual([
      'initialize',
      'initialized',
      'account/read',
      'thread/resume',
      'turn/start',
    ]);
  });

  it('that is unknown says so, and leaves nothing', async () => {
    await open({ dialogue: { file: fixturePath('unknown-thread.jsonl') } });
    const resumeSessionId = '01a2005d-6a16-7fc3-b8bb-cf8c706c77aa';
    expect(await failureOf(stage.start({ resumeSessionId }))).toMatchObject({
      kind: 'response_error',
      reason: 'session_unknown',
    });
    stage.nothingLeft();
  });

  it('wants a login only where one is missing', async () => {
    await open({ dialogue: { file: fixturePath('not-logged-in.jsonl') } });
    expect(await failureOf(stage.start())).toMatchObject({
      kind: 'agent_config_error',
      reason: 'authentication',
    });
    stage.nothingLeft();
  });

  it('hands a key of its environment over in memory, and keeps it out of the transcript', async () => {
    await open({ hooks: fixturePath('login.mjs') });
    const key = 'sk-never-to-be-seen';
    const session = await stage.start({ env: { ...stage.request.env, OPENAI_API_KEY: key } });
    await stage.turn(session, '[[scenario:tool]] go');
    const [first, second] = await fake.calls();
    expect(first?.exitCode).toBe(0);
    expect(second?.args.slice(-2)).toEqual(['-c', 'cli_auth_credentials_store="ephemeral"']);
    expect(second?.messages.find(({ method }) => method === 'account/login/start')?.['params']).toEqual({
      type: 'apiKey',
      apiKey: key,
    });
    expect(JSON.stringify(stage.lines)).not.toContain(key);
  });

  it('does not start when it is not wanted any more', async () => {
    await open({ misbehave: [{ kind: 'hang', method: 'initialize' }] });
    const controller = new AbortController();
    const failed = failureOf(stage.start({}, controller.signal));
    await fake.until((calls) => calls[0]?.hanging);
    controller.abort('enough');
    expect((await failed).kind).toBe('turn_cancelled');
    stage.nothingLeft();
  });

  it('starts no process under a signal that had fired', async () => {
    await open();
    expect((await failureOf(stage.start({}, AbortSignal.abort('no')))).kind).toBe('turn_cancelled');
    expect(stage.processes).toEqual([]);
  });

  it('says when Codex is missing, and how to get it', async () => {
    await open();
    const failure = await failureOf(stage.start({ command: 'codex-that-is-not-there' }));
    expect(failure.kind).toBe('agent_not_found');
    expect(failure.message).toContain('npm install -g @openai/codex');
  });

  it('says when Codex is too old', async () => {
    const stderr = "error: unrecognized subcommand 'app-server'\n";
    await open({ misbehave: [{ kind: 'exit', method: 'initialize', exitCode: 2, stderr }] });
    expect((await failureOf(stage.start())).kind).toBe('agent_config_error');
  });
});

describe('a turn that fails', () => {
  it.each([
    ['[[status 401]]', { kind: 'agent_config_error', reason: 'authentication' }],
    ['[[status 429]]', { kind: 'turn_failed', reason: 'quota' }],
    ['[[status 500]]', { kind: 'turn_failed', reason: 'service_error' }],
    ['[[usage-limit]]', { kind: 'turn_failed', reason: 'quota', resetAtMs: 1_900_000_000_000 }],
    ['[[overflow]]', { kind: 'turn_failed', reason: 'context_overflow' }],
  ])('for %s says why, and leaves nothing', async (prompt, expected) => {
    await open({ dialogue: { lines: sessionWith('failures.jsonl', prompt) } });
    const session = await stage.start();
    expect(await failureOf(stage.turn(session, prompt))).toMatchObject(expected);
    expect(stage.events.at(-1)?.kind).not.toBe('turn_completed');
    stage.nothingLeft();
  });

  it.each([
    [
      { kind: 'exit', exitCode: 0 },
      { kind: 'turn_failed', reason: 'truncated_output' },
    ],
    [
      { kind: 'exit', exitCode: 3, stderr: 'it broke\n' },
      { kind: 'port_exit', reason: 'crash' },
    ],
    [
      { kind: 'dies', by: 'SIGKILL' },
      { kind: 'port_exit', reason: 'crash' },
    ],
    [{ kind: 'cut' }, { kind: 'turn_failed', reason: 'truncated_output' }],
  ] as const)('by its process: %o', async (trouble, expected) => {
    await open({ misbehave: [{ method: 'turn/start', afterLine: 4, ...trouble }] });
    const session = await stage.start();
    expect(await failureOf(stage.turn(session, '[[scenario:tool]] go'))).toMatchObject(expected);
    stage.nothingLeft();
  });

  it('by an answer that never comes is not waited for', async () => {
    await open({ misbehave: [{ kind: 'hang', method: 'turn/start' }] });
    const session = await stage.start({ readTimeoutMs: 1000 });
    expect(await failureOf(stage.turn(session, '[[scenario:tool]] go'))).toMatchObject({
      kind: 'response_timeout',
    });
    stage.nothingLeft();
  });

  it('by a refusal of the protocol is an error of the protocol', async () => {
    const error = { code: -32600, message: 'input is too large' };
    await open({ misbehave: [{ kind: 'error', method: 'turn/start', error }] });
    const session = await stage.start();
    const failure = await failureOf(stage.turn(session, '[[scenario:tool]] go'));
    expect(failure.kind).toBe('response_error');
    expect(failure.message).toContain('input is too large');
    stage.nothingLeft();
  });

  it('by its listener ends the agent, too', async () => {
    await open();
    const session = await stage.start();
    const onEvent = (event: AgentEvent): void => {
      if (event.kind === 'tool_started') throw new Error('no room');
    };
    const failure = await failureOf(stage.turn(session, '[[scenario:tool]] go', { onEvent }));
    expect(failure.kind).toBe('response_error');
    expect(failure.message).toContain('no room');
    stage.nothingLeft();
  });

  it('is followed by one that resumes the thread', async () => {
    await open({
      hooks: fixturePath('resumable.mjs'),
      misbehave: [{ kind: 'dies', method: 'turn/start', afterLine: 4, by: 'SIGKILL' }],
    });
    const session = await stage.start();
    await failureOf(stage.turn(session, '[[scenario:tool]] go'));
    await stage.turn(session, '[[scenario:tool]] go');
    expect(await methods(1)).toContain('thread/resume');
    expect(stage.used()).toEqual(callsOf(2));
  });
});

describe('a server that does not answer', () => {
  it.each(['initialize', 'account/read'])('%s is not waited for', async (method) => {
    await open({ misbehave: [{ kind: 'hang', method }] });
    expect(await failureOf(stage.start({ readTimeoutMs: 400 }))).toMatchObject({ kind: 'response_timeout' });
    stage.nothingLeft();
  });
});

describe('a cancelled turn', () => {
  const slow = '[[scenario:slowtool 100]] go';

  async function cancel(changes: Partial<SessionRequest> = {}): Promise<void> {
    const session = await stage.start(changes);
    const controller = new AbortController();
    const failed = failureOf(stage.turn(session, slow, { signal: controller.signal }));
    await fake.until((calls) => calls[0]?.hanging);
    controller.abort('stalled');
    expect(await failed).toMatchObject({ kind: 'turn_cancelled', message: 'agent: turn_cancelled: stalled' });
    expect(stage.events.at(-1)?.kind).toBe('turn_cancelled');
    stage.nothingLeft();
  }

  it('in a tool is interrupted by the protocol, and takes its tool along', async () => {
    await open({ misbehave: [{ kind: 'hang', method: 'turn/start', afterLine: 6, withTool: true }] });
    await cancel();
    expect(await methods()).toContain('turn/interrupt');
    const [call] = await fake.calls();
    expect(call?.exitCode).toBe(0);
    // What the interrupted call had used is counted, too.
    expect(stage.used().outputTokens).toBeGreaterThan(0);
  });

  it('in a silent stream is interrupted by the protocol', async () => {
    await open({ misbehave: [{ kind: 'hang', method: 'turn/start', afterLine: 4 }] });
    await cancel();
    expect(await methods()).toContain('turn/interrupt');
  });

  it('that does not listen to the protocol is ended by signals', async () => {
    await open({
      misbehave: [
        { kind: 'hang', method: 'turn/start', afterLine: 6, withTool: true },
        { kind: 'hang', method: 'turn/interrupt' },
      ],
    });
    await cancel({ stopGraceMs: 600 });
  });

  it('that listens to nothing at all is ended all the same', async () => {
    await open({
      misbehave: [
        { kind: 'hang', method: 'turn/start', afterLine: 6, withTool: true },
        { kind: 'hang', method: 'turn/interrupt' },
      ],
      onSignal: { SIGINT: 'ignore', SIGTERM: 'ignore' },
      endsWithStdin: false,
    });
    await cancel({ stopGraceMs: 600 });
  });

  it('is over when the session is stopped', async () => {
    await open({ misbehave: [{ kind: 'hang', method: 'turn/start', afterLine: 6, withTool: true }] });
    const session = await stage.start();
    const failed = failureOf(stage.turn(session, slow));
    await fake.until((calls) => calls[0]?.hanging);
    await stage.stop(session);
    expect((await failed).kind).toBe('turn_cancelled');
    stage.nothingLeft();
  });

  it('starts nothing when it was cancelled before', async () => {
    await open();
    const session = await stage.start();
    expect((await failureOf(stage.turn(session, slow, { signal: AbortSignal.abort('no') }))).kind).toBe(
      'turn_cancelled',
    );
    expect(await methods()).not.toContain('turn/start');
  });
});

describe('what a turn leaves behind', () => {
  it('is ended with its process, and the next turn resumes the thread', async () => {
    await open({
      hooks: fixturePath('resumable.mjs'),
      misbehave: [{ kind: 'child-in-new-session', method: 'turn/start', afterLine: 2, ignoresSignals: true }],
    });
    const session = await stage.start({ stopGraceMs: 500 });
    const events = await stage.turn(session, '[[scenario:tool]] go');
    expect(events.at(-1)).toEqual({ kind: 'turn_completed' });
    stage.nothingLeft();
    await stage.turn(session, '[[scenario:mcp]] go');
    expect(await methods(1)).toContain('thread/resume');
    expect(stage.used()).toEqual(callsOf(4));
  });

  it('does not hold the end up when it holds stdout', async () => {
    await open({ misbehave: [{ kind: 'stdout-held-by-grandchild', method: 'turn/start', afterLine: 2 }] });
    const session = await stage.start({ stopGraceMs: 500 });
    await stage.turn(session, '[[scenario:tool]] go');
    await stage.stop(session);
    stage.nothingLeft();
  });
});

describe('noise', () => {
  it('between the messages changes nothing', async () => {
    const lines = [
      '',
      'warning: something',
      '{"half',
      '[1,2]',
      'null',
      '{}',
      '{"id":999,"result":{}}',
      '\u2028{"a":1}',
    ];
    await open({ misbehave: [{ kind: 'noise', method: 'turn/start', afterLine: 3, lines }] });
    const session = await stage.start();
    const events = await stage.turn(session, '[[scenario:tool]] go');
    expect(sumOf(events)).toEqual(callsOf(2));
    expect(events.filter(({ kind }) => kind === 'malformed')).toHaveLength(1);
  });

  it('of 20 MB in one line is skipped', async () => {
    await open({ misbehave: [{ kind: 'huge-line', method: 'turn/start', afterLine: 3, bytes: 20_000_000 }] });
    const session = await stage.start();
    expect(sumOf(await stage.turn(session, '[[scenario:tool]] go'))).toEqual(callsOf(2));
  });
});

describe('requests of Codex', () => {
  interface Answer {
    readonly id: unknown;
    readonly result?: Record<string, unknown>;
    readonly error?: { readonly code: number };
  }

  async function answers(): Promise<Map<unknown, Answer>> {
    const [call] = await fake.calls();
    const given = (call?.messages ?? []).filter(({ method }) => method === undefined) as unknown as Answer[];
    return new Map(given.map((answer) => [answer.id, answer]));
  }

  it('are all refused in a sandbox, and none is left without an answer', async () => {
    await open({ hooks: fixturePath('approvals.mjs') }, {});
    const session = await stage.start();
    expect(await failureOf(stage.turn(session, 'go'))).toMatchObject({ kind: 'turn_input_required' });
    const given = await answers();
    expect(given.size).toBe(14);
    for (const id of [0, 'one', 11, 12, 13]) expect(given.get(id)?.result).toEqual({ decision: 'decline' });
    expect(given.get(2)?.result).toEqual({ permissions: {}, scope: 'turn' });
    expect(given.get(4)?.result).toMatchObject({ action: 'decline' });
    expect(given.get(5)?.result).toMatchObject({ success: false });
    for (const id of [8, 9, 10]) expect(given.get(id)?.error?.code).toBe(-32601);
    expect(kindsOf(stage.events)).toContain('unsupported_tool_call');
    expect(kindsOf(stage.events)).not.toContain('approval_auto_approved');
  });

  it('for approvals are granted where the sandbox keeps nothing back, and this is said', async () => {
    await open({ hooks: fixturePath('approvals.mjs') }, full);
    const session = await stage.start();
    // A question is a question in any sandbox.
    expect(await failureOf(stage.turn(session, 'go'))).toMatchObject({ reason: 'input_required' });
    const given = await answers();
    expect(given.get(0)?.result).toEqual({ decision: 'accept' });
    expect(given.get(6)?.result).toEqual({ decision: 'approved' });
    const approved = stage.events.filter(({ kind }) => kind === 'approval_auto_approved');
    expect(approved).toHaveLength(7);
  });
});

it('waits for a slow listener, and reports nothing after the end', async () => {
  await open();
  const session = await stage.start();
  let listening = 0;
  let most = 0;
  const onEvent = async (): Promise<void> => {
    most = Math.max(most, ++listening);
    await new Promise((resolve) => setTimeout(resolve, 2));
    listening -= 1;
  };
  await stage.turn(session, '[[scenario:tool]] go', { onEvent });
  expect([most, listening]).toEqual([1, 0]);
  const reported = stage.events.length;
  await stage.stop(session);
  expect(stage.events).toHaveLength(reported);
});
