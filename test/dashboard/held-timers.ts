// The page's longer waits under the hand of a test: none ends by itself any more, however fast or slow the machine is.
// Shorter ones, and the drawing, go on as they are.

import type { Page } from 'playwright-core';

export interface HeldTimers {
  /** How long each of those that wait now was to wait, in ms. */
  waiting(): Promise<number[]>;
  /** Lets all that wait now come to their end. */
  pass(): Promise<void>;
}

/** From now on, in this document; waits that had begun before are not held. The page's monotonic clock stands still. */
export async function holdTimers(page: Page, fromMs: number): Promise<HeldTimers> {
  await page.evaluate(`(() => {
    const [real, clear, now] = [setTimeout, clearTimeout, performance.now()];
    const held = new Map();
    let id = 1e9;
    performance.now = () => now;
    window.setTimeout = (fire, ms = 0, ...rest) => {
      if (ms < ${fromMs}) return real(fire, ms, ...rest);
      held.set(++id, { fire: () => fire(...rest), ms });
      return id;
    };
    window.clearTimeout = (one) => held.delete(one) || clear(one);
    window.heldTimers = held;
  })()`);
  return {
    waiting: () => page.evaluate('[...heldTimers.values()].map(({ ms }) => ms)'),
    pass: () =>
      page.evaluate(`(() => {
        const all = [...heldTimers.values()];
        heldTimers.clear();
        for (const { fire } of all) fire();
      })()`),
  };
}
