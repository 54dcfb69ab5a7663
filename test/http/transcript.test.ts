// GET /api/v1/runs/{id}/transcript over real sockets and real files.

import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/telemetry/index.ts';
import { headOf, stage, written, type Stage } from '../transcript/stage.ts';
import { listeningServer, type TestServer } from './start-server.ts';

interface Frame {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly seq?: number; readonly line?: string };
}

type Kit = TestServer & Pick<Stage, 'transcripts'> & { readonly url: string };

async function kit(over: Parameters<typeof listeningServer>[0] = {}): Promise<Kit> {
  const staged = stage();
  const made = await listeningServer({ transcripts: staged.transcripts, ...over });
  return { ...made, transcripts: staged.transcripts };
}

/** A run that has said so many lines, and goes on. */
async function aRun(transcripts: Kit['transcripts'], lines: number) {
  const head = headOf();
  const writer = transcripts.open(head);
  for (let n = 1; n <= lines; n += 1) writer.write(1, 'stdout', `{"n":${n}}`);
  await written(transcripts, head.runId, lines);
  return { writer, path: `/api/v1/runs/${head.runId}/transcript` };
}

function framesOf(text: string): Frame[] {
  return text
    .split('\n\n')
    .filter((block) => block.includes('event:'))
    .map((block) => {
      const field = (name: string): string => new RegExp(`^${name}: ([^\\n]*)$`, 'm').exec(block)?.[1] ?? '';
      return { event: field('event'), id: field('id'), data: JSON.parse(field('data')) as Frame['data'] };
    });
}

const ids = (text: string): string[] => framesOf(text).map(({ event, id }) => `${event} ${id}`);

describe('a transcript', () => {
  it('comes as events: what is there, what is said meanwhile, and the end', async () => {
    const { url, transcripts } = await kit();
    const { writer, path } = await aRun(transcripts, 2);
    const { statusCode, headers, body } = await request(url + path);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    let text = '';
    for await (const chunk of body) {
      text += String(chunk);
      if (text.includes('id: 2\n') && !text.includes('id: 3\n')) {
        writer.write(2, 'stderr', 'line\u2028with "odd"\r\n\n: things');
        void writer.close();
      }
    }
    expect(ids(text)).toEqual(['line 1', 'line 2', 'line 3', 'end ']);
    expect(framesOf(text)[2]?.data).toEqual({
      seq: 3,
      at: expect.stringMatching(/^20.*Z$/) as string,
      turn: 2,
      stream: 'stderr',
      line: 'line\u2028with "odd"\r\n\n: things',
    });
  });

  it.each([
    ['Last-Event-ID', '', { 'last-event-id': '3' }],
    ['after', '?after=3', {}],
    ['after, above all', '?after=3', { 'last-event-id': '1' }],
  ])('goes on behind %s', async (_, query, headers) => {
    const { url, transcripts } = await kit();
    const { writer, path } = await aRun(transcripts, 5);
    await writer.close();
    const { body } = await request(url + path + query, { headers });
    expect(ids(await body.text())).toEqual(['line 4', 'line 5', 'end ']);
  });

  it('begins at the beginning for a Last-Event-ID that is not ours', async () => {
    const { url, transcripts } = await kit();
    const { writer, path } = await aRun(transcripts, 1);
    await writer.close();
    const { body } = await request(url + path, { headers: { 'last-event-id': '-1; x' } });
    expect(ids(await body.text())).toEqual(['line 1', 'end ']);
  });

  it.each([
    ['by Accept', '', { accept: 'application/x-ndjson' }],
    ['by Accept among others', '', { accept: 'application/x-ndjson, */*;q=0.1' }],
    ['by follow=false', '?follow=false', {}],
  ])('comes as JSON lines that wait for nothing, %s', async (_, query, headers) => {
    const { url, transcripts } = await kit();
    const { path } = await aRun(transcripts, 3);
    const answer = await request(url + path + query, { headers });
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = (await answer.body.text()).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { line: string }).line)).toEqual([
      '{"n":1}',
      '{"n":2}',
      '{"n":3}',
    ]);
  });

  it('can be followed as JSON lines as well', async () => {
    const { url, transcripts } = await kit();
    const { writer, path } = await aRun(transcripts, 1);
    const { body } = await request(`${url}${path}?follow=true`, {
      headers: { accept: 'application/x-ndjson' },
    });
    let text = '';
    for await (const chunk of body) {
      if (text === '') void writer.close();
      text += String(chunk);
    }
    expect(text.trimEnd().split('\n')).toHaveLength(1);
  });

  it('of thousands of lines arrives whole', async () => {
    const { url, transcripts } = await kit();
    const { writer, path } = await aRun(transcripts, 5_000);
    await writer.close();
    const { body } = await request(`${url}${path}?follow=false`);
    const lines = (await body.text()).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(
      Array.from({ length: 5_000 }, (_, index) => index + 1),
    );
  });

  it('shows no secret that was learnt after it was written', async () => {
    const redactor = createRedactor();
    const { url, transcripts } = await kit({ redact: redactor.redact });
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', '{"key":"late-secret"}');
    await writer.close();
    redactor.update(['late-secret']);
    for (const query of ['', '?follow=false']) {
      const { body } = await request(`${url}/api/v1/runs/${head.runId}/transcript${query}`);
      const text = await body.text();
      expect(text).not.toContain('late-secret');
      expect(text).toContain('[redacted]');
    }
  });
});

