// What a command makes of answers that are none: refusals, other programs, older daemons, half answers, floods. One line
// each, without the token.

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ClientError, mayPass } from '../../../src/cli/client/client-error.ts';
import { createDaemonClient, type DaemonClient } from '../../../src/cli/client/daemon-client.ts';

const TOKEN = 'a-very-secret-token';
let server: Server | null = null;
let client: DaemonClient | null = null;
afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
  server = null;
});

async function daemon(
  listener: RequestListener,
  token = TOKEN,
): Promise<{ client: DaemonClient; origin: string }> {
  const made = createServer(listener);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
  client = createDaemonClient({ origin: `${origin}/prefix`, socketPath: null, token, from: 'a test' });
  return { client, origin };
}

const answering =
  (status: number, body: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status).end(body);
  };

async function failure(asked: Promise<unknown>): Promise<ClientError> {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ClientError);
  const failed = error as ClientError;
  expect(failed.message).not.toContain(TOKEN);
  expect(failed.message).not.toContain('\n');
  return failed;
}

it('asks below the path of the address, with the token, and says what it means in JSON', async () => {
  const seen: unknown[] = [];
  const { client } = await daemon((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const { url, method, headers } = request;
      seen.push([method, url, headers.authorization, headers['content-type'], body]);
      response.end('{"message":"fine"}');
    });
  });
  await client.get('/api/v1/state', ['message']);
  await client.post('/api/v1/pause', { reason: 'é' }, ['message']);
  expect(seen).toEqual([
    ['GET', '/prefix/api/v1/state', `Bearer ${TOKEN}`, undefined, ''],
    ['POST', '/prefix/api/v1/pause', `Bearer ${TOKEN}`, 'application/json', '{"reason":"é"}'],
  ]);
});

describe('says what was refused', () => {
  it.each([
    [409, 'invalid_state', 'dispatch is paused'],
    [404, 'issue_not_found', 'no such issue'],
    [502, 'tracker_failed', 'the tracker did not answer'],
    [503, 'store_failed', 'nothing was changed'],
  ])('%d %s', async (status, code, message) => {
    const { client } = await daemon(answering(status, JSON.stringify({ error: { code, message } })));
    expect(await failure(client.get('/x', []))).toMatchObject({ code, message });
  });

  it.each([
    ['', 'wants a token'],
    [TOKEN, 'refuses the token that it was sent'],
  ])('401 with the token %j', async (token, words) => {
    const body = JSON.stringify({ error: { code: 'unauthorized', message: 'x' } });
    const { client, origin } = await daemon(answering(401, body), token);
    expect(await failure(client.get('/x', []))).toMatchObject({
      code: 'unauthorized',
      message: `${origin}/prefix ${words}: set SORTIE_SERVER_TOKEN to its server.token or to your own`,
    });
  });
});

describe('says that it is no Sortie daemon', () => {
  it.each([
    [200, '<h1>It works</h1>', 'did not answer in JSON'],
    [200, '', 'did not answer in JSON'],
    [200, '[]', 'answered without running, dispatch'],
    [200, '"x"', 'answered with no object'],
    [200, 'null', 'answered with no object'],
    [200, '{"running":[]}', 'answered without dispatch'],
    [404, 'Not Found', 'answered GET /api/v1/state with 404'],
    [502, '{"error":"bad gateway"}', 'answered GET /api/v1/state with 502'],
    [301, '', 'answered GET /api/v1/state with 301'],
  ])('%d %s', async (status, body, words) => {
    const { client } = await daemon(answering(status, body));
    const error = await failure(
      client.get<{ running: 0; dispatch: 0 }>('/api/v1/state', ['running', 'dispatch']),
    );
    expect(error.message).toContain(`${words}: is that a Sortie daemon, of this version?`);
  });

  it('does not read an answer without an end', async () => {
    const flood = Buffer.alloc(1024 * 1024, ' ');
    const { client } = await daemon((_request, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(flood, more);
      };
      more();
    });
    expect((await failure(client.get('/x', []))).message).toContain('more than 64 MiB');
  });
});

it('says that nobody is there, and where it looked', async () => {
  const { origin } = await daemon(answering(200, '{}'));
  const gone = new Promise((resolve) => server?.close(resolve));
  server?.closeAllConnections();
  await gone;
  server = null;
  const { message, code } = await failure((client as DaemonClient).get('/x', []));
  expect(code).toBe('');
  expect(message).toContain(`no daemon answers at ${origin}/prefix (a test): connect ECONNREFUSED`);
});

it('says that an answer was cut off', async () => {
  const { client } = await daemon((_request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"a":', () => response.destroy());
  });
  expect((await failure(client.get('/x', []))).message).toMatch(/^the connection to .* was lost: /);
});

it('knows what may be better later', () => {
  const ofCode = (code: string): boolean => mayPass(new ClientError(code, 'x'));
  expect(['', 'snapshot_unavailable', 'too_many_streams'].every(ofCode)).toBe(true);
  expect(['unauthorized', 'run_not_found', 'invalid_state', 'host_not_allowed'].some(ofCode)).toBe(false);
  expect(mayPass(new Error('socket hang up'))).toBe(true);
});
