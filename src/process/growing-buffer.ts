// Bytes that are appended piece by piece and read once as a whole. It doubles when full, so that a million small
// pieces cost linear time and no object each; it gives a large block back when it is emptied.

const FIRST_BYTES = 1024;
const KEPT_WHEN_EMPTIED_BYTES = 64 * 1024;

/** Appendable bytes; never aliases what was appended. */
export interface GrowingBuffer {
  readonly length: number;
  append(bytes: Uint8Array): void;
  /** A view that holds until the next `append` or `clear`. */
  view(): Buffer;
  /** Drops the oldest bytes, in place. */
  dropFirst(count: number): void;
  clear(): void;
}

/** An empty {@link GrowingBuffer}; whoever appends has to see to a limit. */
export function createGrowingBuffer(): GrowingBuffer {
  let block = Buffer.alloc(0);
  let used = 0;

  return {
    get length() {
      return used;
    },
    append(bytes) {
      const needed = used + bytes.length;
      if (needed > block.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(needed, block.length * 2, FIRST_BYTES));
        block.copy(larger, 0, 0, used);
        block = larger;
      }
      block.set(bytes, used);
      used = needed;
    },
    view: () => block.subarray(0, used),
    dropFirst(count) {
      block.copyWithin(0, count, used);
      used -= count;
    },
    clear() {
      used = 0;
      if (block.length > KEPT_WHEN_EMPTIED_BYTES) block = Buffer.alloc(0);
    },
  };
}
