// The operator's MCP servers: what is taken, and where their tokens end up.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { mcpConfig, mcpConfigFile } from '../../../../adapters/agents/driver/index.ts';

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

it('hands a path on as it is', async () => {
  const folder = await newFolder();
  expect(await mcpConfigFile('/etc/servers.json', folder)).toBe('/etc/servers.json');
  expect(await readdir(folder)).toEqual([]);
});

it.each([
  ['JSON', JSON.stringify(servers)],
  ['a map', servers],
])('writes %s into a file for its owner only', async (_, value) => {
  const path = await mcpConfigFile(value, await newFolder());
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(servers);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});
