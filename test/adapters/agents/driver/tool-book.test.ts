// Which tools are in flight: each start has one result, whatever an agent forgets or repeats.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createToolBook } from '../../../../adapters/agents/driver/index.ts';

it('gives a start its result, with the duration', () => {
  const book = createToolBook();
  expect(book.started('c1', 'Bash', 100)).toEqual([{ kind: 'tool_started', callId: 'c1', name: 'Bash' }]);
  expect(book.nameOf('c1')).toBe('Bash');
  expect(book.ended('c1', { ok: true, writes: true }, 350.4)).toEqual([
    { kind: 'tool_result', callId: 'c1', name: 'Bash', durationMs: 250, ok: true, writes: true },
  ]);
  expect(book.inFlight()).toBe(0);
});

it('says a start once, and takes a result without a start', () => {
  const book = createToolBook();
  book.started('c1', 'Bash', 0);
  expect(book.started('c1', 'Bash', 5)).toEqual([]);
  expect(book.ended('unknown', { ok: false, name: 'Read\u001b[31m' }, 9)).toEqual([
    { kind: 'tool_result', callId: 'unknown', name: 'Read', durationMs: 0, ok: false, writes: false },
  ]);
});

it('forgets with the turn what never had a result', () => {
  const book = createToolBook();
  book.started('c1', 'Bash', 0);
  book.endTurn();
  expect(book.inFlight()).toBe(0);
  expect(book.started('c1', 'Bash', 0)).toHaveLength(1);
});

it('stays bounded under any calls', () => {
  const step = fc.record({ id: fc.string({ maxLength: 3 }), end: fc.boolean(), name: fc.string() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
      const book = createToolBook();
      let atMs = 0;
      for (const { id, end, name } of steps) {
        atMs += 1;
        const events = end ? book.ended(id, { ok: true, name }, atMs) : book.started(id, name, atMs);
        for (const event of events) expect('name' in event && event.name !== '').toBe(true);
        expect(book.inFlight()).toBeLessThanOrEqual(256);
      }
    }),
    { numRuns: 30 },
  );
});
