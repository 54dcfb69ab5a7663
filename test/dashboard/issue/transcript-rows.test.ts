// The rows of a transcript: nothing twice, pieces joined, and no more than is good for a browser.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTranscriptRows } from '../../../src/dashboard/issue/transcript-rows.ts';
import type { TranscriptLine } from '../../../src/dashboard/wire.ts';

const line = (seq: number, text: string, turn = 1): TranscriptLine => ({
  seq,
  at: '2026-11-22T09:00:00.000Z',
  turn,
  stream: 'stdout',
  line: text,
});
const piece = (text: string): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    method: 'session/update',
    params: { update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } } },
  });

describe('a transcript', () => {
  it('shows a line once, however often it comes', () => {
    const rows = createTranscriptRows();
    expect(rows.add([line(1, 'a'), line(2, 'b')])).toBe(true);
    expect(rows.add([line(1, 'a'), line(2, 'b')])).toBe(false);
    rows.add([line(2, 'b'), line(3, 'c'), line(3, 'c')]);
    expect(rows.rows().map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });

  it('joins the pieces of one speech, and keeps their raw lines', () => {
    const rows = createTranscriptRows();
    rows.add([line(1, piece('Hel'))]);
    rows.add([line(2, piece('lo')), line(3, 'x'), line(4, piece('again'))]);
    expect(rows.rows().map(({ text, raw }) => [text, raw.length])).toEqual([
      ['Hello', 2],
      ['x', 1],
      ['again', 1],
    ]);
  });

  it('joins nothing over the end of a turn', () => {
    const rows = createTranscriptRows();
    rows.add([line(1, piece('a'), 1), line(2, piece('b'), 2)]);
    expect(rows.rows().map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('counts what the daemon had not kept any more', () => {
    const rows = createTranscriptRows();
    rows.add([line(4, 'a'), line(5, 'b'), line(9, 'c')]);
    expect(rows.missing()).toBe(3 + 3);
  });

  it('lets the oldest go when there is too much, and counts them', () => {
    const rows = createTranscriptRows({ rows: 100, characters: 1e9 });
    for (let seq = 1; seq <= 1_000; seq += 1) rows.add([line(seq, `line ${seq}`)]);
    expect(rows.rows().length).toBeLessThanOrEqual(100);
    expect(rows.rows().length + rows.dropped()).toBe(1_000);
    expect(rows.rows().at(-1)?.text).toBe('line 1000');
  });

  it('does the same for few lines that are long', () => {
    const rows = createTranscriptRows({ rows: 1e9, characters: 10_000 });
    for (let seq = 1; seq <= 50; seq += 1) rows.add([line(seq, 'x'.repeat(1_000))]);
    expect(rows.rows().length).toBeLessThanOrEqual(10);
    expect(rows.lastSeq()).toBe(50);
  });

  it('is the same in whatever batches its lines come', () => {
    const texts = fc.array(
      fc.constantFrom('plain', piece('a'), piece('b'), '{"event":"notification","message":"m"}'),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 7 }), (all, size) => {
        const lines = all.map((text, index) => line(index + 1, text));
        const [whole, parts] = [createTranscriptRows(), createTranscriptRows()];
        whole.add(lines);
        for (let from = 0; from < lines.length; from += size)
          parts.add(lines.slice(Math.max(0, from - 2), from + size));
        expect(parts.rows()).toEqual(whole.rows());
      }),
    );
  });
});
