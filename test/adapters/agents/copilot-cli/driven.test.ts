// The adapter with a fake `copilot` on PATH: what it is called with, and what comes of what it prints.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/copilot-cli/index.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { agentErrorOf } from '../../../conformance/agent-world.ts';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeCall, FakeTurn } from '../../../fake-agents/fake-turn.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { clearStages, newRequest, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';
import { callsOf, FIXTURES, RECORDED_ID, recordedLines, usageFile, usageOf } from './recorded.ts';

const renamed = { [RECORDED_ID]: { flag: ['--session-id', '--resume'] } };
const turnOf = (name: string, callsSoFar: number): FakeTurn => ({
  output: { file: `${FIXTURES}/${name}.jsonl` },
  replace: renamed,
  files: [{ at: { flag: '--usage-output-file' }, text: usageFile(callsSoFar) }],
});
const success = turnOf('success', 2);

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
): Promise<{ play: Play; fake: FakeAgent }> {
  const fake = await installFakeAgent({ name: 'copilot', turns });
  fakes.push(fake);
  const { env } = await newRequest();
  const request = { command: 'copilot', env: fake.pathEnv({ ...env, ...changes.env }) };
  return { play: await startPlay(agent, { ...changes, ...request }), fake };
}

const COMMON = ['--output-format', 'json', '--no-ask-user', '--no-auto-update', '--no-remote'];

/** Without the paths and ids at the end. */
function flagsOf(call: FakeCall | undefined): readonly string[] {
  return (call?.args ?? []).filter((arg) => !/^--(usage-output-file|session-id|resume)=/.test(arg));
}

describe('a turn', () => {
  it('keeps the prompt off the command line, and is completed', async () => {
    const prompt = '--yolo "quoted" \u2028 ' + 'x'.repeat(300_000);
    const { play: scene, fake } = await play([success]);
    await scene.turn(1, { prompt });
    const [call] = await fake.calls();
    expect(flagsOf(call)).toEqual([...COMMON, '--allow-all', '--max-autopilot-continues=50']);
    expect(call?.args.at(-1)).toBe(`--session-id=${scene.request.newSessionId}`);
    expect(call?.stdin).toBe(prompt);
    expect(call?.cwd).toBe(scene.request.workspacePath);
    expect(call?.env['PWD']).toBe(scene.request.workspacePath);
    expect(call?.env['COPILOT_ALLOW_ALL']).toBeUndefined();
    expect(usageOf(scene.events)).toEqual(callsOf(2));
    expect(scene.events.at(-1)).toEqual({ kind: 'turn_completed' });
    expect(scene.session.sessionId).toBe(scene.request.newSessionId);
  });

  it('reads its usage from a file that is gone afterwards', async () => {
    const lines: string[] = [];
    const onLine = (stream: string, line: string): void => {
      if (stream === 'stdout') lines.push(line);
    };
    const { play: scene, fake } = await play([success], { onLine });
    await scene.turn(1);
    const [call] = await fake.calls();
    const path = call?.args.find((arg) => arg.startsWith('--usage-output-file='))?.split('=')[1] ?? '';
    expect(path.startsWith(scene.request.privateDirectory)).toBe(true);
    expect(existsSync(path)).toBe(false);
    expect(await readdir(scene.request.privateDirectory)).toEqual([]);
    expect(await readdir(scene.request.workspacePath)).toEqual([]);
    // It belongs into the transcript, which could not be played otherwise.
    expect(lines.at(-1)).toContain('modelMetrics');
  });

  it('is followed by one that resumes the session, and counts what is new', async () => {
    const { play: scene, fake } = await play([success, turnOf('resume', 3)]);
    await scene.turn(1);
    await scene.turn(2);
    expect((await fake.calls())[1]?.args.at(-1)).toBe(`--resume=${scene.request.newSessionId}`);
    expect(usageOf(scene.events)).toEqual(callsOf(3));
  });

  it('resumes at once when the session is an old one, and goes on from its usage', async () => {
    const sessionUsage = { inputTokens: 200, outputTokens: 20, cacheReadTokens: 40, costUsd: 0 };
    const { play: scene, fake } = await play([turnOf('resume', 3)], { resumeSessionId: 'old', sessionUsage });
    await scene.turn(1);
    expect((await fake.calls())[0]?.args.at(-1)).toBe('--resume=old');
    expect(usageOf(scene.events)).toEqual(callsOf(1));
  });

  it('passes every setting on', async () => {
    const settings = {
      model: 'gpt-5',
      max_autopilot_continues: 3,
      agent: 'reviewer',
      mcp_config: '/etc/mcp.json',
      disable_builtin_mcps: true,
      no_custom_instructions: true,
      experimental: true,
    };
    const { play: scene, fake } = await play([success], { settings });
    await scene.turn(1);
    const expected = [
      '--model=gpt-5',
      '--agent=reviewer',
      '--max-autopilot-continues=3',
      '--disable-builtin-mcps',
    ];
    const more = ['--no-custom-instructions', '--experimental', '--additional-mcp-config=@/etc/mcp.json'];
    expect(flagsOf((await fake.calls())[0])).toEqual([...COMMON, '--allow-all', ...expected, ...more]);
  });

  it('allows only what the lists of tools say when there are any', async () => {
    const settings = {
      allowed_tools: ['shell(git:*)', 'write'],
      denied_tools: ['shell(git push)'],
      available_tools: ['bash'],
      excluded_tools: ['task'],
    };
    const env = { COPILOT_ALLOW_ALL: 'true' };
    const { play: scene, fake } = await play([success], { settings, env });
    await scene.turn(1);
    const [call] = await fake.calls();
    const lists = ['--allow-tool=shell(git:*)', '--allow-tool=write', '--deny-tool=shell(git push)'];
    const seen = ['--available-tools=bash', '--excluded-tools=task', '--max-autopilot-continues=50'];
    expect(flagsOf(call)).toEqual([...COMMON, ...lists, ...seen]);
    expect(call?.env['COPILOT_ALLOW_ALL']).toBe('false');
  });

  it('gives inline servers in a file, because they may hold secrets', async () => {
    const mcp_config = JSON.stringify({ mcpServers: { t: { headers: { Authorization: 's3cret' } } } });
    const { play: scene, fake } = await play([{ ...success, misbehave: [{ kind: 'hang', afterLine: 3 }] }], {
      settings: { mcp_config },
    });
    const controller = new AbortController();
    const failure = agentErrorOf(scene.turn(1, { signal: controller.signal }));
    const call = await fake.until(([first]) => (first?.hanging === true ? first : null));
    const path = call.args.find((arg) => arg.startsWith('--additional-mcp-config=@'))?.split('@')[1] ?? '';
    expect(path.startsWith(scene.request.privateDirectory)).toBe(true);
    expect(existsSync(path)).toBe(true);
    expect(call.args.join(' ')).not.toContain('s3cret');
    controller.abort('seen enough');
    await failure;
    expect(existsSync(path)).toBe(false);
  });

  it("never lets a prompt be one of the CLI's own commands", async () => {
    const { play: scene, fake } = await play([success]);
    await scene.turn(1, { prompt: ' /compact' });
    expect((await fake.calls())[0]?.stdin).toBe('Task:  /compact');
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
    ['its result', { output: { lines: recordedLines('success').slice(0, -1) } }],
    ['anything', {}],
  ] as [string, FakeTurn][])('is no success when its output ends before %s', async (_what, turn) => {
    const { play: scene } = await play([turn]);
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({
      kind: 'turn_failed',
      reason: 'truncated_output',
    });
  });

  it('is a crash when a signal ended it', async () => {
    const lines = recordedLines('success').slice(0, 8);
    const { play: scene } = await play([{ output: { lines }, diesBy: 'SIGSEGV' }]);
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({ kind: 'port_exit', reason: 'crash' });
  });

  it.each([
    ['error401', 1, 'agent_config_error', 'authentication'],
    ['error429', 1, 'turn_failed', 'quota'],
    ['error500', 1, 'turn_failed', 'service_error'],
    ['context-overflow', 1, 'turn_failed', 'context_overflow'],
    ['refused', 0, 'turn_input_required', 'permission_refused'],
  ])('ends like the recorded %s', async (name, exitCode, kind, reason) => {
    const { play: scene } = await play([{ ...turnOf(name, 1), exitCode }]);
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({ kind, reason, exitCode });
    expect(usageOf(scene.events)).toEqual(callsOf(1));
  });

  it('forgets a session that the CLI does not know', async () => {
    const stderr = "Error: No session, task, or name matched 'old'.\n\nTo resume by session or task ID:\n";
    const { play: scene } = await play([{ stderr, exitCode: 1 }], { resumeSessionId: 'old' });
    expect(await agentErrorOf(scene.turn(1))).toMatchObject({
      kind: 'response_error',
      reason: 'session_unknown',
    });
  });
});

