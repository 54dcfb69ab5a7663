// Lines come out the same whatever the chunks were, and memory and time stay bounded.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from '../../src/process/line-splitter.ts';

function split(chunks: readonly Uint8Array[], limitBytes = 1_000_000) {
  const lines: string[] = [];
  const oversized: number[] = [];
  const splitter = createLineSplitter({
    limitBytes,
    onLine: (line) => lines.push(line),
    onOversized: (bytes) => oversized.push(bytes),
  });
  for (const chunk of chunks) splitter.push(chunk);
  const { unterminated } = splitter.end();
  return { lines, oversized, unterminated };
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const borders = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const starts = [0, ...borders];
  return starts.map((start, index) => bytes.subarray(start, borders[index] ?? bytes.length));
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('a', 'é', '€', '😀', '\n', '\r', '\u2028', '\u2029', '\u0085'),
    maxLength: 60,
  }),
);

describe('the line splitter', () => {
  it('gives the same lines for any text cut into any chunks', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 20 }), (whole, places) => {
        const bytes = Buffer.from(whole);
        const parts = bytes.toString('utf8').split('\n');
        const last = parts.pop() ?? '';
        const expected = [...parts, ...(last === '' ? [] : [last])].map((line) => line.replace(/\r$/, ''));
        expect(split(cut(bytes, places))).toEqual({
          lines: expected,
          oversized: [],
          unterminated: last !== '',
        });
      }),
    );
  });

  it('does not care how bytes that are no UTF-8 were cut, and never throws on them', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (bytes, places) => {
          expect(split(cut(bytes, places))).toEqual(split([bytes]));
        },
      ),
    );
    expect(split([Buffer.from([0x61, 0xff, 0x62, 0x0a])]).lines).toEqual(['a\ufffdb']);
  });

  it('skips exactly the lines over the limit and tells their length, however they were cut', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 16 });
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(), { maxLength: 20 }), (lines, places) => {
        const limit = 8;
        const found = split(cut(Buffer.from(lines.map((each) => `${each}\n`).join('')), places), limit);
        const length = (each: string): number => Buffer.byteLength(each);
        expect(found.lines).toEqual(lines.filter((each) => length(each) <= limit));
        expect(found.oversized).toEqual(lines.map(length).filter((bytes) => bytes > limit));
      }),
    );
  });

  it('counts an endless last line as oversized and unterminated', () => {
    const found = split([Buffer.from('ok\n'), Buffer.alloc(20, 'x')], 10);
    expect(found).toEqual({ lines: ['ok'], oversized: [20], unterminated: true });
  });

  it('strips one carriage return only', () => {
    expect(split([Buffer.from('a\r\r\nb\rc\r\n\r\n')]).lines).toEqual(['a\r', 'b\rc', '']);
  });

  it('takes one long line in tiny chunks in linear time', () => {
    const timeFor = (pieces: number): number => {
      const piece = Buffer.from('0123456789');
      const start = performance.now();
      const { lines } = split(Array<Buffer>(pieces).fill(piece), 100_000_000);
      expect(lines[0]?.length).toBe(pieces * 10);
      return performance.now() - start;
    };
    timeFor(50_000);
    // Eight times the input: linear is about 8, quadratic 64. The floor keeps noise on a tiny base out.
    expect(timeFor(400_000)).toBeLessThan(30 * Math.max(timeFor(50_000), 10));
  });

  it('keeps nothing of a 50 MB line that is over the limit', () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const lines: string[] = [];
    let oversizedBytes = 0;
    const splitter = createLineSplitter({
      limitBytes: 256 * 1024,
      onLine: (line) => lines.push(line),
      onOversized: (bytes) => {
        oversizedBytes = bytes;
      },
    });
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 800; i += 1) splitter.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
    splitter.push(Buffer.from('\nnext\n'));
    expect(oversizedBytes).toBe(800 * chunk.length);
    expect(lines).toEqual(['next']);
  });
});
