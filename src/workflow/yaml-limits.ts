// What must not reach yaml's composer, and what it forgives. It recurses without a limit, compares keys
// in quadratic time and follows an alias to itself; all of that is caught here, by walks that neither
// recurse nor grow. Nothing here knows a setting.

import { isAlias, isCollection, isMap, isNode, isPair, isScalar, Parser } from 'yaml';
import type { CST, Document } from 'yaml';

/** As in design: an honest workflow repeats an anchor a few times, a bomb thousands of times. */
export const MAX_ALIAS_COUNT = 50;
/**
 * Deeper than any settings. Checked before yaml composes, because it recurses, and V8 aborts the process
 * (no exception) when a regular expression is compiled near the end of the stack: 20,000 `[` did that.
 */
export const MAX_DEPTH = 64;
/** gray-matter looks for comments in time quadratic in a run of blanks: 80,000 blank lines take 2.7 s. */
export const MAX_BLANK_RUN = 2000;

export const TOO_DEEP = `nested more than ${MAX_DEPTH} levels deep; no setting needs that`;

export interface Fault {
  readonly offset: number;
  readonly text: string;
}

/** Offset of the first run of blanks that is too long; -1 when there is none. */
export function blankRun(yaml: string): number {
  let start = -1;
  for (const { index, 0: run } of yaml.matchAll(/\s+/g)) {
    if (run.length > MAX_BLANK_RUN && start === -1) start = index;
  }
  return start;
}

/** Offset of the first token that is nested too deeply; yaml's tokens come from a parser that does not recurse. */
export function depthExceeded(text: string): number | null {
  const level: { token: CST.Token; depth: number }[] = [];
  for (const root of new Parser().parse(text)) {
    level.push({ token: root, depth: 0 });
    for (let entry = level.pop(); entry !== undefined; entry = level.pop()) {
      const { token, depth } = entry;
      if (depth > MAX_DEPTH) return token.offset;
      if (token.type === 'document' && token.value) level.push({ token: token.value, depth });
      if (!('items' in token)) continue;
      for (const { key, value } of token.items) {
        if (key) level.push({ token: key, depth: depth + 1 });
        if (value) level.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return null;
}

/** Keys that stand twice in one map. */
export function duplicates(root: unknown): Fault[] {
  const found: Fault[] = [];
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (isPair(node)) waiting.push(node.value);
    if (!isCollection(node)) continue;
    for (const item of node.items) waiting.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const { key } of node.items) {
      if (!isScalar(key)) continue;
      const name = String(key.value);
      if (seen.has(name)) {
        const text = `the key "${name.slice(0, 60)}" stands here a second time; keep one of them`;
        found.push({ offset: key.range?.[0] ?? 0, text });
      }
      seen.add(name);
    }
  }
  return found;
}

/** What toJS would loop on or throw without a place: an alias back to itself, an alias to nothing. */
export function aliasFault(document: Document.Parsed): Fault | null {
  const level: { node: unknown; depth: number }[] = [{ node: document.contents, depth: 0 }];
  let aliases = 0;
  for (let entry = level.pop(); entry !== undefined; entry = level.pop()) {
    const { node, depth } = entry;
    if (depth > MAX_DEPTH) return { offset: offsetOf(node), text: TOO_DEEP };
    if (isAlias(node)) {
      aliases += 1;
      // toJS counts them exactly and refuses; here it is enough to stop walking a bomb.
      if (aliases > MAX_ALIAS_COUNT * MAX_DEPTH) return null;
      const target = node.resolve(document);
      if (target === undefined) {
        const text = `the alias *${node.source} has no anchor above it; define &${node.source} first`;
        return { offset: offsetOf(node), text };
      }
      level.push({ node: target, depth: depth + 1 });
    } else if (isPair(node)) {
      level.push({ node: node.value, depth });
    } else if (isCollection(node)) {
      for (const item of node.items) level.push({ node: item, depth: depth + 1 });
    }
  }
  return null;
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
