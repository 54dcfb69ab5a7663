// An agent that opens the operator's port itself changes nothing there, whatever it says; it may look, as anybody may.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { AgentOf } from '../../src/http/agent-guard.ts';
import { runOfPeer } from '../../src/process/index.ts';
import { listeningServer } from './start-server.ts';
import { bearer } from './users.ts';

const PAUSE = [
  'POST /api/v1/pause HTTP/1.1',
  'Host: localhost',
  'Content-Type: application/json',
  'Content-Length: 2',
  '',
  '{}',
].join('\r\n');
const JSON_BODY = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };

it.each(['/api/v1/pause', '/api/v1/issues/DEMO-1/dispatch', '/api/v1/approvals/x', '/login'])(
  'a write of an agent to %s is refused',
  async (path) => {
    const { url } = await listeningServer({
      agentOf: () => Promise.resolve({ kind: 'run', runId: 'run-7' }),
    });
    const answer = await fetch(`${url}${path}`, JSON_BODY);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({
      error: {
        code: 'agent_refused',
        message: 'this comes from the agent of run run-7: agents ask by their tools, people decide here',
      },
    });
  },
);

it('people write, and agents may look', async () => {
  const asked: Parameters<AgentOf>[0][] = [];
  const { url } = await listeningServer({
    agentOf: (ports) => {
      asked.push(ports);
      return Promise.resolve({ kind: 'other' });
    },
  });
  expect((await fetch(`${url}/api/v1/state`)).status).toBe(200);
  expect(asked).toEqual([]);
  expect((await fetch(`${url}/api/v1/refresh`, JSON_BODY)).status).toBe(202);
  expect(asked).toMatchObject([{ localPort: Number(new URL(url).port) }]);
});

it('a write of somebody who has left before anybody could look is refused', async (context) => {
  context.skip(!existsSync('/proc/net/tcp'), 'connections can only be read from /proc');
  let answered = (): void => undefined;
  const settled = new Promise<void>((resolve) => (answered = resolve));
  const peers: unknown[] = [];
  let left: Promise<unknown> = Promise.resolve();
  const { url, daemon } = await listeningServer({
    agentOf: async (ports) => {
      await left;
      const peer = await runOfPeer(ports);
      peers.push(peer);
      setImmediate(answered);
      return peer;
    },
  });
  const code = `require('node:net').connect(+process.argv[1], '127.0.0.1').write(process.argv[2], () => process.exit())`;
  const sender = spawn(process.execPath, ['-e', code, new URL(url).port, PAUSE], { stdio: 'ignore' });
  left = once(sender, 'exit');
  await settled;
  expect(peers).toEqual([{ kind: 'gone' }]);
  expect(daemon.controls).toEqual([]);
});

it('an agent that takes another address of this machine is known, too', async (context) => {
  const own = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
  context.skip(own === undefined, 'this machine has the loopback only');
  const settings = { host: '0.0.0.0', port: 0, token: 'a-shared-token', allowedHosts: [] };
  const { url } = await listeningServer({
    settings,
    agentOf: () => Promise.resolve({ kind: 'run', runId: 'run-7' }),
  });
  const { headers, ...rest } = JSON_BODY;
  const answer = await fetch(`http://${own}:${new URL(url).port}/api/v1/pause`, {
    ...rest,
    headers: { ...headers, ...bearer(settings.token) },
  });
  expect(answer.status).toBe(403);
});

it('a write of somebody who cuts the connection off behind it is refused', async () => {
  const { url, daemon } = await listeningServer({ agentOf: () => Promise.resolve({ kind: 'other' }) });
  for (let round = 0; round < 5; round += 1) {
    const client = connect(Number(new URL(url).port), '127.0.0.1');
    await once(client, 'connect');
    client.write(PAUSE);
    client.resetAndDestroy();
    // Answered after it, so that it was read before.
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  }
  expect(daemon.controls).toEqual([]);
});

it('what comes over the Unix socket is let in: who may open that file is its door', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sortie-agent-door-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const settings = { host: '127.0.0.1', port: 0, token: '', allowedHosts: [], socket: join(folder, 's') };
  const { server, daemon } = await listeningServer({
    settings,
    agentOf: () => Promise.resolve({ kind: 'run', runId: 'run-7' }),
  });
  await server.listenOnSocket();
  const client = connect(settings.socket);
  onTestFinished(() => void client.destroy());
  client.write(PAUSE);
  expect(String(await once(client, 'data'))).toContain('HTTP/1.1 202');
  expect(daemon.controls).toHaveLength(1);
});
