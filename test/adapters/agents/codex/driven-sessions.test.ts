// Sessions through a fake `codex`: started, resumed, unknown, without a login, without Codex; and what a turn says.

import { afterEach, describe, expect, it } from 'vitest';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { callsOf, failureOf, kindsOf, sumOf } from './codex-stage.ts';
import type { CodexStage } from './codex-stage.ts';
import { closeFake, full, methodsOf, openFake, THREAD } from './fake-codex.ts';
import type { FakeOptions } from './fake-codex.ts';
import { fixturePath, sessionWith } from './recorded.ts';

let fake: FakeAgent;
let stage: CodexStage;

async function open(options: FakeOptions = {}, settings: Record<string, unknown> = full): Promise<void> {
  ({ fake, stage } = await openFake(options, settings));
}

afterEach(closeFake);

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
      TMPDIR: stage.request.env['TMPDIR'] ?? `${stage.request.privateDirectory}/tmp`,
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
    expect(await methodsOf(fake)).toEqual([
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
