// The adapter with a fake `opencode` on PATH: what it is called with, and what comes of what it prints.
import { afterEach, describe, expect, it } from 'vitest';
import { agent, createOpencode } from '../../../../adapters/agents/opencode/index.ts';
import type { ToolWatchParts } from '../../../../adapters/agents/opencode/tool-watch.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import { toolSessions } from '../../../../src/process/index.ts';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { agentErrorOf } from '../../../conformance/agent-world.ts';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { clearStages, newRequest, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';
import { callsOf, FIXTURES, RECORDED_ID, recordedLines, usageOf } from './recorded.ts';

const success: FakeTurn = { output: { file: `${FIXTURES}/success.jsonl` } };
const resume: FakeTurn = { output: { file: `${FIXTURES}/resume.jsonl` } };

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
  registration = agent,
): Promise<{ play: Play; fake: FakeAgent }> {
  const fake = await installFakeAgent({ name: 'opencode', turns });
  fakes.push(fake);
  const { env } = await newRequest();
  const request = { command: 'opencode', env: fake.pathEnv({ ...env, ...changes.env }) };
  return { play: await startPlay(registration, { ...changes, ...request }), fake };
}

async function configOf(fake: FakeAgent): Promise<unknown> {
  const [call] = await fake.calls();
  return JSON.parse(call?.env['OPENCODE_CONFIG_CONTENT'] ?? 'null') as unknown;
}

describe('a turn', () => {
  it('keeps the prompt off the command line, and is completed', async () => {
    const prompt = '--auto "quoted" \u2028 ' + 'x'.repeat(300_000);
    const { play: scene, fake } = await play([success]);
    expect(scene.session.sessionId).toBe('');
    await scene.turn(1, { prompt });
    const [call] = await fake.calls();
    const { workspacePath } = scene.request;
    const flags = ['run', '--format', 'json', '--dir', workspacePath, '--auto', '--title=DEMO-1'];
    expect(call?.args).toEqual(flags);
    expect(call?.stdin).toBe(prompt);
    expect(call?.cwd).toBe(workspacePath);
    expect(call?.env).toMatchObject({
      PWD: workspacePath,
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_SHARE: '1',
      OPENCODE_DISABLE_AUTOCOMPACT: '1',
    });
    expect(await configOf(fake)).toEqual({ autoupdate: false, share: 'disabled' });
    expect(usageOf(scene.events)).toEqual(callsOf(2));
    expect(scene.events.at(-1)).toEqual({ kind: 'turn_completed' });
    expect(scene.session.sessionId).toBe(RECORDED_ID);
  });

  it('is followed by one that resumes the session', async () => {
    const { play: scene, fake } = await play([success, resume]);
    await scene.turn(1);
    await scene.turn(2);
    expect((await fake.calls())[1]?.args.at(-1)).toBe(`--session=${RECORDED_ID}`);
    expect((await fake.calls())[1]?.args.join(' ')).not.toContain('--title');
    expect(usageOf(scene.events)).toEqual(callsOf(3));
    expect(scene.events.filter(({ kind }) => kind === 'session_started')).toHaveLength(1);
  });

  it('resumes at once when the session is an old one', async () => {
    const sessionUsage = { inputTokens: 900, outputTokens: 90, cacheReadTokens: 9, costUsd: 1 };
    const { play: scene, fake } = await play([resume], { resumeSessionId: RECORDED_ID, sessionUsage });
    await scene.turn(1);
    expect((await fake.calls())[0]?.args.at(-1)).toBe(`--session=${RECORDED_ID}`);
    expect(usageOf(scene.events)).toEqual(callsOf(1));
  });

  it('passes every setting on', async () => {
    const settings = {
      model: 'anthropic/claude',
      agent: 'build',
      variant: 'high',
      thinking: true,
      pure: true,
      dangerously_skip_permissions: false,
      disable_autocompact: false,
      denied_tools: ['webfetch'],
    };
    const { play: scene, fake } = await play([success], { settings });
    await scene.turn(1);
    const [call] = await fake.calls();
    const flags = ['--model=anthropic/claude', '--agent=build', '--variant=high', '--thinking', '--pure'];
    expect(call?.args.slice(5, -1)).toEqual(flags);
    expect(call?.env['OPENCODE_DISABLE_AUTOCOMPACT']).toBeUndefined();
    expect(await configOf(fake)).toMatchObject({ permission: { webfetch: 'deny' } });
  });

  it("lays its configuration over the user's, whose servers stay", async () => {
    const own = {
      mcp: { mine: { type: 'remote', url: 'http://127.0.0.1:1/' } },
      share: 'auto',
      permission: { bash: { 'rm *': 'deny' }, webfetch: 'allow' },
    };
    const { play: scene, fake } = await play([success], {
      env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(own) },
      settings: { denied_tools: ['webfetch'] },
    });
    await scene.turn(1);
    expect(await configOf(fake)).toEqual({
      mcp: own.mcp,
      autoupdate: false,
      share: 'disabled',
      permission: { bash: own.permission.bash, webfetch: 'deny' },
    });
  });

  it('is not begun with a configuration that is none, of which nothing is shown', async () => {
    const { play: scene, fake } = await play([success], { env: { OPENCODE_CONFIG_CONTENT: '{s3cret' } });
    const { kind, message } = await agentErrorOf(scene.turn(1));
    expect(kind).toBe('agent_config_error');
    expect(message).toContain('OPENCODE_CONFIG_CONTENT');
    expect(message).not.toContain('s3cret');
    expect(await fake.calls()).toEqual([]);
  });

  it('survives long lines, bad bytes and pieces of any size', async () => {
    const misbehave = [
      { kind: 'huge-line', afterLine: 2, bytes: 20 * 1024 * 1024 },
      { kind: 'invalid-utf8', afterLine: 3 },
    ] as const;
    const { play: scene } = await play([{ ...success, misbehave }]);
    await scene.turn(1);
    expect(scene.events).toContainEqual({ kind: 'malformed', message: '1 line(s) over 10 MiB were skipped' });
    expect(usageOf(scene.events)).toEqual(callsOf(2));
  });

  it.each([
    ['the middle of its last line', { ...success, misbehave: [{ kind: 'cut-last-line' }] }],
    ['the answer to a tool', { output: { lines: recordedLines('success').slice(0, 4) } }],
    ['anything', {}],
  ] as [string, FakeTurn][])('is no success when its output ends before %s', async (_what, turn) => {
    const { play: scene } = await play([turn]);
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({
      kind: 'turn_failed',
      reason: 'truncated_output',
    });
  });

  it('is a crash when a signal ended it', async () => {
    const { play: scene } = await play([{ ...success, diesBy: 'SIGSEGV' }]);
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({ kind: 'port_exit', reason: 'crash' });
  });

  it.each([
    ['error401', 1, 'agent_config_error', 'authentication'],
    ['error429', 1, 'turn_failed', 'quota'],
    ['error500', 1, 'turn_failed', 'service_error'],
    ['context-overflow', 1, 'turn_failed', 'context_overflow'],
    ['refused', 0, 'turn_input_required', 'permission_refused'],
  ])('ends like the recorded %s', async (name, exitCode, kind, reason) => {
    const { play: scene } = await play([{ output: { file: `${FIXTURES}/${name}.jsonl` }, exitCode }]);
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({ kind, reason, exitCode });
    expect(scene.session.sessionId).toBe(RECORDED_ID);
  });

  it('forgets a session that the CLI does not know', async () => {
    const stderr = '\u001b[91m\u001b[1mError: \u001b[0mSession not found\n';
    const { play: scene } = await play([{ stderr, exitCode: 1 }], { resumeSessionId: 'ses_old' });
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({
      kind: 'response_error',
      reason: 'session_unknown',
    });
  });

  it('that ended before the session had a name is followed by a new session', async () => {
    const { play: scene, fake } = await play([{ exitCode: 1 }, success]);
    await agentErrorOf(scene.turn(1));
    await scene.turn(2);
    expect((await fake.calls())[1]?.args.at(-1)).toBe('--title=DEMO-1');
  });
});

