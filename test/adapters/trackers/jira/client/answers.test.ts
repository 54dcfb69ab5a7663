// Bodies of successful answers: too large, broken off, no JSON, packed, of another shape.
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Answerer } from '../fault-server.ts';
import { json } from '../fault-server.ts';
import { connect, failure, never, serve } from '../jira-context.ts';

const schema = z.object({
  issues: z.array(z.object({ id: z.string(), fields: z.object({ status: z.object({ name: z.string() }) }) })),
});
const call = { method: 'GET', path: '/rest/api/3/search/jql', schema, signal: never } as const;
const good = { issues: [{ id: '1', fields: { status: { name: 'To Do' } } }] };

function bytes(body: Buffer | string, headers: Readonly<Record<string, string>> = {}): Answerer {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };
}

async function wrong(answer: Answerer): Promise<string> {
  const server = await serve(answer);
  const error = await failure(connect(server).client.request(call));
  expect(error.kind).toBe('tracker_payload_error');
  expect(error.message).toMatch(/^tracker: tracker_payload_error: GET \/rest\/api\/3\/search\/jql: /);
  expect(error.message).not.toContain('\n');
  // What cannot be read the first time cannot be read the second time.
  expect(server.seen).toHaveLength(1);
  return error.message;
}

it('gives what was asked for and ignores what Jira adds', async () => {
  const server = await serve(json(200, { ...good, isLast: true, new: [1] }));
  expect(await connect(server).client.request(call)).toEqual(good);
});

it.each([
  ['a web page', '<!DOCTYPE html><html>Log in</html>', 'the answer is a web page, not JSON'],
  ['nothing', '', 'the answer has no body'],
  ['truncated JSON', '{"issues": [{"id": "1"', 'the answer is not valid JSON (22 bytes, application/json)'],
  ['text', 'OK', 'the answer is not valid JSON'],
  ['null', 'null', 'the answer is wrong: expected object'],
  [
    'a number for a name',
    '{"issues":[{"id":"1","fields":{"status":{"name":7}}}]}',
    'issues.0.fields.status.name is wrong: expected string, received number',
  ],
  ['no list', '{"issues":{}}', 'issues is wrong: expected array'],
  ['a missing field', '{"issues":[{"id":"1","fields":{}}]}', 'issues.0.fields.status is wrong'],
])('refuses %s', async (_, body, what) => {
  expect(await wrong(bytes(body))).toContain(what);
});

it('refuses more than 10 MB, whether announced or not', async () => {
  const body = Buffer.alloc(10 * 1024 * 1024, ' ');
  expect(await wrong(bytes(body))).toContain('larger than 10000000 bytes');
  const endless: Answerer = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => {
      while (!response.destroyed && response.write(body.subarray(0, 65_536)));
    };
    response.on('drain', more);
    more();
  };
  expect(await wrong(endless)).toContain('larger than 10000000 bytes');
});

it('takes a body just below the limit', async () => {
  const text = JSON.stringify(good);
  const server = await serve(bytes(text + ' '.repeat(10_000_000 - text.length)));
  expect(await connect(server).client.request(call)).toEqual(good);
});

it.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  // At its best, which is the default, packing would take longer than all the rest.
  ['br', (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })],
  ['GZIP', gzipSync],
])('unpacks %s', async (encoding, pack) => {
  const packed = pack(Buffer.from(JSON.stringify(good)));
  const server = await serve(bytes(packed, { 'content-encoding': encoding }));
  expect(await connect(server).client.request(call)).toEqual(good);
  expect(server.seen[0]?.headers['accept-encoding']).toBe('gzip, deflate, br');
});

it('unpacks what was packed twice', async () => {
  const packed = gzipSync(brotliCompressSync(Buffer.from(JSON.stringify(good))));
  const server = await serve(bytes(packed, { 'content-encoding': 'br, gzip' }));
  expect(await connect(server).client.request(call)).toEqual(good);
});

it.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  // At its best, which is the default, packing would take longer than all the rest.
  ['br', (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })],
])('does not let a bomb of %s go off', async (encoding, pack) => {
  const packed = pack(Buffer.alloc(24_000_000));
  expect(packed.length).toBeLessThan(250_000);
  expect(await wrong(bytes(packed, { 'content-encoding': encoding }))).toContain(
    'larger than 10000000 bytes',
  );
});

it('does not let a bomb within a bomb go off', async () => {
  const packed = gzipSync(gzipSync(Buffer.alloc(24_000_000)));
  expect(await wrong(bytes(packed, { 'content-encoding': 'gzip, gzip' }))).toContain(
    'larger than 10000000 bytes',
  );
});

it.each([
  ['gzip', Buffer.from('{"issues":[]}'), 'the body is not valid gzip'],
  ['gzip', gzipSync('{"issues":[]}').subarray(0, 15), 'the body is not valid gzip'],
  ['br', Buffer.from('x'), 'the body is not valid br'],
  ['zstd', Buffer.from('x'), 'packed with "zstd", which was not asked for'],
  ['gzip, gzip, gzip', Buffer.from('x'), 'packed 3 times'],
])('refuses a body that is not %s as it says', async (encoding, body, what) => {
  expect(await wrong(bytes(body, { 'content-encoding': encoding }))).toContain(what);
});

it('takes 204 for a write, and not for a read', async () => {
  const server = await serve((_, response) => {
    response.writeHead(204).end();
  });
  const { client } = connect(server);
  await client.send({ method: 'PUT', path: '/rest/api/3/issue/1', body: {}, signal: never });
  expect((await failure(client.request(call))).kind).toBe('tracker_payload_error');
});

it('tells how far the clock of Jira is from ours', async () => {
  const date = new Date(Date.now() - 600_000).toUTCString();
  const server = await serve(json(200, good, { date }));
  const { clockAheadMs, status } = await connect(server).client.answer(call);
  expect(status).toBe(200);
  expect(clockAheadMs).toBeGreaterThan(-620_000);
  expect(clockAheadMs).toBeLessThan(-590_000);
});
