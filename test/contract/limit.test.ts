// At most so many calls at once, in order, whoever comes in the moment in which one ends.

import { expect, it } from 'vitest';
import { createLimit } from '../../src/contract/limit.ts';

const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('holds for newcomers that arrive while a place is handed on', async () => {
  const limit = createLimit(1);
  let running = 0;
  let most = 0;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const call = (until: Promise<void>): Promise<void> =>
    limit(async () => {
      running += 1;
      most = Math.max(most, running);
      await until;
      running -= 1;
    });
  const calls = [call(held), call(aMoment())];
  await aMoment();
  release();
  // One newcomer in each of the steps that handing a place on takes.
  for (let step = 0; step < 10; step += 1) {
    await Promise.resolve();
    calls.push(call(aMoment()));
  }
  await Promise.all(calls);
  expect(most).toBe(1);
});

it('gives the place of a call that failed to the next', async () => {
  const limit = createLimit(1);
  const failing = limit(() => Promise.reject(new Error('away')));
  const next = limit(() => Promise.resolve('done'));
  await expect(failing).rejects.toThrow('away');
  await expect(next).resolves.toBe('done');
});
