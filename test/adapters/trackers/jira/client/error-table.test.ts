// Every row of the error table: status and headers → kind, and the line that people read.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { json } from '../fault-server.ts';
import { apiKey, connect, failure, never, serve, token } from '../jira-context.ts';

const path = '/rest/api/3/search/jql';
const call = { method: 'GET', path, schema: z.object({}), signal: never } as const;
/** Nothing is tried again: each row is one request. */
const once = { ...call, idempotent: false };

it.each<[number, Readonly<Record<string, string>>, unknown, string, string]>([
  [
    400,
    {},
    { errorMessages: ['Bad field.', 'Worse.'], errors: { jql: 'no' } },
    'tracker_payload_error',
    '400: Bad field.; Worse.; jql: no',
  ],
  [
    400,
    { 'content-type': 'application/problem+json' },
    { type: 'about:blank', title: 'Bad Request', status: 400, detail: "Invalid value 'x'" },
    'tracker_payload_error',
    "400: Invalid value 'x'",
  ],
  [401, {}, {}, 'tracker_auth_error', '401 (wrong or expired API token — correct tracker.api_key)'],
  [
    401,
    { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' },
    {},
    'tracker_auth_error',
    '401 (CAPTCHA challenge triggered — log in via browser to resolve)',
  ],
  [
    403,
    { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' },
    {},
    'tracker_auth_error',
    '403 (CAPTCHA challenge triggered — log in via browser to resolve)',
  ],
  [
    200,
    { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
    { issues: [] },
    'tracker_auth_error',
    '200 (Jira does not accept the credentials',
  ],
  [
    404,
    { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
    {},
    'tracker_auth_error',
    '404 (Jira does not accept the credentials',
  ],
  [
    503,
    { 'x-seraph-loginreason': 'authenticated_failed' },
    {},
    'tracker_auth_error',
    '503 (Jira does not accept the credentials',
  ],
  [
    403,
    {},
    { errorMessages: ['No.'] },
    'tracker_auth_error',
    '403 (the account lacks a permission or the token a scope): No.',
  ],
  [404, {}, { errorMessages: ['Gone.'] }, 'tracker_not_found', '404: Gone.'],
  [404, { 'x-seraph-loginreason': 'OK' }, {}, 'tracker_not_found', '404'],
  [429, { 'retry-after': '7' }, {}, 'tracker_api_error', '429 (rate limited, Retry-After: 7)'],
  [
    429,
    { 'retry-after': '7', 'ratelimit-reason': 'jira-burst-based' },
    {},
    'tracker_api_error',
    '429 (rate limited, jira-burst-based, Retry-After: 7)',
  ],
  [500, {}, 'boom', 'tracker_transport_error', '500: boom'],
  [
    502,
    { 'content-type': 'text/html' },
    '<html><head><style>a{}</style></head><body><h1>Bad</h1> gateway &amp; more</body></html>',
    'tracker_transport_error',
    '502: Bad gateway & more',
  ],
  [503, { 'retry-after': '9' }, {}, 'tracker_transport_error', '503 (Retry-After: 9)'],
  [599, {}, '', 'tracker_transport_error', '599'],
  [410, {}, { errorMessages: ['Old.'] }, 'tracker_api_error', '410: Old.'],
  [409, {}, {}, 'tracker_api_error', '409'],
  [413, {}, {}, 'tracker_api_error', '413'],
  [422, {}, { message: 'no' }, 'tracker_api_error', '422: no'],
  [418, {}, 'short and stout', 'tracker_api_error', '418: short and stout'],
  [304, {}, '', 'tracker_api_error', '304'],
])('says of %i %j what it is', async (status, headers, body, kind, detail) => {
  const server = await serve(json(status, body, headers));
  const error = await failure(connect(server).client.request(once));
  expect(error.kind).toBe(kind);
  const start = `tracker: ${kind}: GET ${path}: `;
  expect(error.message.slice(0, start.length)).toBe(start);
  const said = error.message.slice(start.length);
  expect(said === `${detail}: {}` ? detail : said.slice(0, detail.length)).toBe(detail);
  expect(server.seen).toHaveLength(1);
});

it('asks for no pause where Jira asked for none', async () => {
  const server = await serve(json(503, {}));
  const error = await failure(connect(server).client.request(once));
  expect(error.retryAfterMs).toBeUndefined();
});

it.each(['429', '503'])('carries how long a %s asks to wait', async (status) => {
  const server = await serve(json(Number(status), {}, { 'retry-after': '7' }));
  const { client, told } = connect(server);
  expect((await failure(client.request(once))).retryAfterMs).toBe(7_000);
  expect(client.throttles()).toMatchObject([{ scope: 'all', reason: 'retry-after' }]);
  expect(told).toHaveLength(1);
  // Until then nothing is sent.
  const second = await failure(client.request(once));
  expect(second.kind).toBe('tracker_api_error');
  expect(second.message).toContain('not sent: Jira asked for a pause (all: retry-after), 7 s are left');
  expect(second.retryAfterMs).toBeGreaterThan(6_000);
  expect(server.seen).toHaveLength(1);
});

it('understands Retry-After as a date by the clock of Jira', async () => {
  const headers = { 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' };
  const server = await serve(json(429, {}, headers));
  const error = await failure(connect(server).client.request(once));
  expect(error.retryAfterMs).toBe(30_000);
});

it.each(['0', '', 'soon'])('waits at least a second after Retry-After %j', async (value) => {
  const server = await serve(json(429, {}, value === '' ? {} : { 'retry-after': value }));
  expect((await failure(connect(server).client.request(once))).retryAfterMs).toBe(1_000);
});

it('shows at most 512 bytes of a body, on one line, and nothing that drives a terminal', async () => {
  const long = `first\nsecond\u001b[31m\u2028third\u202e ${'ü'.repeat(2_000)}`;
  const server = await serve(json(400, { errorMessages: [long] }));
  const { message } = await failure(connect(server).client.request(once));
  const said = message.slice(message.indexOf('400: ') + 5);
  expect(Buffer.byteLength(said)).toBeLessThanOrEqual(512);
  expect(Buffer.byteLength(said)).toBeGreaterThan(500);
  expect(said).toMatch(/^first second \[31m third ü+…$/);
});

it('reads no more of a failure than it needs to understand it', async () => {
  let sent = 0;
  const server = await serve((_, response) => {
    response.writeHead(500, { 'content-type': 'text/plain' });
    const more = (): void => {
      while (!response.destroyed && response.write('boom '.repeat(1_000))) sent += 5_000;
    };
    response.on('drain', more);
    more();
  });
  const { message } = await failure(connect(server).client.request(once));
  expect(message).toContain('500: boom boom');
  expect(sent).toBeLessThan(20_000_000);
});

it('knows the status of a failure whose body breaks off', async () => {
  const server = await serve((_, response) => {
    response.writeHead(404, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"errorMess', () => response.socket?.resetAndDestroy());
  });
  const error = await failure(connect(server).client.request(once));
  expect(error.kind).toBe('tracker_not_found');
});

const basic = Buffer.from(apiKey).toString('base64');
it.each([
  ['as it is', `You sent ${apiKey}.`],
  ['alone', token],
  ['in base64', `Authorization: Basic ${basic}`],
  ['in a URL', encodeURIComponent(apiKey)],
  ['where the text is cut', `${'x'.repeat(500)} ${token}${token}`],
  ['behind much markup', `<p>${'<b></b>'.repeat(3_000)}${token}</p>`],
  ['in tags', `<a href="${token}">x</a>`],
])('hides the token when an answer repeats it %s', async (_, body) => {
  const server = await serve(json(400, body));
  const { message } = await failure(connect(server).client.request(once));
  expect(message).not.toContain(token.slice(0, 12));
  expect(message).not.toContain(basic.slice(20, 40));
});

it('sends the headers of the contract', async () => {
  const server = await serve(json(200, {}));
  await connect(server).client.request(call);
  await connect(server, {}, { user_agent: 'acme-bot/2' }).client.request(call);
  expect(server.seen[0]?.headers).toMatchObject({
    authorization: `Basic ${basic}`,
    'user-agent': 'sortie/dev',
    accept: 'application/json',
    'content-type': 'application/json',
  });
  expect(server.seen[1]?.headers['user-agent']).toBe('acme-bot/2');
});

it('writes queries and bodies so that they arrive as they were', async () => {
  const server = await serve(json(200, {}));
  const jql = 'a = "b+c & d%/?#" AND é';
  const query = { jql, fields: ['a', 'b'], next: undefined, maxResults: 50 };
  await connect(server).client.request({ ...call, query });
  const url = new URL(server.seen[0]?.url ?? '', 'http://x');
  expect([...url.searchParams]).toEqual([
    ['jql', jql],
    ['fields', 'a'],
    ['fields', 'b'],
    ['maxResults', '50'],
  ]);
  expect(server.seen[0]?.url).not.toContain('+');
  await connect(server).client.send({ ...call, method: 'POST', body: { text: 'é"' } });
  expect(server.seen[1]).toMatchObject({ method: 'POST', body: '{"text":"é\\""}' });
});
