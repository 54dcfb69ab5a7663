// How much of something fits into an answer. What does not fit is counted, so that it can be said.
import type { Json } from '../../../../../src/contract/tool-operations.ts';

export interface Fitting {
  readonly kept: Readonly<Record<string, Json>>;
  readonly leftOut: number;
}

/** Entries in their order while their JSON has at most `chars` characters together. A later, smaller one still fits. */
export function fitting(entries: readonly (readonly [string, Json])[], chars: number): Fitting {
  let left = chars;
  const kept = entries.filter(([name, value]) => {
    const length = name.length + JSON.stringify(value).length;
    if (length > left) return false;
    left -= length;
    return true;
  });
  return { kept: Object.fromEntries(kept), leftOut: entries.length - kept.length };
}
