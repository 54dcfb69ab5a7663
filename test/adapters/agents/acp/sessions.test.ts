// How a session is opened, taken up again, and refused.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/acp/index.ts';
import { agentErrorOf } from '../../../conformance/agent-world.ts';
import { assertNothingLeft, markedWith } from '../../../conformance/agent-processes.ts';
import { clearStages, newRequest } from '../stage.ts';
import { commandOf, startAcp } from './stage-acp.ts';
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

/** Opens a session that is refused, and sees that nothing is left of it. */
async function refused(
  can: Readonly<Record<string, unknown>>,
  changes: Parameters<typeof newRequest>[0] = {},
): Promise<Awaited<ReturnType<typeof agentErrorOf>>> {
  const request = await newRequest({ command: commandOf(can), ...changes });
  const failure = await agentErrorOf(agent.create().startSession(request, new AbortController().signal));
  expect(markedWith(request.runId)).toEqual([]);
  return failure;
}

describe('a new session', () => {
  it("has the workspace, offers nothing of ours, and the agent's id", async () => {
    const play = await start();
    const [initialize, opened] = play.sent();
    expect(initialize).toMatchObject({
      method: 'initialize',
      params: {
        protocolVersion: 1,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
      },
    });
    expect(opened).toMatchObject({
      method: 'session/new',
      params: { cwd: play.request.workspacePath, mcpServers: [] },
    });
    expect(play.session.sessionId).toMatch(/^s-/);
  });

  it("has the operator's MCP servers, with references looked up", async () => {
    const { privateDirectory } = await newRequest();
    const file = join(privateDirectory, 'mcp.json');
    const mcpServers = {
      local: { command: 'node', args: ['x.mjs'], env: { TOKEN: '${T}' } },
      remote: { type: 'http', url: 'http://127.0.0.1:1/', headers: { Authorization: 'Bearer ${T}' } },
    };
    await writeFile(file, JSON.stringify({ mcpServers }));
    const play = await start({ http: true }, { settings: { mcp_config: file }, env: { T: 's3cret' } });
    const [local, remote] = (play.sent()[1] as { params: { mcpServers: unknown[] } }).params.mcpServers;
    expect(local).toMatchObject({
      name: 'local',
      args: ['x.mjs'],
      env: [{ name: 'TOKEN', value: 's3cret' }],
    });
    expect((local as { command: string }).command).toMatch(/^\/.*node$/);
    expect(remote).toEqual({
      type: 'http',
      name: 'remote',
      url: 'http://127.0.0.1:1/',
      headers: [{ name: 'Authorization', value: 'Bearer s3cret' }],
    });
  });

  it('leaves the values that MCP servers get out of the transcript', async () => {
    const lines: string[] = [];
    const mcp_config = {
      mcpServers: {
        local: { command: 'node', args: ['x.mjs'], env: { TOKEN: 's3cret' } },
        remote: { url: 'http://127.0.0.1:1/mcp?key=s3cret', headers: { Authorization: 'Bearer s3cret' } },
      },
    };
    const play = await start(
      { http: true },
      { settings: { mcp_config }, onLine: (stream, line) => void (stream === 'input' && lines.push(line)) },
    );
    expect(JSON.stringify(play.sent())).toContain('s3cret');
    const opened = lines.find((line) => line.includes('session/new')) ?? '';
    expect(opened).toContain('{"name":"Authorization","value":"[not kept]"}');
    expect(opened).toContain('{"name":"TOKEN","value":"[not kept]"}');
    expect(opened).toContain(play.request.workspacePath);
    await play.turn(1, { prompt: 'say="mcpServers"' });
    expect(lines.join()).not.toContain('s3cret');
    expect(lines.at(-1)).toContain('say=');
  });

  it.each([
    ['ask', 'ask'],
    ['yolo', 'https://x/modes#yolo'],
    ['Yolo', 'https://x/modes#yolo'],
  ])('switches to mode %s', async (mode, modeId) => {
    const play = await start({}, { settings: { mode } });
    expect(play.sent().at(-1)).toMatchObject({ method: 'session/set_mode', params: { modeId } });
  });
});

