// The page's one clock: everything that shows a time reads it, and nothing else is drawn again when it ticks.
// `daemonNow` runs by the daemon's clock, so a browser with a wrong one still shows ages right, and it stands
// still while the connection is lost: figures that do not change must not look alive.

import { signal } from '@preact/signals';

/** The daemon's time in milliseconds, as far as it is known. */
export const daemonNow = signal(Date.now());
/** The browser's own time, for what happens here: `connection lost since`. */
export const browserNow = signal(Date.now());

let offsetMs = 0;
let frozen = false;

/** Small differences are the network's delay; following each would make ages jump. */
const JITTER_MS = 1_500;

/** The daemon said what time it was when it answered. */
export function setDaemonTime(time: string): void {
  const offset = Date.now() - Date.parse(time);
  if (Math.abs(offset - offsetMs) > JITTER_MS) offsetMs = offset;
  tick();
}

export function freezeDaemonTime(freeze: boolean): void {
  frozen = freeze;
  tick();
}

function tick(): void {
  const now = Date.now();
  browserNow.value = now;
  if (!frozen) daemonNow.value = now - offsetMs;
}

/** Started once by main.tsx. */
export function startClock(): void {
  setInterval(tick, 1_000);
}
