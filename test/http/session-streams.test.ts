// What was opened with a session ends with it: by signing out, and after 12 hours. What needed none goes on.
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { headOf, stage, written } from '../transcript/stage.ts';
import { SESSION_MS } from '../../src/http/sessions.ts';
import { NOW_MS } from './fake-daemon.ts';
import { openServer, TOKEN, type OpenServer } from './signed-in.ts';

const json = { 'content-type': 'application/json' };

interface Stream {
  readonly text: () => string;
  readonly state: () => 'open' | 'ended' | 'cut';
}

async function open({ url }: OpenServer, path: string, headers: Record<string, string>): Promise<Stream> {
  const { statusCode, body } = await request(url + path, { headers });
  expect(statusCode).toBe(200);
  let text = '';
  let state: 'open' | 'ended' | 'cut' = 'open';
  body.on('data', (chunk) => (text += String(chunk)));
  body.on('end', () => (state = 'ended'));
  body.on('error', () => (state = 'cut'));
  await expect.poll(() => text).toContain('retry:');
  return { text: () => text, state: () => state };
}

async function kit(nowMs = () => NOW_MS) {
  const { transcripts } = stage();
  const head = headOf();
  const writer = transcripts.open(head);
  writer.write(1, 'stdout', 'hello');
  await written(transcripts, head.runId, 1);
  const made = await openServer({ transcripts, nowMs });
  return { made, writer, paths: ['/api/v1/events', `/api/v1/runs/${head.runId}/transcript`] };
}

const bearer = { authorization: `Bearer ${TOKEN}` };

describe('a stream', () => {
  it('is cut off when its session signs out, and no other is', async () => {
    const { made, paths } = await kit();
    const [cookie, other] = [await made.signIn(), await made.signIn()];
    const [mine, theirs] = [[] as Stream[], [] as Stream[]];
    for (const path of paths) {
      mine.push(await open(made, path, { cookie }), await open(made, path, { cookie }));
      theirs.push(await open(made, path, { cookie: other }), await open(made, path, bearer));
    }
    expect((await made.send('POST', '/logout', { ...json, cookie })).status).toBe(200);
    // Not `ended`: half a transcript must not look like a whole one.
    await expect.poll(() => mine.map(({ state }) => state())).toEqual(['cut', 'cut', 'cut', 'cut']);
    expect(mine.map(({ text }) => text()).join('')).not.toContain('event: end');
    expect((await made.send('GET', paths[0] ?? '', { cookie })).status).toBe(401);
    expect(theirs.map(({ state }) => state())).toEqual(['open', 'open', 'open', 'open']);
  });

  it('is cut off when the 12 hours of its session are over', async () => {
    let nowMs = NOW_MS;
    const { made, paths } = await kit(() => nowMs);
    const cookie = await made.signIn();
    nowMs += 3_600_000;
    const other = await made.signIn();
    nowMs = NOW_MS + SESSION_MS - 1_000;
    const streams: Stream[] = [];
    for (const path of paths) {
      streams.push(await open(made, path, { cookie }), await open(made, path, bearer));
    }
    const later = await open(made, '/api/v1/events', { cookie: other });
    await expect.poll(() => streams.map(({ state }) => state())).toEqual(['cut', 'open', 'cut', 'open']);
    expect(later.state()).toBe('open');
  });

  it('leaves nothing behind when it is closed before its session', async () => {
    const { made } = await kit();
    const cookie = await made.signIn();
    const stop = new AbortController();
    const answer = await request(`${made.url}/api/v1/events`, { headers: { cookie }, signal: stop.signal });
    answer.body.on('error', () => undefined);
    await expect.poll(() => made.daemon.listeners.size).toBe(1);
    stop.abort();
    await expect.poll(() => made.daemon.listeners.size).toBe(0);
    expect((await made.send('POST', '/logout', { ...json, cookie })).status).toBe(200);
    expect(made.warnings).toEqual([]);
  });
});
