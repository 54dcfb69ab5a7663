// What the store has acknowledged survives the sudden death of the process, and no batch is half there.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { startChild } from './child-process.ts';
import { tracker } from './rows.ts';
import { storeFolder } from './store-folder.ts';

test('every acknowledged batch is there after kill -9, whole, and the unacknowledged one is whole or absent', async () => {
  const path = join(storeFolder(), 'sortie.db');
  let next = 0;
  for (const acknowledgements of [1, 8, 60]) {
    const child = startChild('child-applies.ts', path, String(next));
    await child.untilLines(acknowledgements);
    await child.kill();
    const acknowledged = Number(child.lines.at(-1));
    expect(child.lines.length).toBeGreaterThanOrEqual(acknowledgements);

    const store = await openStore({ path, tracker });
    const { retries, openRuns, issues } = await store.load();
    await store.close();
    const batches = issues.find(({ issueId }) => issueId === 'counter')?.sessionsUsed ?? 0;
    expect([acknowledged + 1, acknowledged + 2]).toContain(batches);
    const expected = Array.from({ length: batches }, (_, batch) => batch);
    const numbers = (rows: readonly { issueId: string }[]): number[] =>
      rows.map(({ issueId }) => Number(issueId)).sort((a, b) => a - b);
    expect(numbers(retries)).toEqual(expected);
    expect(numbers(openRuns)).toEqual(expected);
    next = batches;
  }
}, 60_000);
