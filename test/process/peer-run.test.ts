// Who is at the other end of a connection to one of our own ports: an agent's process, or anybody else.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { runOfPeer, type Peer } from '../../src/process/index.ts';
import { createRunOfPeer } from '../../src/process/peer-run.ts';
import { systemTable } from '../../src/process/process-table.ts';
import { launchShell } from './real-processes.ts';

const CONNECT = `require('node:net').connect(+process.argv[1], '127.0.0.1').on('close', () => process.exit())`;

async function aServer(): Promise<{ port: number; connected: Promise<Socket>; server: Server }> {
  // As an HTTP server is: who has sent everything may still listen.
  const server = createServer({ allowHalfOpen: true });
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, connected, server };
}

function portsOf(socket: Socket): { localPort: number; remotePort: number } {
  onTestFinished(() => void socket.destroy());
  return { localPort: socket.localPort ?? 0, remotePort: socket.remotePort ?? 0 };
}

async function runOf(socket: Socket): Promise<Peer> {
  return runOfPeer(portsOf(socket));
}

const hasTable = existsSync('/proc/net/tcp');

it.for<[string, string]>([
  ['the agent itself', 'exec node -e "$CODE" "$PORT"'],
  ['a program that it started', 'node -e "$CODE" "$PORT"; true'],
  ['a program with an environment of its own', 'env -i "$(command -v node)" -e "$CODE" "$PORT"; true'],
  ['a tool in a session of its own', 'setsid node -e "$CODE" "$PORT"; true'],
])('%s is known by its run', async ([, script], context) => {
  context.skip(!hasTable, 'connections can only be read from /proc');
  const { port, connected } = await aServer();
  const mark = '0b7ac0de-0000-4000-8000-000000000001';
  const agent = launchShell(script, {
    mark,
    env: { PATH: process.env['PATH'] ?? '', CODE: CONNECT, PORT: String(port) },
  });
  expect(await runOf(await connected)).toEqual({ kind: 'run', runId: mark });
  await agent.end('enough');
});

it('anybody else belongs to no run, and neither do we', async () => {
  const { port, connected } = await aServer();
  const child = spawn(process.execPath, ['-e', CONNECT, String(port)], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(await runOf(await connected)).toEqual({ kind: 'other' });
  expect(await runOfPeer({ localPort: 1, remotePort: 1 })).toEqual({ kind: 'other' });
});

it('who sends and leaves at once is told apart from who waits, and from who only stops sending', async (context) => {
  context.skip(!hasTable, 'connections can only be read from /proc');
  const first = await aServer();
  const sender = spawn(
    process.execPath,
    [
      '-e',
      `require('node:net').connect(+process.argv[1], '127.0.0.1').write('x', () => process.exit())`,
      String(first.port),
    ],
    { stdio: 'ignore' },
  );
  const left = await first.connected;
  await once(sender, 'exit');
  expect(await runOf(left)).toEqual({ kind: 'gone' });

  const second = await aServer();
  const half = connect({ port: second.port, host: '127.0.0.1' }).end('x');
  onTestFinished(() => void half.destroy());
  expect(await runOf(await second.connected)).toEqual({ kind: 'other' });
});

it('a flood of questions is answered by few looks', async (context) => {
  context.skip(!hasTable, 'connections can only be read from /proc');
  const { port, connected } = await aServer();
  const client = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void client.destroy());
  let looks = 0;
  const ask = createRunOfPeer({
    ...systemTable,
    list: () => {
      looks += 1;
      return systemTable.list();
    },
  });
  const ports = portsOf(await connected);
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask(ports)));
  expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['other']));
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThan(10);
});
