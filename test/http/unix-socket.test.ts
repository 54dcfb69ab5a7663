// The Unix socket: the same API for whoever may open the file, without a token; all other doors stay.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpServerError } from '../../src/http/index.ts';
import { testServer, type TestServer } from './start-server.ts';

const json = { 'content-type': 'application/json' };

let folder: string;
let path: string;
let agents: Agent[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sortie-sock-'));
  path = join(folder, 'api.sock');
  agents = [];
});

afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.destroy()));
  rmSync(folder, { recursive: true, force: true });
});

function serverOn(socket: string): TestServer {
  return testServer({
    settings: { host: '0.0.0.0', port: 0, token: 'secret-token', allowedHosts: [], socket },
  });
}

async function ask(
  route: string,
  options: { method?: 'GET' | 'POST'; headers?: Record<string, string> } = {},
) {
  const dispatcher = new Agent({ connect: { socketPath: path } });
  agents.push(dispatcher);
  const answer = await request(`http://localhost${route}`, { dispatcher, ...options });
  return { status: answer.statusCode, body: answer.body };
}

describe('the socket', () => {
  it('needs no token, and takes words', async () => {
    const { server, daemon } = serverOn(path);
    await server.listenOnSocket();
    expect((await ask('/api/v1/state')).status).toBe(200);
    expect((await ask('/api/v1/pause', { method: 'POST', headers: json })).status).toBe(202);
    expect(daemon.controls).toHaveLength(1);
  });

  it('may be opened by nobody else', async () => {
    const { server } = serverOn(path);
    const before = process.umask();
    await server.listenOnSocket();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(before);
  });

  it('keeps the other doors', async () => {
    const { server } = serverOn(path);
    await server.listenOnSocket();
    expect((await ask('/api/v1/state', { headers: { host: 'attacker.example' } })).status).toBe(421);
    expect((await ask('/api/v1/pause', { method: 'POST' })).status).toBe(415);
    const origin = { ...json, origin: 'https://attacker.example' };
    expect((await ask('/api/v1/pause', { method: 'POST', headers: origin })).status).toBe(403);
    expect((await ask('/api/v1/refresh')).status).toBe(405);
  });

  it('streams, and ends its streams when the server closes', async () => {
    const { server, daemon } = serverOn(path);
    await server.listenOnSocket();
    const { body } = await ask('/api/v1/events');
    await expect.poll(() => daemon.listeners.size).toBe(1);
    const ended = once(body, 'end');
    body.resume();
    // It would not end by itself.
    await server.close();
    await ended;
  });

  it('goes beside the port, and the port still asks for the token', async () => {
    const { server } = serverOn(path);
    const url = (await server.listen()).replace('0.0.0.0', '127.0.0.1');
    await server.listenOnSocket();
    const answer = await request(`${url}/api/v1/state`);
    await answer.body.dump();
    expect(answer.statusCode).toBe(401);
    expect((await ask('/api/v1/state')).status).toBe(200);
  });

  it('counts tries to sign in like any address', async () => {
    const { server } = serverOn(path);
    await server.listenOnSocket();
    const statuses: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const dispatcher = new Agent({ connect: { socketPath: path } });
      agents.push(dispatcher);
      const answer = await request('http://localhost/login', {
        dispatcher,
        method: 'POST',
        headers: json,
        body: '{"token":"x"}',
      });
      await answer.body.dump();
      statuses.push(answer.statusCode);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('is not there unless it was asked for', async () => {
    const { server } = serverOn('');
    await server.listenOnSocket();
    expect(existsSync(path)).toBe(false);
  });
});

describe('the file', () => {
  it('is gone when the server has closed, and can be used again', async () => {
    const first = serverOn(path);
    await first.server.listenOnSocket();
    await first.server.close();
    expect(existsSync(path)).toBe(false);
    const second = serverOn(path);
    await second.server.listenOnSocket();
    expect((await ask('/livez')).status).toBe(200);
  });

  it('is the only one that is made, and nothing but it is left meanwhile', async () => {
    const { server } = serverOn(path);
    await server.listenOnSocket();
    expect(readdirSync(folder)).toEqual(['api.sock']);
    await server.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is made by one of two that start at once', async () => {
    const both = [serverOn(path), serverOn(path)];
    const ends = await Promise.allSettled(both.map(({ server }) => server.listenOnSocket()));
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { kind: 'socket_in_use' },
    });
    expect((await ask('/livez')).status).toBe(200);
    expect(readdirSync(folder)).toEqual(['api.sock']);
  });

  it('of another daemon, which has come in its place, stays when this one closes', async () => {
    const first = serverOn(path);
    await first.server.listenOnSocket();
    unlinkSync(path);
    const second = serverOn(path);
    await second.server.listenOnSocket();
    await first.server.close();
    expect((await ask('/livez')).status).toBe(200);
    await second.server.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that somebody has put in its place stays, whatever it is', async () => {
    const { server } = serverOn(path);
    await server.listenOnSocket();
    unlinkSync(path);
    writeFileSync(path, 'precious');
    await server.close();
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('is not missed when its folder is gone', async () => {
    const { server } = serverOn(path);
    await server.listenOnSocket();
    rmSync(folder, { recursive: true });
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  it('of a daemon that was killed is replaced', async () => {
    const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(lstatSync(path).isSocket()).toBe(true);
    const { server } = serverOn(path);
    await server.listenOnSocket();
    expect((await ask('/livez')).status).toBe(200);
  });

  it('of a daemon that lives is left to it', async () => {
    const { server } = serverOn(path);
    await server.listenOnSocket();
    const second = serverOn(path);
    const error = await second.server.listenOnSocket().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HttpServerError);
    expect(error).toMatchObject({ kind: 'socket_in_use' });
    expect((error as Error).message).toContain('server.socket');
    await second.server.close();
    expect((await ask('/livez')).status).toBe(200);
  });

  it('of somebody who listens and never answers is left alone, too', async () => {
    const other = createTcpServer().listen(path);
    await once(other, 'listening');
    await expect(serverOn(path).server.listenOnSocket()).rejects.toMatchObject({ kind: 'socket_in_use' });
    other.close();
    await once(other, 'close');
  });

  it.each(['file', 'folder', 'link'])('that is a %s is never removed', async (kind) => {
    if (kind === 'file') writeFileSync(path, 'precious');
    if (kind === 'folder') path = folder;
    if (kind === 'link') symlinkSync('/etc/hostname', path);
    const before = lstatSync(path).ino;
    await expect(serverOn(path).server.listenOnSocket()).rejects.toMatchObject({ kind: 'socket_in_use' });
    expect(lstatSync(path).ino).toBe(before);
  });

  it('in a folder that does not exist, or under a name that is too long, is an error in words', async () => {
    const nowhere = serverOn(join(folder, 'nowhere', 'api.sock'));
    await expect(nowhere.server.listenOnSocket()).rejects.toMatchObject({ kind: 'listen_failed' });
    const long = serverOn(join(folder, 'x'.repeat(200)));
    await expect(long.server.listenOnSocket()).rejects.toThrow(/longer than 103 bytes/);
  });
});
