// The real Codex on PATH against a scripted model service on loopback: part of `npm run test:agents`. What was found here
// (0.169) is what the other tests of this folder play back.

import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOnPath } from '../../../live-agents/stage.ts';
import { callsOf, eventually, failureOf, kindsOf, openStage } from './codex-stage.ts';
import type { CodexStage } from './codex-stage.ts';
import { RESETS_AT_S, startResponsesEndpoint } from './responses-endpoint.ts';
import type { ResponsesEndpoint } from './responses-endpoint.ts';

const program = await findOnPath('codex');

let endpoint: ResponsesEndpoint;
let stage: CodexStage;

async function open(settings: Record<string, unknown> = {}, toml = ''): Promise<CodexStage> {
  stage = await openStage({ PATH: process.env['PATH'] ?? '', TZ: 'UTC' }, settings);
  const config = `model = "fake-model"
model_provider = "scripted"
${toml}
[model_providers.scripted]
name = "scripted"
base_url = "${endpoint.url}"
wire_api = "responses"
request_max_retries = 1
stream_max_retries = 1
`;
  await writeFile(join(stage.root, 'home/.codex/config.toml'), config);
  return stage;
}

const full = { thread_sandbox: 'dangerFullAccess' };

if (program === null) {
  it('tries the real Codex', (context) =>
    context.skip(true, 'codex is not on PATH (npm install -g @openai/codex)'));
} else describe('the real Codex', { timeout: 60_000 }, declare);

