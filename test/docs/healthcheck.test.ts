// The container's health check against a real server on the loopback, in each state of a daemon.
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/healthcheck.mjs', import.meta.url));
let server: Server | undefined;
const asked: string[] = [];

afterEach(async () => {
  asked.length = 0;
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function serve(status: number): Promise<string> {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status).end();
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return String((listening.address() as AddressInfo).port);
}

async function check(env: Record<string, string>): Promise<{ exit: number | null; stderr: string }> {
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, [script], { env }, (_error, _stdout, stderr) => {
      resolve({ exit: child.exitCode, stderr });
    });
  });
}

it('is healthy while /livez answers', async () => {
  const port = await serve(200);
  expect(await check({ SORTIE_SERVER_PORT: port })).toEqual({ exit: 0, stderr: '' });
  expect(await check({ SORTIE_SERVER_PORT: port, SORTIE_SERVER_HOST: '0.0.0.0' })).toMatchObject({ exit: 0 });
  expect(asked).toEqual(['/livez', '/livez']);
});

it('is unhealthy while the daemon drains', async () => {
  const port = await serve(503);
  const { exit, stderr } = await check({ SORTIE_SERVER_PORT: port });
  expect(exit).toBe(1);
  expect(stderr).toContain('answered 503');
});

it('is unhealthy when nobody listens, and says where it looked', async () => {
  const port = await serve(200);
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  const { exit, stderr } = await check({ SORTIE_SERVER_PORT: port });
  expect(exit).toBe(1);
  expect(stderr).toContain(`http://127.0.0.1:${port}/livez`);
});

it('has nothing to ask of a daemon without HTTP', async () => {
  expect(await check({ SORTIE_SERVER_PORT: '0' })).toEqual({ exit: 0, stderr: '' });
});
