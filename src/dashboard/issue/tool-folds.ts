// Long rows of tool calls become one line that says how many there were, of what and how they went. Pure.

import type { TimelineEntry } from '../wire.ts';

export type TimelineItem =
  | { readonly kind: 'entry'; readonly entry: TimelineEntry }
  | { readonly kind: 'tools'; readonly entries: readonly TimelineEntry[]; readonly summary: ToolSummary };

export interface ToolSummary {
  /** The most used first, each with its count. */
  readonly names: readonly (readonly [name: string, count: number])[];
  readonly failed: number;
  readonly seconds: number;
}

/** Fewer are shown one by one. */
const FOLD_FROM = 4;

export function foldTools(entries: readonly TimelineEntry[]): readonly TimelineItem[] {
  const items: TimelineItem[] = [];
  let tools: TimelineEntry[] = [];
  const flush = (): void => {
    if (tools.length >= FOLD_FROM) items.push({ kind: 'tools', entries: tools, summary: summarize(tools) });
    else items.push(...tools.map((entry) => ({ kind: 'entry', entry }) as const));
    tools = [];
  };
  for (const entry of entries) {
    if (entry.kind === 'tool') {
      tools.push(entry);
      continue;
    }
    flush();
    items.push({ kind: 'entry', entry });
  }
  flush();
  return items;
}

export function summarize(tools: readonly TimelineEntry[]): ToolSummary {
  const counts = new Map<string, number>();
  let [failed, seconds] = [0, 0];
  for (const { name, ok, duration_seconds } of tools) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (ok === false) failed += 1;
    seconds += duration_seconds ?? 0;
  }
  return { names: [...counts].sort((a, b) => b[1] - a[1]), failed, seconds };
}
