// Where each row of a very long list lies, when rows differ in height and most were never drawn: a tree of sums, so
// that a measured row costs a few steps and a list of 100,000 is never walked through. Pure.

export interface RowHeights {
  count(): number;
  total(): number;
  /** The top of a row; of `count` it is the total. */
  top(index: number): number;
  /** The row at a place; the last one for a place behind the end, 0 for an empty list. */
  at(offset: number): number;
  /** What changed; 0 = it was known. */
  measure(index: number, height: number): number;
  /** More rows at the end, with an estimate each; fewer = the list is cut there. */
  resize(count: number): void;
}

export function createRowHeights(estimate: number): RowHeights {
  let size = 0;
  let heights = new Float64Array(256);
  let sums = new Float64Array(257);

  function grow(capacity: number): void {
    if (capacity <= heights.length) return;
    let next = heights.length;
    while (next < capacity) next *= 2;
    const larger = new Float64Array(next);
    larger.set(heights.subarray(0, size));
    heights = larger;
    sums = new Float64Array(next + 1);
    for (let index = 1; index <= next; index += 1) {
      sums[index] = (sums[index] ?? 0) + (index <= size ? (heights[index - 1] ?? 0) : 0);
      const parent = index + (index & -index);
      if (parent <= next) sums[parent] = (sums[parent] ?? 0) + (sums[index] ?? 0);
    }
  }

  function add(index: number, by: number): void {
    for (let at = index + 1; at < sums.length; at += at & -at) sums[at] = (sums[at] ?? 0) + by;
  }

  function top(index: number): number {
    let sum = 0;
    for (let at = Math.min(index, size); at > 0; at -= at & -at) sum += sums[at] ?? 0;
    return sum;
  }

  return {
    count: () => size,
    total: () => top(size),
    top,
    at(offset) {
      let index = 0;
      let rest = offset;
      for (let step = heights.length; step > 0; step = Math.floor(step / 2)) {
        const next = index + step;
        if (next <= size && (sums[next] ?? 0) <= rest) {
          index = next;
          rest -= sums[next] ?? 0;
        }
      }
      return Math.max(0, Math.min(index, size - 1));
    },
    measure(index, height) {
      if (index < 0 || index >= size) return 0;
      const by = height - (heights[index] ?? 0);
      if (Math.abs(by) < 0.01) return 0;
      heights[index] = height;
      add(index, by);
      return by;
    },
    resize(count) {
      grow(count);
      for (let index = count; index < size; index += 1) {
        add(index, -(heights[index] ?? 0));
        heights[index] = 0;
      }
      const before = size;
      size = count;
      for (let index = before; index < count; index += 1) {
        heights[index] = estimate;
        add(index, estimate);
      }
    },
  };
}
