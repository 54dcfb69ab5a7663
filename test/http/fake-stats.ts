// Figures over ended runs, added up the plain way: enough for tests of the server and the page over a few hundred runs.

import type { StatsQuery, StatsRow } from '../../src/contract/observation.ts';
import type { HistoryRun, RunStatus } from '../../src/contract/store.ts';

export function statsOf(runs: readonly HistoryRun[], query: StatsQuery): StatsRow[] {
  const spans = new Map<string, { startMs: number; group: string; runs: HistoryRun[] }>();
  for (const run of runs) {
    const endMs = run.completedAtMs ?? run.startedAtMs;
    if (endMs < query.sinceMs || endMs >= query.untilMs) continue;
    const startMs =
      query.bucketMs === null ? query.sinceMs : Math.floor(endMs / query.bucketMs) * query.bucketMs;
    for (const group of groupsOf(run, query)) {
      const key = `${startMs}\n${group}`;
      const span = spans.get(key) ?? { startMs, group, runs: [] };
      span.runs.push(run);
      spans.set(key, span);
    }
  }
  return [...spans.values()]
    .map((span) => ({ startMs: span.startMs, group: span.group, ...figuresOf(span.runs) }))
    .sort((a, b) => a.startMs - b.startMs || (a.group < b.group ? -1 : 1));
}

function groupsOf(run: HistoryRun, { group }: StatsQuery): readonly string[] {
  if (group === 'agent') return [run.agentKind];
  if (group === 'status') return [run.status ?? ''];
  if (group === 'label') return run.issueLabels.length === 0 ? [''] : run.issueLabels;
  return [''];
}

function figuresOf(runs: readonly HistoryRun[]): Omit<StatsRow, 'startMs' | 'group'> {
  const sum = (pick: (run: HistoryRun) => number): number =>
    runs.reduce((total, run) => total + pick(run), 0);
  const seconds = runs
    .filter((run) => run.secondsRunning > 0 || !['interrupted', 'cancelled'].includes(run.status ?? ''))
    .map(({ secondsRunning }) => secondsRunning)
    .sort((a, b) => a - b);
  const at = (share: number): number => seconds[Math.ceil(share * seconds.length) - 1] ?? 0;
  const byStatus: Partial<Record<RunStatus, number>> = {};
  for (const { status } of runs) if (status !== null) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return {
    runs: runs.length,
    byStatus,
    tokens: {
      inputTokens: sum(({ tokens }) => tokens.inputTokens),
      outputTokens: sum(({ tokens }) => tokens.outputTokens),
      cacheReadTokens: sum(({ tokens }) => tokens.cacheReadTokens),
    },
    costUsd: sum(({ costUsd }) => costUsd ?? 0),
    costEstimated: runs.some(({ costEstimated }) => costEstimated),
    unpricedRuns: runs.filter(({ costUsd }) => costUsd === null).length,
    secondsTotal: seconds.reduce((total, one) => total + one, 0),
    secondsP50: at(0.5),
    secondsP95: at(0.95),
  };
}
