// GET /api/v1/events over a real socket with a real client.
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { running } from './fake-daemon.ts';
import { listeningServer } from './start-server.ts';

interface Event {
  id: number;
  event: string;
  data: { running: { title: string }[]; counts: Record<string, number> };
}

/** Reads a stream until `enough` events have come; the test's time limit is the deadline. */
async function readEvents(
  body: AsyncIterable<Buffer>,
  enough: number,
  onEvent?: () => void,
): Promise<Event[]> {
  const events: Event[] = [];
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks.filter((part) => part.includes('event:'))) {
      const field = (name: string): string =>
        new RegExp(`(?:^|\\n)${name}: ([^\\r\\n]*)`).exec(block)?.[1] ?? '';
      events.push({
        id: Number(field('id')),
        event: field('event'),
        data: JSON.parse(field('data')) as never,
      });
      onEvent?.();
    }
    if (events.length >= enough) break;
  }
  return events;
}

describe('the event stream', () => {
  it('sends the state at once and again when it changes', async () => {
    const { url, daemon } = await listeningServer();
    const { statusCode, headers, body } = await request(`${url}/api/v1/events`);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const title = 'line\nbreaks\r\n\n: and "quotes" \u2028 stay inside of one event';
    const events = await readEvents(body, 2, () => daemon.change({ running: [running({ title })] }));
    expect(events.map(({ event }) => event)).toEqual(['state', 'state']);
    expect(events[1]?.id).toBeGreaterThan(events[0]?.id ?? Infinity);
    expect(events[1]?.data.running[0]?.title).toBe(title);
    expect(events[0]?.data.counts).toEqual({ running: 1, retrying: 1, parked: 1 });
  });

  it('has the same data as the state', async () => {
    const { url } = await listeningServer();
    const stream = await request(`${url}/api/v1/events`);
    const [event] = await readEvents(stream.body, 1);
    const state = await request(`${url}/api/v1/state`);
    expect(event?.data).toEqual(await state.body.json());
  });

  it('stops listening to the daemon when the client leaves', async () => {
    const { url, daemon } = await listeningServer();
    const { body } = await request(`${url}/api/v1/events`);
    await readEvents(body, 1);
    body.destroy();
    await expect.poll(() => daemon.listeners.size).toBe(0);
  });

  it('goes on when one state cannot be rendered', async () => {
    const { url, daemon, warnings } = await listeningServer();
    const { body } = await request(`${url}/api/v1/events`);
    let count = 0;
    const events = await readEvents(body, 2, () => {
      if (++count > 1) return;
      daemon.change({ rateLimits: 1n as never });
      void expect
        .poll(() => warnings.length)
        .toBe(1)
        .then(() => daemon.change({ rateLimits: [] }));
    });
    expect(events).toHaveLength(2);
    expect(warnings).toHaveLength(1);
  });

  it('refuses streams beyond the limit with an error in JSON', async () => {
    const { url } = await listeningServer();
    const streams = await Promise.all(Array.from({ length: 256 }, () => request(`${url}/api/v1/events`)));
    expect(streams.every(({ statusCode }) => statusCode === 200)).toBe(true);
    const refused = await request(`${url}/api/v1/events`);
    expect(refused.statusCode).toBe(503);
    expect(await refused.body.json()).toMatchObject({ error: { code: 'too_many_streams' } });
    for (const { body } of streams) body.on('error', () => undefined).destroy();
  });
});