describe('a turn that is cancelled', () => {
  it.each([
    ['in a tool', 1, true],
    ["in the model's stream", 4, false],
  ])('%s leaves no process', async (_where, afterLine, withTool) => {
    const { play: scene, fake } = await play([
      { ...success, misbehave: [{ kind: 'hang', afterLine, withTool }] },
    ]);
    const controller = new AbortController();
    const failure = agentErrorOf(scene.turn(1, { signal: controller.signal }));
    await fake.until(([call]) => call?.hanging);
    controller.abort('enough');
    expect(await failure).toMatchObject({ kind: 'turn_cancelled' });
    assertNothingLeft(scene.request.runId, scene.processes);
    expect(await fake.alive()).toEqual([]);
  });
});

describe('a long tool', () => {
  // The real look at real processes, in a world where every silence is a long one.
  const parts: ToolWatchParts = {
    nowMs: () => performance.now() + 3_600_000,
    every(_interval, look) {
      const timer = setInterval(look, 20);
      return () => clearInterval(timer);
    },
    sessionsOf: toolSessions,
  };

  it('is in flight while it runs, though opencode does not say so', async () => {
    const { play: scene, fake } = await play(
      [{ ...success, misbehave: [{ kind: 'hang', afterLine: 1, withTool: true }] }],
      {},
      { ...agent, create: () => createOpencode(parts) },
    );
    const controller = new AbortController();
    const failure = agentErrorOf(scene.turn(1, { signal: controller.signal }));
    const tool = await fake.until(([call]) => call?.processes.find(({ what }) => what === 'tool'));
    const isSeen = () => scene.events.find((event) => event.kind === 'tool_started');
    await expect.poll(isSeen).toEqual({ kind: 'tool_started', callId: `process:${tool.pid}`, name: 'shell' });
    controller.abort('enough');
    await failure;
  });
});
