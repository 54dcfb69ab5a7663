// The adapter with a fake `gemini` on PATH: what it is called with, and what comes of what it prints.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/gemini-cli/index.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import { agentErrorOf } from '../../../conformance/agent-world.ts';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { clearStages, newRequest, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';
import { FIXTURES, recordedLines, usageOf } from './recorded.ts';

const RECORDED_ID = '33333333-3333-4333-8333-333333333333';
const renamed = { [RECORDED_ID]: { flag: ['--session-id', '--resume'] } };
const success: FakeTurn = { output: { file: `${FIXTURES}/success.jsonl` }, replace: renamed };
const resume: FakeTurn = { output: { file: `${FIXTURES}/resume.jsonl` }, replace: renamed };

let fakes: FakeAgent[] = [];
afterEach(async () => {
  const all = fakes;
  fakes = [];
  for (const fake of all) await fake.close();
  await clearStages();
});

async function play(
  turns: readonly FakeTurn[],
  changes: Partial<SessionRequest> = {},
  prepare: (home: string) => Promise<void> = () => Promise.resolve(),
): Promise<{ play: Play; fake: FakeAgent }> {
  const settingsFile = { env: 'GEMINI_CLI_HOME', path: '.gemini/settings.json' };
  const fake = await installFakeAgent({ name: 'gemini', turns, readFiles: [settingsFile] });
  fakes.push(fake);
  const { env } = await newRequest();
  await prepare(env['HOME'] ?? '');
  const request = { command: 'gemini', env: fake.pathEnv({ ...env, ...changes.env }) };
  return { play: await startPlay(agent, { ...changes, ...request }), fake };
}

describe('a turn', () => {
  it('keeps the prompt off the command line, and is completed', async () => {
    const prompt = 'Fix the $(bug) — "quoted" \u2028 ' + 'x'.repeat(300_000);
    const { play: scene, fake } = await play([success], { settings: { model: 'gemini-2.5-flash' } });
    await scene.turn(1, { prompt });
    const [call] = await fake.calls();
    const flags = ['--output-format', 'stream-json', '--yolo', '--skip-trust', '--model', 'gemini-2.5-flash'];
    expect(call?.args).toEqual([...flags, '--session-id', scene.request.newSessionId]);
    expect(call?.stdin).toBe(prompt);
    expect(call?.cwd).toBe(scene.request.workspacePath);
    expect(call?.env).toMatchObject({ GEMINI_CLI_NO_RELAUNCH: 'true', PWD: scene.request.workspacePath });
    expect(usageOf(scene.events)).toEqual({ input: 200, output: 20, cacheRead: 40 });
    expect(scene.events.at(-1)).toEqual({ kind: 'turn_completed' });
    expect(scene.session.sessionId).toBe(scene.request.newSessionId);
  });

  it('is followed by one that resumes the session', async () => {
    const { play: scene, fake } = await play([success, resume]);
    await scene.turn(1);
    await scene.turn(2);
    const [, second] = await fake.calls();
    expect(second?.args.slice(-2)).toEqual(['--resume', scene.request.newSessionId]);
    expect(usageOf(scene.events)).toEqual({ input: 300, output: 30, cacheRead: 60 });
  });

  it('resumes at once when the session is an old one', async () => {
    const { play: scene, fake } = await play([resume], { resumeSessionId: 'old-one' });
    await scene.turn(1);
    expect((await fake.calls())[0]?.args.slice(-2)).toEqual(['--resume', 'old-one']);
  });

  it("never lets a prompt be one of the CLI's own commands", async () => {
    const { play: scene, fake } = await play([success]);
    await scene.turn(1, { prompt: '/quit' });
    expect((await fake.calls())[0]?.stdin).toBe('Task: /quit');
  });

  it('survives long lines, bad bytes and pieces of any size', async () => {
    const misbehave = [
      { kind: 'huge-line', afterLine: 2, bytes: 20 * 1024 * 1024 },
      { kind: 'invalid-utf8', afterLine: 3 },
    ] as const;
    const { play: scene } = await play([{ ...success, misbehave }]);
    await scene.turn(1);
    expect(scene.events).toContainEqual({ kind: 'malformed', message: '1 line(s) over 10 MiB were skipped' });
    expect(usageOf(scene.events)).toEqual({ input: 200, output: 20, cacheRead: 40 });
  });

  it('is no success when its output was cut', async () => {
    const { play: scene } = await play([{ ...success, misbehave: [{ kind: 'cut-last-line' }] }]);
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({
      kind: 'turn_failed',
      reason: 'truncated_output',
    });
  });

  it('is no success when nothing was said', async () => {
    const { play: scene } = await play([{}]);
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({
      kind: 'turn_failed',
      reason: 'truncated_output',
    });
  });

  it('is a crash when a signal ended it', async () => {
    const lines = recordedLines('success').slice(0, 4);
    const { play: scene } = await play([{ output: { lines }, diesBy: 'SIGSEGV' }]);
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({ kind: 'port_exit', reason: 'crash' });
  });

  it.each([
    ['error401', 145, 'agent_config_error', 'authentication'],
    ['error429', 173, 'turn_failed', 'quota'],
    ['error500', 244, 'turn_failed', 'service_error'],
    ['maxturns', 53, 'turn_failed', 'turn_limit'],
    ['context-overflow', 144, 'turn_failed', 'context_overflow'],
  ])('ends like the recorded %s', async (name, exitCode, kind, reason) => {
    const { play: scene } = await play([{ output: { file: `${FIXTURES}/${name}.jsonl` }, exitCode }]);
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({ kind, reason, exitCode });
  });

  it('forgets a session that the CLI does not know', async () => {
    const stderr = 'Error resuming session: No previous sessions found for this project.\n';
    const { play: scene } = await play([{ stderr, exitCode: 42 }], { resumeSessionId: 'old-one' });
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({
      kind: 'response_error',
      reason: 'session_unknown',
    });
  });
});

