// The only source of chance in the simulation: a small generator with a seed (mulberry32), so that the same seed
// always gives the same world. Never Math.random.

export interface Dice {
  /** From 0 up to but not including 1. */
  next(): number;
  chance(probability: number): boolean;
  /** Both ends included. */
  int(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** A generator of its own, so that drawing from one part of the world does not shift another. */
  fork(): Dice;
}

export function createDice(seed: number): Dice {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const dice: Dice = {
    next,
    chance: (probability) => next() < probability,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick(list) {
      const picked = list[Math.floor(next() * list.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    fork: () => createDice(Math.floor(next() * 2 ** 32)),
  };
  return dice;
}
