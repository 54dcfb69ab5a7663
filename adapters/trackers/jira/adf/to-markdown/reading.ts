// How much of a document is read: nodes are counted, because a shared node could multiply for ever, and nesting is
// limited, because rendering recurses and each level of a quote or list adds a prefix to every line below it.
import { flattenWithin } from '../flatten.ts';
import type { UnknownNode } from '../node.ts';

/** A 10 MB answer holds fewer nodes that say anything. */
const nodeLimit = 1_000_000;
/** People nest a handful; below this everything is plain text. */
const depthLimit = 40;

export class Reading {
  readonly #count: { nodes: number };
  readonly #depth: number;

  constructor(count = { nodes: 0 }, depth = 0) {
    this.#count = count;
    this.#depth = depth;
  }

  /** Counts a node; false when there have been too many, and the rest is left out. */
  enter(): boolean {
    this.#count.nodes += 1;
    return this.#count.nodes <= nodeLimit;
  }

  get full(): boolean {
    return this.#count.nodes >= nodeLimit;
  }

  /** What `read` gives one level further down; undefined when that is too deep. */
  deeper<T>(read: (deeper: Reading) => T): T | undefined {
    return this.#depth < depthLimit ? read(new Reading(this.#count, this.#depth + 1)) : undefined;
  }

  /** All text below a node: of code, and of what is too deep to render. */
  flat(node: UnknownNode): string {
    const { text, nodes } = flattenWithin(node, Math.max(0, nodeLimit - this.#count.nodes));
    this.#count.nodes += nodes;
    return text.trimEnd();
  }
}
