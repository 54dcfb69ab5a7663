// Server-sent events out of bytes, wherever the network cuts them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverEvents, type ServerEvent } from '../../../src/cli/client/server-events.ts';

async function* chunks(parts: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* parts;
}

async function read(text: string | readonly string[], longest?: number): Promise<ServerEvent[]> {
  const parts = (typeof text === 'string' ? [text] : text).map((part) => Buffer.from(part));
  const events: ServerEvent[] = [];
  for await (const event of serverEvents(chunks(parts), longest)) events.push(event);
  return events;
}

it('reads names, ids, several lines of data, and passes comments over', async () => {
  const text = ': hello\n\nretry: 2000\n\nid: 7\nevent: state\ndata: {"a":\ndata:1}\n\ndata\n\n';
  expect(await read(text)).toEqual([
    { id: '7', event: 'state', data: '{"a":\n1}' },
    { id: '7', event: 'message', data: '' },
  ]);
});

it('drops an event that the end has cut off', async () => {
  expect(await read('data: whole\n\ndata: half\n')).toEqual([{ id: '', event: 'message', data: 'whole' }]);
});

it('reads the same events however they are cut, with any line ends', async () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\r\n\0]/g, ''));
  const event = fc.record({
    id: word,
    event: word.filter((text) => text !== ''),
    data: fc.array(word, { minLength: 1, maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 4 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (sent, end, sizes) => {
        const bytes = Buffer.from(
          sent
            .map(({ id, event: name, data }) =>
              [`id: ${id}`, `event: ${name}`, ...data.map((line) => `data: ${line}`), '', ''].join(end),
            )
            .join(''),
        );
        const cuts: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          cuts.push(bytes.subarray(at, at + size));
          at += size;
        }
        const got: ServerEvent[] = [];
        for await (const one of serverEvents(chunks(cuts))) got.push(one);
        // A lone CR at the very end may be half of a CRLF: its event is known only when more comes.
        const whole = end === '\r' ? sent.slice(0, -1) : sent;
        expect(got).toEqual(whole.map((one) => ({ ...one, data: one.data.join('\n') })));
      },
    ),
  );
});

describe('what never ends', () => {
  it('is refused as one line', async () => {
    await expect(read(['data: ', 'x'.repeat(60), 'x'.repeat(60)], 100)).rejects.toThrow('longer than 100');
  });

  it('is refused as many lines', async () => {
    await expect(read('data: xxxxxxxxxx\n'.repeat(20), 100)).rejects.toThrow('longer than 100');
    expect(await read('data: xxxxxxxxxx\n\n'.repeat(20), 100)).toHaveLength(20);
  });
});
