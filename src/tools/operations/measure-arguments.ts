// How large and how deep arguments are, found without recursion, before anything walks through them: what an agent sends
// may be nested a hundred thousand times, and everything after this is written as if it were not.

import { ToolFault } from '../../contract/agent-tools.ts';

/** Of all texts and names together. */
const TEXT_LIMIT = 512 * 1024;
const DEPTH_LIMIT = 20;
/** Values and fields. */
const COUNT_LIMIT = 20_000;

/** Throws ToolFault `too_large`. */
export function measureArguments(value: unknown): void {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 1 }];
  let characters = 0;
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    count += 1;
    if (count > COUNT_LIMIT)
      throw new ToolFault('too_large', `the arguments hold over ${COUNT_LIMIT} values`);
    if (typeof next.value === 'string') characters += next.value.length;
    if (typeof next.value === 'object' && next.value !== null) {
      if (next.depth > DEPTH_LIMIT)
        throw new ToolFault('too_large', `the arguments are nested over ${DEPTH_LIMIT} times; flatten them`);
      for (const [name, inner] of Object.entries(next.value)) {
        if (!Array.isArray(next.value)) characters += name.length;
        open.push({ value: inner, depth: next.depth + 1 });
        if (open.length > COUNT_LIMIT)
          throw new ToolFault('too_large', `the arguments hold over ${COUNT_LIMIT} values`);
      }
    }
    if (characters > TEXT_LIMIT)
      throw new ToolFault('too_large', `the arguments hold over ${TEXT_LIMIT / 1024} KiB of text; send less`);
  }
}
