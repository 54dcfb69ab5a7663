// Who is at the other end of a connection to one of our own ports: an agent's process, or anybody else.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { runOfPeer } from '../../src/process/index.ts';
import { launchShell } from './real-processes.ts';

const CONNECT = `require('node:net').connect(+process.argv[1], '127.0.0.1').on('close', () => process.exit())`;

async function aServer(): Promise<{ port: number; connected: Promise<Socket>; server: Server }> {
  const server = createServer();
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, connected, server };
}

async function runOf(socket: Socket): Promise<string | null> {
  onTestFinished(() => void socket.destroy());
  return runOfPeer({ localPort: socket.localPort ?? 0, remotePort: socket.remotePort ?? 0 });
}

it.for<[string, string]>([
  ['the agent itself', 'exec node -e "$CODE" "$PORT"'],
  ['a program that it started', 'node -e "$CODE" "$PORT"; true'],
  ['a program with an environment of its own', 'env -i "$(command -v node)" -e "$CODE" "$PORT"; true'],
  ['a tool in a session of its own', 'setsid node -e "$CODE" "$PORT"; true'],
])('%s is known by its run', async ([, script], context) => {
  context.skip(!existsSync('/proc/net/tcp'), 'connections can only be read from /proc');
  const { port, connected } = await aServer();
  const mark = '0b7ac0de-0000-4000-8000-000000000001';
  const agent = launchShell(script, {
    mark,
    env: { PATH: process.env['PATH'] ?? '', CODE: CONNECT, PORT: String(port) },
  });
  expect(await runOf(await connected)).toBe(mark);
  await agent.end('enough');
});

it('anybody else belongs to no run, and neither do we', async () => {
  const { port, connected } = await aServer();
  const child = spawn(process.execPath, ['-e', CONNECT, String(port)], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(await runOf(await connected)).toBeNull();
  expect(await runOfPeer({ localPort: 1, remotePort: 1 })).toBeNull();
});