function declare(): void {
  beforeEach(async () => {
    endpoint = await startResponsesEndpoint();
  });
  afterEach(async () => {
    await stage.close();
    await endpoint.close();
  });

  it('does a turn with a tool, then another, in one process', async () => {
    await open(full);
    const session = await stage.start();
    const events = await stage.turn(session, '[[tool]] go');
    expect(kindsOf(events)).toEqual(expect.arrayContaining(['tool_started', 'tool_result', 'token_usage']));
    expect(events.at(-1)).toEqual({ kind: 'turn_completed' });
    expect(stage.used()).toEqual(callsOf(2));
    await stage.turn(session, 'once more');
    expect(stage.used()).toEqual(callsOf(3));
    expect(stage.processes).toHaveLength(1);
    await stage.stop(session);
    stage.nothingLeft();
  });

  it('writes nothing into the configuration of its user', async () => {
    await open();
    execFileSync('git', ['init', '-q', stage.workspace]);
    const path = join(stage.root, 'home/.codex/config.toml');
    const before = await readFile(path, 'utf8');
    const session = await stage.start();
    await stage.turn(session, '[[tool]] go');
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('resumes after a SIGKILL, and counts on', async () => {
    await open(full);
    const first = await stage.start();
    await stage.turn(first, '[[tool]] go');
    process.kill(-(stage.processes[0]?.processGroup ?? 0), 'SIGKILL');
    const runId = randomUUID();
    const second = await stage.start({ runId, resumeSessionId: first.sessionId, sessionUsage: stage.used() });
    expect(second.sessionId).toBe(first.sessionId);
    await stage.turn(second, 'second');
    expect(stage.used()).toEqual(callsOf(3));
    expect(JSON.stringify(endpoint.calls.at(-1))).toContain('[[tool]] go');
  });

  it('counts what was lost when the daemon died before it was stored', async () => {
    await open(full);
    const first = await stage.start();
    await stage.turn(first, '[[tool]] go');
    await stage.stop(first);
    stage.events.length = 0;
    const second = await stage.start({ resumeSessionId: first.sessionId, sessionUsage: callsOf(1) });
    await stage.turn(second, 'second');
    expect(stage.used()).toEqual(callsOf(2));
  });

  it('says that it does not know a session', async () => {
    await open(full);
    const resumeSessionId = '01a2005d-6a16-7fc3-b8bb-cf8c706c77aa';
    expect(await failureOf(stage.start({ resumeSessionId }))).toMatchObject({
      kind: 'response_error',
      reason: 'session_unknown',
    });
    stage.nothingLeft();
  });

  it.each([
    ['[[status 401]]', { kind: 'agent_config_error', reason: 'authentication' }],
    ['[[status 403]]', { kind: 'agent_config_error', reason: 'authentication' }],
    ['[[status 429]]', { kind: 'turn_failed', reason: 'quota', resetAtMs: null }],
    ['[[usage-limit]]', { kind: 'turn_failed', reason: 'quota', resetAtMs: RESETS_AT_S * 1000 }],
    ['[[status 500]]', { kind: 'turn_failed', reason: 'service_error' }],
    ['[[status 503]]', { kind: 'turn_failed', reason: 'service_error' }],
    ['[[overflow]]', { kind: 'turn_failed', reason: 'context_overflow' }],
    ['[[status 400]]', { kind: 'turn_failed', reason: null }],
  ])('names the failure of %s', async (prompt, expected) => {
    await open(full);
    const session = await stage.start();
    expect(await failureOf(stage.turn(session, prompt))).toMatchObject(expected);
    stage.nothingLeft();
  });

  it('counts on after the context overflowed', async () => {
    await open(full);
    const session = await stage.start();
    await stage.turn(session, 'one');
    await failureOf(stage.turn(session, '[[overflow]]'));
    const answered = endpoint.calls.length;
    await stage.turn(session, 'three');
    // Compacting is a model call, too.
    expect(stage.used()).toEqual(callsOf(1 + endpoint.calls.length - answered));
  });

  it('is cancelled in a silent stream', async () => {
    await open(full);
    const session = await stage.start();
    const controller = new AbortController();
    const failed = failureOf(stage.turn(session, '[[silent]]', { signal: controller.signal }));
    await eventually(() => endpoint.calls.length === 1);
    controller.abort('enough');
    expect(await failed).toMatchObject({ kind: 'turn_cancelled', message: 'agent: turn_cancelled: enough' });
    stage.nothingLeft();
  });

  it.each([{ thread_sandbox: 'dangerFullAccess' }, { thread_sandbox: 'workspaceWrite' }])(
    'is cancelled in a tool and leaves nothing: %o',
    async (settings) => {
      await open(settings);
      const session = await stage.start();
      const controller = new AbortController();
      const failed = failureOf(stage.turn(session, '[[slow-tool]]', { signal: controller.signal }));
      await eventually(() => existsSync(join(stage.workspace, 'tool.pid')));
      controller.abort('enough');
      expect((await failed).kind).toBe('turn_cancelled');
      stage.nothingLeft();
      for (const name of ['.git', '.codex', '.agents', '.aws']) {
        expect(existsSync(join(stage.workspace, name))).toBe(false);
      }
      await stage.turn(session, 'after the cancellation');
      expect(stage.processes).toHaveLength(2);
    },
  );

  it('ends the tools that a completed turn leaves behind, and goes on', async () => {
    await open(full);
    const session = await stage.start();
    const events = await stage.turn(session, '[[slow-tool]]');
    expect(events.at(-1)).toEqual({ kind: 'turn_completed' });
    stage.nothingLeft();
    await stage.turn(session, 'next');
    expect(stage.used()).toEqual(callsOf(3));
  });

  it('keeps the sandbox, and lets git commit when it is told to', async () => {
    const commit = '[[tool git commit -qm two --allow-empty; touch /tmp/sortie-codex-test; true]]';
    const prepare = (): void => {
      for (const args of [
        ['init', '-q'],
        ['config', 'user.email', 'a@b.c'],
        ['config', 'user.name', 'n'],
      ]) {
        execFileSync('git', args, { cwd: stage.workspace });
      }
    };
    const commits = (): boolean => existsSync(join(stage.workspace, '.git/logs/HEAD'));
    await open();
    prepare();
    await stage.turn(await stage.start(), commit);
    expect(commits()).toBe(false);
    expect(existsSync('/tmp/sortie-codex-test')).toBe(false);
    await stage.close();
    await open({ turn_sandbox_policy: { writableRoots: ['.git'] } });
    prepare();
    await stage.turn(await stage.start(), commit);
    expect(commits()).toBe(true);
  });

  it('asks for a login only when the provider is OpenAI, and takes a key from the environment into memory', async () => {
    await open(full);
    await writeFile(join(stage.root, 'home/.codex/config.toml'), '');
    expect(await failureOf(stage.start())).toMatchObject({
      kind: 'agent_config_error',
      reason: 'authentication',
    });
    stage.nothingLeft();
    const env = { ...stage.request.env, OPENAI_API_KEY: 'sk-secret-of-the-test' };
    const session = await stage.start({ env });
    await stage.stop(session);
    expect(existsSync(join(stage.root, 'home/.codex/auth.json'))).toBe(false);
    expect(JSON.stringify(stage.lines)).not.toContain('sk-secret-of-the-test');
  });

  it('says what is wrong with its configuration', async () => {
    await open(full);
    await writeFile(join(stage.root, 'home/.codex/config.toml'), 'model_provider = "nowhere"\n');
    const failure = await failureOf(stage.start());
    expect(failure.kind).toBe('agent_config_error');
    expect(failure.message).toContain('nowhere');
  });

  it('keeps the MCP servers of its user', async () => {
    await open(full, '[mcp_servers.mine]\ncommand = "node"\nargs = ["-e", "setTimeout(()=>{}, 60000)"]\n');
    const session = await stage.start();
    await stage.turn(session, 'go');
    expect(stage.lines.some(({ line }) => line.includes('"name":"mine"'))).toBe(true);
    await stage.stop(session);
    stage.nothingLeft();
  });
}
