// The check before the first turn: asked once, believed only when it says plainly that nobody is signed in, and never
// in the way of those whose credentials are of another kind.
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createCredentialCheck } from '../../../../adapters/agents/claude-code/credentials.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import type { FakeProbe } from '../../../fake-agents/fake-turn.ts';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { clearStages, newRequest } from '../stage.ts';
import { withFakeClaude } from './fake-claude.ts';

const SIGNED_OUT = { stdout: '{\n  "loggedIn": false,\n  "authMethod": "none"\n}\n', exitCode: 1 };
const SIGNED_IN = { stdout: '{\n  "loggedIn": true,\n  "authMethod": "claude.ai"\n}\n' };

async function withStatus(status: Omit<FakeProbe, 'args'>) {
  const { fake } = await withFakeClaude({ turns: [], probes: [{ args: ['auth', 'status'], ...status }] });
  let atMs = 0;
  const check = createCredentialCheck(() => atMs);
  const request = async (env: Record<string, string> = {}): Promise<SessionRequest> => {
    const made = await newRequest();
    return { ...made, env: { ...fake.pathEnv({ ...made.env }), ...env } };
  };
  const program = { file: 'claude', args: [] };
  return {
    fake,
    request,
    later: (ms: number) => (atMs += ms),
    ask: async (
      given: SessionRequest | Record<string, string> = {},
      signal = new AbortController().signal,
    ) => {
      const made =
        'runId' in given ? (given as SessionRequest) : await request(given as Record<string, string>);
      return check.require({ request: made, program }, signal);
    },
  };
}

it('refuses the session when the CLI is not signed in', async () => {
  const { ask } = await withStatus(SIGNED_OUT);
  await expect(ask()).rejects.toMatchObject({
    kind: 'agent_config_error',
    reason: 'authentication',
    message: expect.stringContaining('claude auth login') as string,
  });
});

it('remembers a sign-in for a while, and not its absence', async () => {
  const good = await withStatus(SIGNED_IN);
  const request = await good.request();
  await Promise.all([good.ask(request), good.ask(request), good.ask(request)]);
  expect(await good.fake.probes()).toHaveLength(1);
  good.later(11 * 60_000);
  await good.ask(request);
  expect(await good.fake.probes()).toHaveLength(2);

  const bad = await withStatus(SIGNED_OUT);
  const again = await bad.request();
  await expect(bad.ask(again)).rejects.toMatchObject({ reason: 'authentication' });
  await expect(bad.ask(again)).rejects.toMatchObject({ reason: 'authentication' });
  expect(await bad.fake.probes()).toHaveLength(2);
});

it.each([
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_CUSTOM_HEADERS',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
])('asks nothing when %s is set', async (name) => {
  const { ask, fake } = await withStatus(SIGNED_OUT);
  await ask({ [name]: '1' });
  expect(await fake.probes()).toEqual([]);
});

it('judges nobody whose settings files hold credentials that the CLI does not count', async () => {
  const { ask, request } = await withStatus(SIGNED_OUT);
  const made = await request();
  const folder = join(made.env['HOME'] ?? '', '.claude');
  await mkdir(folder);
  await writeFile(join(folder, 'settings.json'), '{"env":{"ANTHROPIC_CUSTOM_HEADERS":"x-gateway: k"}}');
  await ask(made);
});

it.each([
  ['an older CLI that does not know the question', { stderr: "error: unknown command 'auth'", exitCode: 1 }],
  ['an answer that is none', { stdout: '{"loggedIn":"no"}', exitCode: 1 }],
  ['a crash', { stdout: '{"logg', exitCode: 139 }],
])('goes on after %s', async (_, status) => {
  await (await withStatus(status)).ask();
});

it('does not let every session ask a CLI that gave no answer', async () => {
  const { ask, request, fake, later } = await withStatus({ stdout: '', exitCode: 1 });
  const made = await request();
  await Promise.all([ask(made), ask(made), ask(made)]);
  expect(await fake.probes()).toHaveLength(1);
  later(61_000);
  await ask(made);
  expect(await fake.probes()).toHaveLength(2);
});

it('reads only plain files of the workspace', async () => {
  const { ask, request } = await withStatus(SIGNED_OUT);
  const made = await request();
  await mkdir(join(made.workspacePath, '.claude'));
  execFileSync('mkfifo', [join(made.workspacePath, '.claude', 'settings.json')]);
  await expect(ask(made)).rejects.toMatchObject({ reason: 'authentication' });
});

it('leaves no process when its start cannot be recorded', async () => {
  const request = await newRequest({
    onProcess() {
      throw new Error('the disk is full');
    },
  });
  const program = { file: 'sh', args: ['-c', 'sleep 60; exit 1'] };
  const asked = createCredentialCheck().require({ request, program }, new AbortController().signal);
  await expect(asked).rejects.toThrow('the disk is full');
  assertNothingLeft(request.runId, []);
  await clearStages();
});

it('starts nothing when it was cancelled before', async () => {
  const { ask, fake } = await withStatus(SIGNED_IN);
  await expect(ask({}, AbortSignal.abort('no'))).rejects.toMatchObject({ kind: 'turn_cancelled' });
  expect(await fake.probes()).toEqual([]);
});

it('is made by a session, before its first turn', async () => {
  const { start, fake } = await withFakeClaude({
    turns: [],
    probes: [{ args: ['auth', 'status'], ...SIGNED_OUT }],
  });
  await expect(start({ env: { ANTHROPIC_API_KEY: '' } })).rejects.toMatchObject({ reason: 'authentication' });
  expect(await fake.calls()).toEqual([]);
});