describe('an old session', () => {
  it('is resumed where the agent can', async () => {
    const first = await start({ resume: true, load: true });
    await first.turn(1, { prompt: 'say=x' });
    await first.adapter.stopSession(first.session);
    const { sessionId } = first.session;
    const second = await start({ resume: true, load: true }, { resumeSessionId: sessionId }, first.home);
    await second.turn(1, { prompt: 'say=y' });
    expect(second.session.sessionId).toBe(sessionId);
    expect(second.sent().filter(({ method }) => method === 'session/resume')).toHaveLength(1);
  });

  it('is loaded otherwise, and its history counts for nothing', async () => {
    const first = await start({ load: true });
    await first.adapter.stopSession(first.session);
    const second = await start({ load: true }, { resumeSessionId: first.session.sessionId }, first.home);
    await second.turn(1, { prompt: 'say=y' });
    expect(second.events).toEqual([{ kind: 'notification', message: 'y' }, { kind: 'turn_completed' }]);
  });

  it.each([
    ['cannot be taken up at all', {}],
    ['is unknown to the agent', { resume: true }],
    ['cannot be loaded', { load: true }],
  ])('that %s is unknown', async (_what, can) => {
    expect(await refused(can, { resumeSessionId: 'gone' })).toMatchObject({
      kind: 'response_error',
      reason: 'session_unknown',
    });
  });

  it('is not called unknown when the login is what fails', async () => {
    const failure = await refused({ resume: true, refuses: 'session/resume' }, { resumeSessionId: 'old' });
    expect(failure).toMatchObject({ kind: 'agent_config_error', reason: 'authentication' });
  });
});

describe('a session that cannot be opened', () => {
  it('for want of a login says how one logs in', async () => {
    const failure = await refused({ refuses: 'session/new' });
    expect(failure).toMatchObject({ kind: 'agent_config_error', reason: 'authentication' });
    expect(failure.message).toContain('Log in with a smile');
  });

  it.each([
    ['initialize', 400],
    // Long enough for the start of a process on a busy machine: `initialize` itself must be answered in time.
    ['session/new', 3_000],
  ])('because the agent is silent on %s', async (method, readTimeoutMs) => {
    const failure = await refused({ silent: method }, { readTimeoutMs });
    expect(failure).toMatchObject({ kind: 'response_timeout' });
    expect(failure.message).toContain(method);
  });

  it('because the agent ends', async () => {
    expect(await refused({ exits: 'session/new' })).toMatchObject({ kind: 'port_exit', exitCode: 3 });
  });

  it('because it speaks another version', async () => {
    expect(await refused({ version: 2 })).toMatchObject({ kind: 'agent_config_error' });
  });

  it('because there is no such program', async () => {
    expect(await refused({}, { command: 'sortie-no-such-agent acp' })).toMatchObject({
      kind: 'agent_not_found',
    });
  });

  it('because the mode is not offered', async () => {
    const failure = await refused({}, { settings: { mode: 'turbo' } });
    expect(failure.kind).toBe('agent_config_error');
    expect(failure.message).toContain('ask');
  });

  it.each([
    ['no file', '/nowhere/mcp.json', 'cannot be read'],
    [
      'a server that is reached in a way the agent has not',
      '{"mcpServers":{"r":{"url":"http://x/"}}}',
      'http',
    ],
    ['a reference to nothing', '{"mcpServers":{"r":{"command":"x","env":{"A":"${NOWHERE}"}}}}', 'NOWHERE'],
  ])('because mcp_config is %s', async (_what, mcpConfig, words) => {
    const failure = await refused({}, { settings: { mcp_config: mcpConfig } });
    expect(failure.kind).toBe('agent_config_error');
    expect(failure.message).toContain(words);
  });

  it.each([
    ['no JSON', '{nope', 'no JSON'],
    ['no servers', '{"servers":{}}', 'mcpServers'],
  ])('because the file of mcp_config holds %s', async (_what, text, words) => {
    const { privateDirectory } = await newRequest();
    const file = join(privateDirectory, 'mcp.json');
    await writeFile(file, text);
    const failure = await refused({}, { settings: { mcp_config: file } });
    expect(failure.kind).toBe('agent_config_error');
    expect(failure.message).toContain(words);
    expect(agent.settingsSchema.safeParse({ mcp_config: text }).success).toBe(false);
  });

  it('because it was cancelled meanwhile', async () => {
    const controller = new AbortController();
    const request = await newRequest({
      command: commandOf({ silent: 'session/new' }),
      onLine: (_stream, line) => {
        if (line.includes('session/new')) controller.abort('enough');
      },
    });
    const opening = agentErrorOf(agent.create().startSession(request, controller.signal));
    expect(await opening).toMatchObject({ kind: 'turn_cancelled' });
    expect(markedWith(request.runId)).toEqual([]);
  });
});

describe('the command', () => {
  it('has no default, and the check says so', async () => {
    expect(agent.defaultCommand).toBe('');
    expect(await agent.checkCommand('', { PATH: '/bin' })).toContain('agent.command is empty');
    expect(await agent.checkCommand('no-such-agent acp', { PATH: '/bin' })).toContain('no-such-agent');
    expect(await agent.checkCommand('sh -c x', { PATH: '/bin:/usr/bin' })).toBeNull();
  });
});