describe('a transcript that cannot be had', () => {
  it.each([
    ['of an unknown run', headOf().runId],
    ['of what is no run id', '..%2f..%2fetc%2fpasswd'],
    ['of an issue', 'SHOP-42'],
  ])('%s is not found', async (_, runId) => {
    const { url } = await kit();
    const { statusCode, body } = await request(`${url}/api/v1/runs/${runId}/transcript`);
    expect([statusCode, ((await body.json()) as { error: { code: string } }).error.code]).toEqual([
      404,
      'run_not_found',
    ]);
  });

  it('is not found where none are kept', async () => {
    const { url } = await listeningServer();
    const { statusCode } = await request(`${url}/api/v1/runs/${headOf().runId}/transcript`);
    expect(statusCode).toBe(404);
  });

  it.each(['?after=x', '?after=1.5', '?follow=maybe', '?from=1'])('is refused for %s', async (query) => {
    const { url } = await kit();
    const { statusCode } = await request(`${url}/api/v1/runs/${headOf().runId}/transcript${query}`);
    expect(statusCode).toBe(400);
  });

  it('takes the bearer token, as every other answer does', async () => {
    const settings = { host: '0.0.0.0', port: 0, token: 'let-me-in-please', allowedHosts: [] };
    const staged = stage();
    const { url } = await listeningServer({ transcripts: staged.transcripts, settings });
    const { writer, path } = await aRun(staged.transcripts, 1);
    await writer.close();
    const there = url.replace('0.0.0.0', '127.0.0.1') + path;
    expect((await request(there)).statusCode).toBe(401);
    const { statusCode, body } = await request(there, {
      headers: { authorization: 'Bearer let-me-in-please' },
    });
    expect([statusCode, ids(await body.text())]).toEqual([200, ['line 1', 'end ']]);
  });

  it('shares the limit of open streams with the events, and gives its place back', async () => {
    const { url, transcripts } = await kit();
    const { path } = await aRun(transcripts, 1);
    const events = await Promise.all(Array.from({ length: 255 }, () => request(`${url}/api/v1/events`)));
    const missing = await request(`${url}/api/v1/runs/${headOf().runId}/transcript`);
    expect(missing.statusCode).toBe(404);
    await missing.body.dump();
    const last = await request(url + path);
    expect(last.statusCode).toBe(200);
    const refused = await request(url + path);
    expect(refused.statusCode).toBe(503);
    expect(await refused.body.json()).toMatchObject({ error: { code: 'too_many_streams' } });
    last.body.on('error', () => undefined).destroy();
    await expect
      .poll(async () => {
        const again = await request(url + path);
        again.body.on('error', () => undefined).destroy();
        return again.statusCode;
      })
      .toBe(200);
    for (const { body } of events) body.on('error', () => undefined).destroy();
  });
});

describe('clients', () => {
  it('that read nothing hold the reading of the file back', async () => {
    const { url, server } = await kit();
    let given = 0;
    const endless = {
      async *lines() {
        for (let seq = 1; ; seq += 1) {
          given = seq;
          yield { seq, atMs: 0, turn: 1, stream: 'stdout' as const, line: 'x'.repeat(10_000) };
        }
      },
    };
    const source = {
      follow: () => Promise.resolve(endless.lines()),
      read: () => Promise.resolve(null),
      prompts: () => Promise.resolve(null),
    };
    await server.close();
    const deaf = await listeningServer({ transcripts: source });
    const { body } = await request(`${deaf.url}/api/v1/runs/${headOf().runId}/transcript`);
    let before = -1;
    await expect
      .poll(
        () => {
          const stopped = given === before;
          before = given;
          return stopped && given > 1;
        },
        { interval: 300 },
      )
      .toBe(true);
    expect(given).toBeLessThan(5_000);
    body.on('error', () => undefined).destroy();
    expect(url).not.toBe(deaf.url);
  });

  it('are let go at once when the server closes, without an end of the run', async () => {
    const { url, transcripts, server } = await kit();
    const { path } = await aRun(transcripts, 1);
    const { body } = await request(url + path);
    let text = '';
    // It would go on for as long as the run does.
    let closed: Promise<void> | undefined;
    for await (const chunk of body) {
      text += String(chunk);
      if (text.includes('id: 1')) closed ??= server.close();
    }
    await closed;
    expect(ids(text)).toEqual(['line 1']);
  });

  it('are told when the file cannot be read any more, by the end of the stream', async () => {
    const source = {
      follow: async () =>
        (async function* () {
          yield { seq: 1, atMs: 0, turn: 1, stream: 'stdout' as const, line: 'x' };
          throw new Error('EIO');
        })(),
      read: () => Promise.resolve(null),
      prompts: () => Promise.resolve(null),
    };
    const { url, warnings } = await listeningServer({ transcripts: source });
    const text = request(`${url}/api/v1/runs/${headOf().runId}/transcript`).then(({ body }) => body.text());
    await expect(text).rejects.toThrow();
    expect(warnings).toMatchObject([{ message: 'transcript not sent' }]);
  });
});
