// Whatever floods in, the beginning and the end are kept and the gap is told truthfully.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBoundedText } from '../../src/process/bounded-text.ts';

function keep(chunks: readonly string[], limitBytes: number): string {
  const kept = createBoundedText(limitBytes);
  for (const chunk of chunks) kept.append(Buffer.from(chunk));
  return kept.text();
}

describe('bounded text', () => {
  it('is the whole text while that fits', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 10 }), { maxLength: 10 }), (chunks) => {
        const whole = chunks.join('');
        expect(keep(chunks, Math.max(Buffer.byteLength(whole), 1))).toBe(whole);
      }),
    );
  });

  it('is a true head, a true tail, and the number of bytes between, once it does not fit', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '€', '😀'), maxLength: 30 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 64 }), (chunks, limit) => {
        const whole = chunks.join('');
        fc.pre(Buffer.byteLength(whole) > limit);
        const parts = /^(.*)\n\[\.\.\. (\d+) bytes left out \.\.\.\]\n(.*)$/s.exec(keep(chunks, limit));
        const [, head = '', leftOut, tail = ''] = parts ?? [];
        expect(whole.startsWith(head)).toBe(true);
        expect(whole.endsWith(tail)).toBe(true);
        const kept = Buffer.byteLength(head) + Buffer.byteLength(tail);
        expect(kept).toBeLessThanOrEqual(limit);
        expect(Number(leftOut)).toBe(Buffer.byteLength(whole) - kept);
        // At most three bytes of a cut character are given up on either side.
        expect(kept).toBeGreaterThanOrEqual(limit - 6);
      }),
    );
  });

  it('can be read, added to and read again', () => {
    const kept = createBoundedText(8);
    kept.append(Buffer.from('0123456789'));
    expect(kept.text()).toBe('0123\n[... 2 bytes left out ...]\n6789');
    kept.append(Buffer.from('ab'));
    expect(kept.text()).toBe('0123\n[... 4 bytes left out ...]\n89ab');
  });

  it('does not grow with what is appended', () => {
    const kept = createBoundedText(64 * 1024);
    const chunk = Buffer.alloc(10_000, 'x');
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 5000; i += 1) kept.append(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
    expect(kept.text().length).toBeLessThan(66 * 1024);
  });
});
