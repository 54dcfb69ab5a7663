// `sortie mcp-server` as an agent starts it: the built program as a process between a client of MCP's SDK and a real listener.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it } from 'vitest';
import { handOver } from '../../../src/tools/mcp/index.ts';
import { MAIN } from '../../e2e/program.ts';
import { afterTest, echo, raise, rpc, until } from './stage.ts';
import type { Call, Stage } from './stage.ts';

const ARGS = ['--', MAIN, 'mcp-server'];
const BASE = { PATH: process.env['PATH'] ?? '' };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sortie-bridge-'));
  afterTest(() => rm(path, { recursive: true }));
  return path;
}

const handed = async (stage: Stage) =>
  handOver(stage, {
    privateDirectory: await folder(),
    bridge: { command: process.execPath, args: ARGS },
    waitMs: 60_000,
  });

async function connect(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = ARGS,
): Promise<{ client: Client; stderr: () => string; pid: number }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...args],
    env: { ...BASE, ...env },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (piece) => (stderr += String(piece)));
  const client = new Client({ name: 'a-test', version: '1' });
  await client.connect(transport, { timeout: 45_000 });
  afterTest(() => client.close());
  return { client, stderr: () => stderr, pid: transport.pid ?? 0 };
}

/** Runs it by hand. */
function start(env: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const child: ChildProcess = spawn(process.execPath, [...ARGS, ...args], { env: { ...BASE, ...env } });
  const heard = { stdout: '', stderr: '' };
  child.stdout?.on('data', (piece) => (heard.stdout += String(piece)));
  child.stderr?.on('data', (piece) => (heard.stderr += String(piece)));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  afterTest(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await exit;
  });
  return { child, heard, exit };
}

it('writes a file that only its owner reads, and hands over nothing else that holds the token', async () => {
  const stage = await raise();
  const server = await handed(stage);
  const path = server.stdio.env['SORTIE_TOOLS_FILE'] ?? '';
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ url: stage.url, token: stage.token });
  expect(JSON.stringify(server.stdio)).not.toContain(stage.token);
  expect(server).toMatchObject({
    name: 'sortie-tools',
    url: stage.url,
    token: stage.token,
    callTimeoutMs: 120_000,
  });
});

it('lists and calls the tools over stdio, waits with a call, and says when the run has ended', async () => {
  let decide: () => void = () => undefined;
  const decided = new Promise<void>((resolve) => {
    decide = resolve;
  });
  const ask: Call = async () => {
    await decided;
    return { ok: true, body: { status: 'done' } };
  };
  const stage = await raise({ echo, ask }, { quietMs: 50 });
  const { stdio } = await handed(stage);
  const { client, stderr } = await connect(stdio.env, stdio.args);
  expect(client.getServerVersion()?.name).toBe('sortie-tools');
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo', 'ask']);
  const said = await client.callTool({ name: 'echo', arguments: { text: 'ä\n\u2028' } });
  expect(said.structuredContent).toEqual({ success: true, data: { got: { text: 'ä\n\u2028' } } });
  const asking = client.callTool({ name: 'ask', arguments: {} });
  const quick = await client.callTool({ name: 'echo', arguments: { text: 'meanwhile' } });
  expect(quick.isError).toBeUndefined();
  await sleep(200);
  decide();
  expect((await asking).structuredContent).toEqual({ status: 'done' });
  await expect(client.request({ method: 'resources/list' })).rejects.toMatchObject({ code: -32601 });
  expect(stderr()).toBe('');
  await stage.revoke();
  const late = await client.callTool({ name: 'echo', arguments: { text: 'late' } });
  expect(late).toMatchObject({
    isError: true,
    structuredContent: { success: false, error: { kind: 'run_ended' } },
  });
  await stage.listener.close();
  const never = await client.callTool({ name: 'echo', arguments: { text: 'never' } });
  expect(never).toMatchObject({ isError: true, structuredContent: { error: { kind: 'run_ended' } } });
  expect(JSON.stringify(never)).toContain('does not answer');
});

it('answers a call whose daemon dies while it waits', async () => {
  const stage = await raise({ ask: () => new Promise(() => undefined) }, { quietMs: 20 });
  const { stdio } = await handed(stage);
  const { client } = await connect(stdio.env);
  const asking = client.callTool({ name: 'ask', arguments: {} });
  await until(() => stage.calls.length === 1);
  await sleep(100);
  await stage.listener.close();
  expect(await asking).toMatchObject({ isError: true, structuredContent: { error: { kind: 'run_ended' } } });
});

