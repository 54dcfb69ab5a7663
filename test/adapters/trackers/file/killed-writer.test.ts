// A process that is killed in the middle of a write leaves the old file or the new, never half of one.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { startProgram } from './child-program.ts';
import { never, record, withIssues } from './issues-file.ts';

const kills = 20;

it('leaves a whole file wherever SIGKILL hits', async () => {
  // Large, so that writing takes a good part of the cycle: in place, every sixth kill or so would hit it.
  const records = Array.from({ length: 200 }, (_, index) =>
    record(index, { description: 'y'.repeat(20_000) }),
  );
  await withIssues(records, async (file) => {
    let written = 0;
    for (let round = 0; round < kills; round += 1) {
      const writer = startProgram('transition-program.ts', [file.path, '0']);
      try {
        await vi.waitUntil(() => writer.lines().includes('ok'), { timeout: 20_000, interval: 5 });
        // A fresh point of its write cycle each round, not a wait for something to happen.
        await sleep(round * 7.3);
      } finally {
        writer.child.kill('SIGKILL');
        await writer.ended;
      }
      written += writer.lines().filter((line) => line === 'ok').length;
      const found = file.records();
      expect(found[1]?.['state']).toMatch(/^(?:To Do|x+)$/);
      expect(found.map((one, index) => (index === 1 ? records[1] : one))).toEqual(records);
    }
    expect(written).toBeGreaterThanOrEqual(kills);
    await file.tracker().transitionIssue('1', 'Done', {}, never);
    expect(file.records()[1]?.['state']).toBe('Done');
  });
}, 120_000);
