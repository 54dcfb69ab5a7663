// The operator's MCP servers: what is taken, and where their tokens end up.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { mcpConfig, mcpConfigFile } from '../../../../adapters/agents/driver/index.ts';
import type { JsonObject } from '../../../../adapters/agents/driver/index.ts';

const servers = { mcpServers: { tracker: { type: 'http', url: 'http://127.0.0.1:1', headers: { a: 'b' } } } };

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sortie-mcp-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it.each([
  ['a path', '/etc/servers.json'],
  ['JSON', JSON.stringify(servers)],
  ['JSON with space around it', `\n  ${JSON.stringify(servers)}`],
  ['a map with more in it', { ...servers, more: 1 }],
])('takes %s', (_, value) => {
  expect(mcpConfig.parse(value)).toEqual(value);
});

it.each([
  ['cut JSON', '{"mcpServers":{'],
  ['another object', '{"servers":{}}'],
  ['a list of servers', { mcpServers: [] }],
  ['nothing', ''],
  ['a number', 7],
])('refuses %s and says what it may be', (_, value) => {
  expect(mcpConfig.safeParse(value).error?.issues[0]?.message).toContain('"mcpServers"');
});

const choose = async (config: unknown, tools: JsonObject | null = null) =>
  mcpConfigFile({
    config: config === undefined ? undefined : mcpConfig.parse(config),
    setting: 'x.mcp_config',
    folder: await newFolder(),
    tools,
  });

it('hands a path on as it is, and nothing when there is nothing', async () => {
  expect(await choose('/etc/servers.json')).toBe('/etc/servers.json');
  expect(await choose(undefined)).toBeNull();
});

it.each([
  ['JSON', JSON.stringify(servers)],
  ['a map', servers],
])('writes %s into a file for its owner only', async (_, value) => {
  const path = (await choose(value)) ?? '';
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(servers);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

const ours = { type: 'http', url: 'http://127.0.0.1:2/mcp', headers: { Authorization: 'Bearer t' } };

it.each([
  ['JSON', () => JSON.stringify({ ...servers, more: 1 })],
  ['a map', () => ({ ...servers, more: 1 })],
  [
    'a file',
    async () => {
      const path = join(await newFolder(), 'servers.json');
      await writeFile(path, JSON.stringify({ ...servers, more: 1 }));
      return path;
    },
  ],
])('lays the tools of a run beside the servers of %s', async (_, write) => {
  const path = (await choose(await write(), ours)) ?? '';
  const merged = { more: 1, mcpServers: { ...servers.mcpServers, 'sortie-tools': ours } };
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(merged);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('writes the tools of a run alone', async () => {
  const path = (await choose(undefined, ours)) ?? '';
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ mcpServers: { 'sortie-tools': ours } });
});

it('reads a file with a byte-order mark', async () => {
  const path = join(await newFolder(), 'servers.json');
  await writeFile(path, `\ufeff${JSON.stringify(servers)}`);
  const merged = JSON.parse(await readFile((await choose(path, ours)) ?? '', 'utf8')) as object;
  expect(merged).toEqual({ mcpServers: { ...servers.mcpServers, 'sortie-tools': ours } });
});

it.each(['Sortie-Tools', 'SORTIE_TOOLS', 'sortie tools', ' sortie-tools', 'sortie.tools', 'ｓortie-tools'])(
  'takes %j for our own name, too',
  (name) => {
    expect(mcpConfig.safeParse({ mcpServers: { [name]: { command: 'x' } } }).success).toBe(false);
  },
);

it.each(['sortie', 'sortie-tools-2', 'sortietools', 'my-sortie-tools'])('leaves %j alone', (name) => {
  expect(mcpConfig.safeParse({ mcpServers: { [name]: { command: 'x' } } }).success).toBe(true);
});

const taken = { mcpServers: { 'sortie-tools': { command: 'x' } } };

it.each([
  ['JSON', JSON.stringify(taken)],
  ['a map', taken],
])('refuses a server of our own name in %s before anything runs', (_, value) => {
  const [issue] = mcpConfig.safeParse(value).error?.issues ?? [];
  expect(issue?.message).toBe('"sortie-tools" is the name of sortie\'s own server; give yours another name');
});

it.each([
  ['a server of our own name', JSON.stringify(taken), '"sortie-tools" is the name of'],
  ['no JSON', '{', 'holds no object "mcpServers"'],
  ['no servers', '[]', 'holds no object "mcpServers"'],
])('refuses a file with %s when it is read', async (_, text, words) => {
  const path = join(await newFolder(), 'servers.json');
  await writeFile(path, text);
  const refusal = await choose(path, ours).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ kind: 'agent_config_error' });
  expect(String(refusal)).toContain(`x.mcp_config`);
  expect(String(refusal)).toContain(words);
});

it('says which file is not there', async () => {
  await expect(choose('/nowhere/servers.json', ours)).rejects.toThrow(
    /x\.mcp_config cannot be read: .*nowhere/,
  );
});
