// Chance that repeats: the same seed gives the same numbers, so that a failing run can be run again.
// Never Math.random(): a loopback that cannot be replayed finds bugs that nobody can find twice.

/** Numbers in [0, 1). */
export type Random = () => number;

/** The mulberry32 generator: small, and good enough to choose page sizes and faults. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
