// Writes bytes to stdout as a real agent's pipe delivers them: in pieces that end anywhere, with small real delays.
// Which pieces is decided by a seed alone, so a failure can be seen again.
import { setTimeout as sleep } from 'node:timers/promises';

/** Above this a piece is 64 KiB: a line of many megabytes should not take minutes. */
const LARGE_BYTES = 512 * 1024;

/** mulberry32: numbers from 0 to 1 out of a seed. */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Resolves when the bytes are with the kernel, or nobody is left to read them. */
function put(bytes) {
  return new Promise((resolve) => process.stdout.write(bytes, () => resolve()));
}

/** @returns in how many pieces: who reads late finds some of them joined. */
export async function write(bytes, { pieces, random }) {
  if (pieces === 'whole') return put(bytes).then(() => 1);
  const isLarge = bytes.length > LARGE_BYTES;
  const longest = Math.min(4_096, Math.max(16, bytes.length >> 2));
  let count = 0;
  for (let at = 0; at < bytes.length; count += 1) {
    const limit = random() < 0.3 ? 16 : longest;
    const length = isLarge ? 65_536 : 1 + Math.floor(random() * limit);
    await put(bytes.subarray(at, at + length));
    at += length;
    if (!isLarge && random() < 0.5) await sleep(random() * 4);
  }
  return count;
}
