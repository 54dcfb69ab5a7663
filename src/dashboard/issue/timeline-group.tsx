// One run on the timeline, or the span between two: a line that says it all, and behind it the phases as a bar and
// every entry. The newest run is open; what the reader opens or folds stays so.

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { daemonNow } from '../clock.ts';
import { duration } from '../format.ts';
import { words } from '../phrases.ts';
import { Badge } from '../ui/badge.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Elapsed, Utc } from '../ui/time.tsx';
import type { Running, TimelineEntry } from '../wire.ts';
import { phaseParts, phaseSinceMs } from './phase-parts.ts';
import type { TimelineGroup } from './timeline-groups.ts';
import { EntryLine } from './timeline-entry.tsx';
import { foldTools, summarize, type ToolSummary } from './tool-folds.ts';
import { endingTone } from './timeline-words.ts';

export interface TimelineGroupViewProps {
  readonly group: TimelineGroup;
  readonly isNewest: boolean;
  /** Of this run, while it goes on. */
  readonly running: Running | null;
  readonly onChooseRun: (runId: string) => void;
}

export function TimelineGroupView({ group, isNewest, running, onChooseRun }: TimelineGroupViewProps) {
  const open = useSignal(isNewest || group.runId === null);
  const { runId, entries } = group;
  return (
    <li class="timeline-group" data-kind={runId === null ? 'between' : 'run'}>
      {runId === null ? (
        <Entries entries={entries} />
      ) : (
        <details open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
          <summary>
            <RunLine group={group} running={running} />
          </summary>
          {open.value ? (
            <>
              <PhaseBar entries={entries} running={running} />
              <Entries entries={entries} />
              <p class="timeline-run-links">
                <button type="button" class="button small quiet" onClick={() => onChooseRun(runId)}>
                  Show its transcript and prompts
                </button>
              </p>
            </>
          ) : null}
        </details>
      )}
    </li>
  );
}

function RunLine({ group, running }: Pick<TimelineGroupViewProps, 'group' | 'running'>) {
  const { attempt, entries, ending, firstAt, lastAt } = group;
  const tools = useMemo(() => summarize(entries.filter(({ kind }) => kind === 'tool')), [entries]);
  const turns = entries.filter(({ kind }) => kind === 'turn').length;
  const tookMs =
    ending?.duration_seconds == null
      ? Date.parse(lastAt) - Date.parse(firstAt)
      : ending.duration_seconds * 1000;
  const facts = [
    count(turns, 'turn'),
    count(
      tools.names.reduce((sum, [, calls]) => sum + calls, 0),
      'tool call',
    ),
    tools.failed === 0 ? '' : `${tools.failed} failed`,
  ].filter((fact) => fact !== '');
  return (
    <span class="timeline-run">
      <strong>{attempt === null ? 'Run' : `Attempt ${attempt}`}</strong>
      {ending !== null ? (
        <Badge tone={endingTone(ending.name)}>{words(ending.name)}</Badge>
      ) : running !== null ? (
        <Badge tone="live">Running</Badge>
      ) : null}
      <span class="amount">
        {running !== null && ending === null ? <Elapsed at={running.started_at} /> : duration(tookMs)}
      </span>
      <span class="soft">
        {facts.join(', ')}
        {facts.length === 0 ? '' : ' · '}
        started <Ago at={firstAt} /> (<Utc at={firstAt} />)
      </span>
    </span>
  );
}

function count(number: number, word: string): string {
  return number === 0 ? '' : `${number} ${word}${number === 1 ? '' : 's'}`;
}

function PhaseBar({
  entries,
  running,
}: {
  readonly entries: readonly TimelineEntry[];
  readonly running: Running | null;
}) {
  // Not a computed signal: one that reads no signal any more would keep what it showed last.
  const parts =
    running === null
      ? phaseParts(entries, null, 0)
      : phaseParts(
          entries,
          { phase: running.phase, sinceMs: phaseSinceMs(entries, running.started_at) },
          daemonNow.value,
        );
  if (parts.length === 0) return null;
  return (
    <div class="phases">
      <div class="phase-bar" aria-hidden="true">
        {parts.map(({ phase, share }) => (
          <span
            key={phase}
            class="phase-part"
            data-phase={phase}
            style={{ flexGrow: Math.max(share, 0.004) }}
          />
        ))}
      </div>
      <ul class="phase-names" aria-label="Phases">
        {parts.map(({ phase, seconds, isNow }) => (
          <li key={phase}>
            <span class="phase-part" data-phase={phase} aria-hidden="true" />
            {words(phase)} <b>{seconds < 10 ? `${seconds.toFixed(1)}s` : duration(seconds * 1000)}</b>
            {isNow ? ' so far' : ''}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Entries({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  const items = useMemo(() => foldTools(entries.filter(isListed)), [entries]);
  return (
    <ol class="entries">
      {items.map((item) =>
        item.kind === 'entry' ? (
          <EntryLine key={item.entry.seq} entry={item.entry} />
        ) : (
          <li key={`tools-${item.entries[0]?.seq ?? 0}`} class="entry-fold">
            <details>
              <summary>
                <ToolLine summary={item.summary} count={item.entries.length} />
              </summary>
              <ol class="entries">
                {item.entries.map((entry) => (
                  <EntryLine key={entry.seq} entry={entry} />
                ))}
              </ol>
            </details>
          </li>
        ),
      )}
    </ol>
  );
}

/** The bar tells the phases; one that failed is told as well. */
function isListed({ kind, ok }: TimelineEntry): boolean {
  return kind !== 'phase' || ok === false;
}

function ToolLine({ summary, count: calls }: { readonly summary: ToolSummary; readonly count: number }) {
  const { names, failed, seconds } = summary;
  const text = names
    .slice(0, 4)
    .map(([name, times]) => (times === 1 ? name : `${name} × ${times}`))
    .join(', ');
  return (
    <span class="entry-tools">
      <span>{calls} tool calls</span>
      <Text text={`${text}${names.length > 4 ? ', …' : ''}`} class="soft" />
      {failed === 0 ? null : <Badge tone="bad">{`${failed} failed`}</Badge>}
      <span class="amount soft">{duration(seconds * 1000)}</span>
    </span>
  );
}
