// One issue's whole life, newest run first: what was decided, what ran, for how long, and how it ended.

import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { request } from '../api.ts';
import { Empty, Failure, Section } from '../ui/section.tsx';
import type { Running, Timeline as TimelinePage } from '../wire.ts';
import { groupTimeline } from './timeline-groups.ts';
import { createTimelineReader, type ReadTimeline } from './timeline-reader.ts';
import { filterLabels, filterOf, FILTERS, type TimelineFilter } from './timeline-words.ts';
import { TimelineGroupView } from './timeline-group.tsx';

export interface TimelineProps {
  readonly identifier: string;
  /** Rises when there is something new. */
  readonly news: number;
  readonly running: Running | null;
  readonly onChooseRun: (runId: string) => void;
}

export function Timeline({ identifier, news, running, onChooseRun }: TimelineProps) {
  const reader = useMemo(() => createTimelineReader(timelineOf(identifier)), [identifier]);
  useEffect(() => () => reader.close(), [reader]);
  useEffect(() => reader.refresh(), [reader, news]);
  const hidden = useSignal<ReadonlySet<TimelineFilter>>(new Set());
  const { entries, hasOlder, loading, error, isRead } = reader.read.value;
  const shown = useMemo(
    () =>
      hidden.value.size === 0 ? entries : entries.filter(({ kind }) => !hidden.value.has(filterOf(kind))),
    [entries, hidden.value],
  );
  const groups = useMemo(() => groupTimeline(shown), [shown]);
  const counts = useMemo(() => countByFilter(entries), [entries]);
  return (
    <Section title="Timeline" count={isRead && !hasOlder ? entries.length : undefined}>
      <Failure error={error} retry={() => reader.refresh()} />
      {entries.length > 0 ? <Filters hidden={hidden} counts={counts} /> : null}
      {isRead && entries.length === 0 ? (
        <Empty>
          Nothing has happened to this issue yet. Verdicts, runs and what people said appear here.
        </Empty>
      ) : null}
      {groups.length > 1 ? (
        <p class="soft timeline-order">Newest first; each part from its beginning. Times are UTC.</p>
      ) : null}
      {entries.length > 0 && shown.length === 0 ? (
        <Empty>Every kind that occurs is switched off above.</Empty>
      ) : null}
      <ol class="timeline">
        {groups.map((group, index) => (
          <TimelineGroupView
            key={group.key}
            group={group}
            isNewest={index === firstRun(groups)}
            running={group.runId !== null && running?.run_id === group.runId ? running : null}
            onChooseRun={onChooseRun}
          />
        ))}
      </ol>
      {hasOlder ? (
        <p class="timeline-older">
          <button type="button" class="button small" aria-disabled={loading} onClick={() => reader.older()}>
            {loading ? 'Reading…' : 'Show older'}
          </button>
        </p>
      ) : null}
    </Section>
  );
}

const PAGE_ENTRIES = 300;

function timelineOf(identifier: string): ReadTimeline {
  const url = `/api/v1/issues/${encodeURIComponent(identifier)}/timeline?limit=${PAGE_ENTRIES}`;
  return (before, signal) =>
    request<TimelinePage>(before === null ? url : `${url}&before=${before}`, { signal });
}

function firstRun(groups: readonly { readonly runId: string | null }[]): number {
  return Math.max(
    0,
    groups.findIndex(({ runId }) => runId !== null),
  );
}

function countByFilter(entries: readonly { readonly kind: string }[]): ReadonlyMap<TimelineFilter, number> {
  const counts = new Map<TimelineFilter, number>();
  for (const { kind } of entries) counts.set(filterOf(kind), (counts.get(filterOf(kind)) ?? 0) + 1);
  return counts;
}

interface FiltersProps {
  readonly hidden: Signal<ReadonlySet<TimelineFilter>>;
  readonly counts: ReadonlyMap<TimelineFilter, number>;
}

function Filters({ hidden, counts }: FiltersProps) {
  const toggle = (filter: TimelineFilter): void => {
    const next = new Set(hidden.value);
    if (!next.delete(filter)) next.add(filter);
    hidden.value = next;
  };
  return (
    <div class="timeline-filters" role="group" aria-label="Kinds of entries">
      {FILTERS.filter((filter) => (counts.get(filter) ?? 0) > 0).map((filter) => (
        <button
          key={filter}
          type="button"
          class="chip"
          aria-pressed={!hidden.value.has(filter)}
          onClick={() => toggle(filter)}
        >
          {filterLabels[filter]} <span class="chip-count">{counts.get(filter)}</span>
        </button>
      ))}
    </div>
  );
}