it('lets the daemon know when its agent takes a call back', async () => {
  let isGone = false;
  const ask: Call = (_args, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        isGone = true;
        resolve({ ok: false, body: {} });
      });
    });
  const stage = await raise({ ask, echo });
  const { client } = await connect((await handed(stage)).stdio.env);
  const back = new AbortController();
  const asking = client.callTool({ name: 'ask', arguments: {} }, { signal: back.signal });
  await until(() => stage.calls.length === 1);
  back.abort();
  await expect(asking).rejects.toThrow();
  await until(() => isGone);
  expect((await client.callTool({ name: 'echo', arguments: {} })).isError).toBeUndefined();
});

it('finds the run by its workflow and SORTIE_RUN_ID, without the credentials that the workflow wants', async () => {
  const stage = await raise({ echo });
  const root = await folder();
  const workflow = join(root, 'WORKFLOW.md');
  await writeFile(
    workflow,
    '---\ntracker: { kind: jira, api_key: $NOT_HERE }\ndb_path: data/my.db\n---\n{{ issue.title }}\n',
  );
  const privateDirectory = join(root, 'data', 'my.db.private', 'run-7');
  await mkdir(privateDirectory, { recursive: true });
  await handOver(stage, { privateDirectory, bridge: { command: '', args: [] }, waitMs: 1 });
  const { client } = await connect({ SORTIE_RUN_ID: 'run-7' }, [...ARGS, '--workflow', workflow]);
  expect((await client.listTools()).tools).toHaveLength(1);
  await client.close();
  const other = start({ SORTIE_RUN_ID: 'run-8' }, ['--workflow', workflow]);
  expect(await other.exit).toBe(1);
  expect(other.heard).toMatchObject({ stdout: '' });
  expect(other.heard.stderr).toMatch(
    /^error: .*run-8.tools\.json: it does not exist: the run has ended.*\n$/,
  );
  const odd = start({ SORTIE_RUN_ID: '../run-7' }, ['--workflow', workflow]);
  expect(await odd.exit).toBe(1);
  expect(odd.heard.stderr).toMatch(/^error: SORTIE_RUN_ID is no id of a run.*\n$/);
});

it('says in one line that there is no run, and what is wrong with its file', async () => {
  const alone = start({});
  expect(await alone.exit).toBe(1);
  expect(alone.heard.stdout).toBe('');
  expect(alone.heard.stderr).toMatch(/^error: there is no run here: [^\n]+\n$/);
  const path = join(await folder(), 'tools.json');
  await writeFile(path, '{"url": "http://127.0.0.1:1/mcp"}');
  const broken = start({ SORTIE_TOOLS_FILE: path });
  expect(await broken.exit).toBe(1);
  expect(broken.heard.stderr).toMatch(/^error: .*holds no address and token.*\n$/);
});

it('answers `initialize` in the place of a daemon that is gone, says so and ends', async () => {
  const stage = await raise();
  const { stdio } = await handed(stage);
  await stage.listener.close();
  const { child, heard, exit } = start(stdio.env);
  child.stdin?.write(
    `${rpc('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } })}\n`,
  );
  expect(await exit).toBe(1);
  expect(heard.stderr).toMatch(/^sortie: the daemon at http:\/\/127\.0\.0\.1:\d+ does not answer [^\n]+\n$/);
  const lines = heard.stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(lines).toMatchObject([{ jsonrpc: '2.0', id: 1, error: { data: { kind: 'run_ended' } } }]);
});

it('ends with code 0 when its stdin ends, at once, even while a call waits', async () => {
  const stage = await raise({
    ask: (_args, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve({ ok: false, body: {} }))),
  });
  const { child, heard, exit } = start((await handed(stage)).stdio.env);
  child.stdin?.write(`no JSON\n${rpc('ping')}\n${rpc('tools/call', { name: 'ask' }, 2)}\n`);
  await until(() => stage.calls.length === 1);
  child.stdin?.end();
  expect(await exit).toBe(0);
  expect(JSON.parse(heard.stdout)).toMatchObject({ id: 1, result: {} });
  await until(() => stage.load.now === 0);
});
