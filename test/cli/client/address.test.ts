// Which daemon a command asks, and with which token: what is wrong is said, and never guessed around, because a word
// must not reach the daemon of another workflow.

import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDaemon } from '../../../src/cli/client/address.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sortie-cli-')));
  path = join(folder, 'WORKFLOW.md');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function workflow(frontMatter: string, prompt = 'Work.'): Promise<string> {
  await writeFile(path, `---\n${frontMatter}\n---\n${prompt}\n`);
  return path;
}

describe('from the workflow', () => {
  it.each([
    ['server: { port: 7001 }', 'http://127.0.0.1:7001'],
    ['server: { port: 7001, host: 0.0.0.0, token: secret-token-1 }', 'http://127.0.0.1:7001'],
    ['server: { port: 7001, host: "::", token: secret-token-1 }', 'http://[::1]:7001'],
    ['server: { port: 7001, host: "::1" }', 'http://[::1]:7001'],
    ['server: { port: 7001, host: 10.0.0.7, token: secret-token-1 }', 'http://10.0.0.7:7001'],
    ['polling: { interval_ms: 1000 }', 'http://127.0.0.1:7678'],
  ])('%s', async (frontMatter, origin) => {
    const found = await findDaemon({ workflow: await workflow(frontMatter) }, {});
    expect(found).toMatchObject({ origin, socketPath: null });
    expect(found.token).toBe(frontMatter.includes('secret-token-1') ? 'secret-token-1' : '');
  });

  it('needs nothing of it but the server: no credentials, no template, no adapter', async () => {
    const text =
      'tracker: { kind: jira, api_key: $NOT_HERE, adapter: ./gone.mjs }\nserver: { port: 7001, token: $NOT_HERE }';
    const found = await findDaemon({ workflow: await workflow(text, '{{ broken') }, {});
    expect(found).toMatchObject({ origin: 'http://127.0.0.1:7001', token: '' });
  });

  it('is overruled by the environment and the .env file, in this order', async () => {
    await workflow('server: { port: 7001 }');
    await writeFile(join(folder, '.env'), 'SORTIE_SERVER_PORT=7002\nSORTIE_SERVER_TOKEN=from-file\n');
    const flags = { workflow: path, envFile: join(folder, '.env') };
    expect(await findDaemon(flags, {})).toMatchObject({
      origin: 'http://127.0.0.1:7002',
      token: 'from-file',
    });
    expect(await findDaemon(flags, { SORTIE_SERVER_PORT: '7003', SORTIE_SERVER_TOKEN: '' })).toMatchObject({
      origin: 'http://127.0.0.1:7003',
      token: 'from-file',
    });
  });

  it('is the socket when there is one, without the token', async () => {
    const socket = join(folder, 's');
    await workflow(`server: { port: 7001, socket: ./s, token: secret-token-1 }`);
    expect(await findDaemon({ workflow: path }, {})).toMatchObject({ socketPath: null });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    expect(await findDaemon({ workflow: path }, {})).toMatchObject({ socketPath: socket, token: '' });
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ['server: { port: 0 }', /server\.port is 0\): name the daemon with --url$/],
    ['server: { port: 0, socket: ./s }', /nothing listens on .*\/s: name the daemon with --url$/],
    ['server: { port: many }', /WORKFLOW\.md:2:\d+: server\.port .*--url$/],
    ['server: [1]', /server must be a map.*--url$/],
    ['server: { port: 1', /WORKFLOW\.md.*--url$/],
  ])('is not guessed: %s', async (frontMatter, message) => {
    await expect(findDaemon({ workflow: await workflow(frontMatter) }, {})).rejects.toThrow(message);
  });

  it('must be there when it is named, and is not missed otherwise', async () => {
    await expect(findDaemon({ workflow: path }, {})).rejects.toThrow(`--workflow: ${path} is not there`);
    const found = await findDaemon({}, { SORTIE_SERVER_PORT: '7005' });
    expect(found.origin).toBe('http://127.0.0.1:7005');
  });

  it('is not asked with an .env file that cannot be read', async () => {
    await workflow('server: { port: 7001 }');
    await writeFile(join(folder, '.env'), 'this is no line\n');
    const asked = findDaemon({ workflow: path, envFile: join(folder, '.env') }, {});
    await expect(asked).rejects.toThrow('.env:1: this is not KEY=VALUE');
  });
});

