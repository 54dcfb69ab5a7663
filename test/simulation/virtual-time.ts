// Time that passes only when the simulation says so: a queue of what is to happen, earliest first and, at the
// same moment, in the order of asking. No real timer is ever armed.

export interface VirtualTime {
  /** Monotonic milliseconds since the world began. */
  nowMs(): number;
  /** Calls `fire` once; the answer cancels it. */
  after(delayMs: number, fire: () => void): () => void;
  /** Goes to the next moment at which something happens and lets it happen; false = nothing is left. */
  runNext(): boolean;
  /** When that is; null = never. */
  nextAtMs(): number | null;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  fire: (() => void) | null;
}

export function createVirtualTime(): VirtualTime {
  const heap: Entry[] = [];
  let nowMs = 0;
  let orders = 0;

  function earlier(a: Entry, b: Entry): boolean {
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  }

  function push(entry: Entry): void {
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !earlier(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  function pop(): Entry | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (left === undefined) break;
      if (right !== undefined && earlier(right, left)) child += 1;
      const least = heap[child] ?? left;
      if (!earlier(least, last)) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
    return first;
  }

  function dropCancelled(): void {
    while (heap[0] !== undefined && heap[0].fire === null) pop();
  }

  return {
    nowMs: () => nowMs,
    after(delayMs, fire) {
      const entry: Entry = { atMs: nowMs + Math.max(0, delayMs), order: orders++, fire };
      push(entry);
      return () => {
        entry.fire = null;
      };
    },
    runNext() {
      dropCancelled();
      const entry = pop();
      if (entry === undefined) return false;
      nowMs = entry.atMs;
      entry.fire?.();
      return true;
    },
    nextAtMs() {
      dropCancelled();
      return heap[0]?.atMs ?? null;
    },
  };
}

/** Lets every promise that can settle do so: microtasks are drained before the next turn of the event loop. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
