// When again. Delays only; who is tried again is decided elsewhere.

/** Between a normal exit and its continuation. */
export const CONTINUATION_DELAY_MS = 1_000;

const BASE_DELAY_MS = 10_000;

/** After the nth failure in a row (n ≥ 1): `min(10 s × 2^(n−1), maxMs)`. */
export function backoffMs(failures: number, maxMs: number): number {
  const exponent = Math.max(0, failures - 1);
  // 2^40 × 10 s is past any limit; the clamp keeps the arithmetic exact.
  return Math.min(BASE_DELAY_MS * 2 ** Math.min(exponent, 40), maxMs);
}