describe('from --url', () => {
  it.each([
    ['http://127.0.0.1:7678', 'http://127.0.0.1:7678', null],
    ['http://[::1]:7678/', 'http://[::1]:7678', null],
    ['https://sortie.example/team/a/', 'https://sortie.example/team/a', null],
    ['unix:/run/sortie.sock', 'http://localhost', '/run/sortie.sock'],
    ['unix:///run/sortie.sock', 'http://localhost', '/run/sortie.sock'],
  ])('%s', async (url, origin, socketPath) => {
    expect(await findDaemon({ url, workflow: await workflow('server: {}') }, {})).toMatchObject({
      origin,
      socketPath,
      from: '--url',
    });
  });

  it.each(['7678', 'localhost:7678', 'ftp://a', 'http://a/?b=c', 'http://a/#b', 'unix:', ''])(
    'refuses %j',
    async (url) => {
      await expect(findDaemon({ url }, {})).rejects.toThrow('write http://host:port or unix:/path');
    },
  );

  it('shows no password', async () => {
    for (const url of ['http://me:hunter22@a', 'htp://me:hunter22@a', 'http://hunter22@a']) {
      await expect(findDaemon({ url }, {})).rejects.toThrow(/^(?!.*hunter22).*no URL of a daemon/);
    }
  });

  it('sends the token of the environment, else of the workflow, and of the workflow none over a socket', async () => {
    const url = 'http://127.0.0.1:1';
    await workflow('server: { token: of-the-workflow }');
    const flags = { url, workflow: path };
    expect(await findDaemon(flags, { SORTIE_SERVER_TOKEN: 'of-the-shell' })).toMatchObject({
      token: 'of-the-shell',
    });
    expect(await findDaemon(flags, { SORTIE_SERVER_TOKEN: '' })).toMatchObject({ token: 'of-the-workflow' });
    // It may be a user's own, and says then who asks.
    expect(await findDaemon({ ...flags, url: 'unix:/x' }, { SORTIE_SERVER_TOKEN: 'a' })).toMatchObject({
      token: 'a',
    });
    expect(await findDaemon({ ...flags, url: 'unix:/x' }, {})).toMatchObject({ token: '' });
    await workflow('server: { port: broken');
    expect(await findDaemon(flags, {})).toMatchObject({ token: '' });
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:9000', true],
    ['127.0.0.1', 'http://localhost:9000', true],
    ['127.0.0.1', 'http://[::1]:9000', true],
    ['0.0.0.0', 'http://127.0.0.1:9000', true],
    ['10.0.0.7', 'https://10.0.0.7/team', true],
    ['127.0.0.1', 'http://10.0.0.7:7678', false],
    ['0.0.0.0', 'http://10.0.0.7:7678', false],
    ['127.0.0.1', 'https://sortie.example', false],
    ['127.0.0.1', 'http://127.0.0.1.attacker.example', false],
    ['10.0.0.7', 'http://10.0.0.8', false],
    ['10.0.0.7', 'http://127.0.0.1', false],
  ])('of a workflow whose host is %s, sends its token to %s: %s', async (host, url, isSent) => {
    await workflow(`server: { host: ${host}, token: of-the-workflow }`);
    const found = await findDaemon({ url, workflow: path }, {});
    expect(found.token).toBe(isSent ? 'of-the-workflow' : '');
    await writeFile(join(folder, '.env'), 'SORTIE_SERVER_TOKEN=of-the-file\n');
    const flags = { url, workflow: path, envFile: join(folder, '.env') };
    expect((await findDaemon(flags, {})).token, 'set for whomever is asked').toBe('of-the-file');
    expect((await findDaemon(flags, { SORTIE_SERVER_TOKEN: 'of-the-shell' })).token).toBe('of-the-shell');
  });

  it('sends the token of a file before any other, wherever it asks', async () => {
    await workflow('server: { port: 7001, token: of-the-workflow }');
    const tokenFile = join(folder, 'my-token');
    await writeFile(tokenFile, 'of-my-file\r\n');
    const env = { SORTIE_SERVER_TOKEN: 'of-the-shell' };
    for (const url of [undefined, 'https://sortie.example', 'unix:/x']) {
      const flags = { workflow: path, tokenFile, ...(url === undefined ? {} : { url }) };
      expect((await findDaemon(flags, env)).token).toBe('of-my-file');
    }
    for (const [text, words] of [
      ['', /^--token-file: .*my-token is empty/],
      ['\n', /is empty/],
      ['x'.repeat(5_000), /holds more than a token/],
      ['two\nlines', /^(?!.*two)the token holds a line end/],
    ] as const) {
      await writeFile(tokenFile, text);
      await expect(findDaemon({ workflow: path, tokenFile }, env)).rejects.toThrow(words);
    }
    const gone = findDaemon({ workflow: path, tokenFile: join(folder, 'gone') }, env);
    await expect(gone).rejects.toThrow(/^--token-file: ENOENT/);
  });

  it('refuses a token that no header can carry, and does not show it', async () => {
    const asked = findDaemon({ url: 'http://127.0.0.1:1' }, { SORTIE_SERVER_TOKEN: 'hunter22\n' });
    await expect(asked).rejects.toThrow(/^(?!.*hunter22)the token holds a line end/);
  });
});
