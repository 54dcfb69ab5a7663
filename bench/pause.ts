// Waiting, for what has no event that could be awaited.

import { setTimeout as sleep } from 'node:timers/promises';

export { sleep };

export async function until(
  what: string,
  limitMs: number,
  probe: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await sleep(5);
  }
}