describe('a turn that is cancelled', () => {
  it.each([
    ['in a tool', 'interrupted-tool', 12, true],
    ["in the model's stream", 'interrupted-stream', 8, false],
  ])('%s ends by itself, and its usage counts', async (_where, name, afterLine, withTool) => {
    const hang: FakeTurn = {
      ...turnOf(name, 1),
      files: [{ at: { flag: '--usage-output-file' }, text: usageFile(1), when: 'before' }],
      misbehave: [{ kind: 'hang', afterLine, withTool }],
      // As observed: it ends its tools, says so and exits with 0.
      onSignal: { SIGINT: { lines: recordedLines(name).slice(-3), exitCode: 0, endsChildren: true } },
    };
    // Time enough to end by itself, however busy the machine is.
    const { play: scene, fake } = await play([hang], { stopGraceMs: 60_000 });
    const controller = new AbortController();
    const failure = agentErrorOf(scene.turn(1, { signal: controller.signal }));
    await fake.until(([call]) => call?.hanging);
    controller.abort('enough');
    expect(await failure).toMatchObject({ kind: 'turn_cancelled' });
    expect((await fake.calls())[0]?.signals).toEqual(['SIGINT']);
    expect(usageOf(scene.events)).toEqual(callsOf(1));
    assertNothingLeft(scene.request.runId, scene.processes);
    expect(await fake.alive()).toEqual([]);
  });

  it('leaves no process of a tool that resists', async () => {
    const { play: scene, fake } = await play([
      {
        ...success,
        misbehave: [
          { kind: 'child-in-new-session', afterLine: 12, ignoresSignals: true },
          { kind: 'hang', afterLine: 12 },
        ],
        onSignal: { SIGINT: 'ignore', SIGTERM: 'ignore' },
      },
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
