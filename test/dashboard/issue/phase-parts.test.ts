// The phases of a run as parts of a bar.
import { describe, expect, it } from 'vitest';
import { phaseParts, phaseSinceMs } from '../../../src/dashboard/issue/phase-parts.ts';
import { entry } from './timeline-entries.ts';

const phase = (seq: number, name: string, duration_seconds: number | null) =>
  entry(seq, 'phase', { name, duration_seconds });

describe('the bar of a run’s phases', () => {
  it('has each phase once, in the order in which they began, with its share', () => {
    const parts = phaseParts(
      [phase(1, 'checking', 1), phase(2, 'streaming_turn', 2), phase(3, 'checking', 1)],
      null,
      0,
    );
    expect(parts).toEqual([
      { phase: 'checking', seconds: 2, share: 0.5, isNow: false },
      { phase: 'streaming_turn', seconds: 2, share: 0.5, isNow: false },
    ]);
  });

  it('counts the phase that goes on until now', () => {
    const parts = phaseParts([phase(1, 'checking', 1)], { phase: 'streaming_turn', sinceMs: 1_000 }, 4_000);
    expect(parts).toMatchObject([
      { share: 0.25 },
      { phase: 'streaming_turn', seconds: 3, share: 0.75, isNow: true },
    ]);
  });

  it('passes over phases without an end, and is even where nothing took any time', () => {
    const parts = phaseParts([phase(1, 'a', 0), phase(2, 'b', 0), phase(3, 'c', null)], null, 0);
    expect(parts.map(({ share }) => share)).toEqual([0.5, 0.5]);
  });

  it('lets the phase that goes on begin with the end of the one before, or with the run', () => {
    const started = '2026-11-22T08:00:00Z';
    expect(phaseSinceMs([], started)).toBe(Date.parse(started));
    expect(phaseSinceMs([phase(7, 'checking', 1)], started)).toBe(Date.UTC(2026, 10, 22, 9, 0, 7));
  });
});
