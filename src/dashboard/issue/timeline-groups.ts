// A timeline cut into what people look for: one group for each run and one for each span between two runs. Pure. An
// entry without a run belongs to the run that was under way when it happened, or to the span after it. No entry is
// ever lost or shown twice, whatever order the pages came in.

import type { TimelineEntry } from '../wire.ts';

export interface TimelineGroup {
  /** Stable while older pages are loaded and newer entries come. */
  readonly key: string;
  /** null = between two runs. */
  readonly runId: string | null;
  readonly attempt: number | null;
  /** Oldest first, at least one. */
  readonly entries: readonly TimelineEntry[];
  readonly firstAt: string;
  readonly lastAt: string;
  /** The run's end; null while it runs, and between runs. */
  readonly ending: TimelineEntry | null;
}

/** Newest first. @param entries in any order; one `seq` counts once, and the last one given wins. */
export function groupTimeline(entries: readonly TimelineEntry[]): readonly TimelineGroup[] {
  const groups: { runId: string | null; entries: TimelineEntry[]; isOver: boolean }[] = [];
  const byRun = new Map<string, (typeof groups)[number]>();
  for (const entry of mergeEntries([], entries)) {
    const last = groups.at(-1);
    const known = entry.run_id === null ? undefined : byRun.get(entry.run_id);
    let group = known;
    if (group === undefined && entry.run_id === null && last !== undefined) {
      if (last.runId === null || !last.isOver) group = last;
    }
    if (group === undefined) {
      group = { runId: entry.run_id, entries: [], isOver: false };
      groups.push(group);
      if (entry.run_id !== null) byRun.set(entry.run_id, group);
    }
    group.entries.push(entry);
    if (entry.kind === 'run_finished') group.isOver = true;
  }
  // A span is named by the run after it: both its ends may still move, the one by an older page, the other by news.
  return groups
    .map(({ runId, entries: own }, index) =>
      finish(runId ?? `before-${groups[index + 1]?.runId ?? 'anything'}`, runId, own),
    )
    .reverse();
}

/** Both, each `seq` once and in order; where both have it, that of `newer` counts. */
export function mergeEntries(
  older: readonly TimelineEntry[],
  newer: readonly TimelineEntry[],
): readonly TimelineEntry[] {
  const bySeq = new Map<number, TimelineEntry>();
  for (const entry of older) bySeq.set(entry.seq, entry);
  for (const entry of newer) bySeq.set(entry.seq, entry);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

function finish(key: string, runId: string | null, entries: readonly TimelineEntry[]): TimelineGroup {
  const first = entries[0] as TimelineEntry;
  return {
    key,
    runId,
    attempt: entries.find(({ attempt }) => attempt !== null)?.attempt ?? null,
    entries,
    firstAt: first.at,
    lastAt: (entries.at(-1) ?? first).at,
    ending: runId === null ? null : (entries.findLast(({ kind }) => kind === 'run_finished') ?? null),
  };
}