describe('a turn that is cancelled', () => {
  it.each([
    ['in a tool', 4, true],
    ["in the model's stream", 3, false],
  ])('%s leaves no process', async (_where, afterLine, withTool) => {
    const hang: FakeTurn = {
      ...success,
      misbehave: [{ kind: 'hang', afterLine, withTool }],
      // As observed: it exits with 0 and leaves its tool behind.
      onSignal: { SIGTERM: { exitCode: 0 } },
    };
    const { play: scene, fake } = await play([hang]);
    const controller = new AbortController();
    const failure = agentErrorOf(scene.turn(1, { signal: controller.signal }));
    await fake.until(([call]) => call?.hanging);
    controller.abort('enough');
    expect(await failure).toMatchObject({ kind: 'turn_cancelled' });
    assertNothingLeft(scene.request.runId, scene.processes);
    expect(await fake.alive()).toEqual([]);
  });
});

describe('the home that the CLI is given', () => {
  const userSettings = `{
    // chosen by hand
    "security": { "auth": { "selectedType": "oauth-personal" } },
    "mcpServers": { "mine": { "command": "mine" } }, "model": { "name": "gemini-x" }
  }`;
  const withLogin = async (home: string): Promise<void> => {
    await mkdir(join(home, '.gemini'), { recursive: true });
    await writeFile(join(home, '.gemini/settings.json'), userSettings);
    await writeFile(join(home, '.gemini/oauth_creds.json'), 'login');
  };
  const settingsOf = async (fake: FakeAgent): Promise<unknown> => {
    const [call] = await fake.calls();
    return JSON.parse(call?.files['GEMINI_CLI_HOME'] ?? 'null') as unknown;
  };

  it("has the user's settings with ours over them", async () => {
    const mcpServers = {
      tracker: { httpUrl: 'http://127.0.0.1:1/', headers: { Authorization: 'Bearer s3cret' } },
    };
    const settings = { max_session_turns: 7, mcp_config: JSON.stringify({ mcpServers }) };
    let home = '';
    const { play: scene, fake } = await play([success], { settings }, async (folder) => {
      home = folder;
      await withLogin(folder);
    });
    await scene.turn(1);
    expect(await settingsOf(fake)).toMatchObject({
      security: { auth: { selectedType: 'oauth-personal' } },
      mcpServers: { mine: { command: 'mine' }, ...mcpServers },
      model: { name: 'gemini-x', maxSessionTurns: 7 },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false },
    });
    const [call] = await fake.calls();
    expect(JSON.stringify(call?.args)).not.toContain('s3cret');
    expect(await readFile(join(home, '.gemini/settings.json'), 'utf8')).toBe(userSettings);
  });

  it("shares the login and the sessions with the user's own, and is gone after the turn", async () => {
    let home = '';
    const files = [
      { at: { env: 'GEMINI_CLI_HOME', path: '.gemini/oauth_creds.json' }, text: 'renewed' },
      { at: { env: 'GEMINI_CLI_HOME', path: '.gemini/tmp/ws/chats/a.json' }, text: 'a chat' },
    ];
    const { play: scene, fake } = await play([{ ...success, files }], {}, async (folder) => {
      home = folder;
      await withLogin(folder);
    });
    await scene.turn(1);
    expect(await readFile(join(home, '.gemini/oauth_creds.json'), 'utf8')).toBe('renewed');
    expect(await readFile(join(home, '.gemini/tmp/ws/chats/a.json'), 'utf8')).toBe('a chat');
    const [call] = await fake.calls();
    expect(existsSync(call?.env['GEMINI_CLI_HOME'] ?? '')).toBe(false);
    expect(await readdir(scene.request.workspacePath)).toEqual([]);
    expect(await readdir(scene.request.privateDirectory)).toEqual([]);
  });

  it('says which settings file of the user cannot be read', async () => {
    const { play: scene } = await play([success], {}, async (home) => {
      await mkdir(join(home, '.gemini'));
      await writeFile(join(home, '.gemini/settings.json'), '{"ui": ');
    });
    const { kind, message } = await agentErrorOf(scene.turn(1));
    expect(kind).toBe('agent_config_error');
    expect(message).toContain('.gemini/settings.json');
  });

  it('chooses the key as the login when only a key is there', async () => {
    const { play: scene, fake } = await play([success], { env: { GEMINI_API_KEY: 'k' } });
    await scene.turn(1);
    expect(await settingsOf(fake)).toMatchObject({ security: { auth: { selectedType: 'gemini-api-key' } } });
  });
});

describe('a session', () => {
  it.each([
    ['a file that is not there', '/nowhere/mcp.json'],
    ['something else', resolve('package.json')],
  ])('does not begin when mcp_config is %s', async (_what, mcpConfig) => {
    const failure = await agentErrorOf(play([success], { settings: { mcp_config: mcpConfig } }));
    expect(failure).toMatchObject({ kind: 'agent_config_error' });
    expect(failure.message).toContain('mcp_config');
  });
});
