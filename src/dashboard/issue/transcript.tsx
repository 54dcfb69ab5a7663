// What a run's agent says, live: read for people, with the protocol's own lines on demand. It follows the end while
// the reader stays there, and waits when he scrolls up; only what is in sight is drawn.

import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Empty, Section } from '../ui/section.tsx';
import { visibleText } from '../visible-text.ts';
import { useRowWindow } from './row-window.ts';
import { followTranscript, type FeedStatus } from './transcript-feed.ts';
import { TranscriptRowView } from './transcript-row.tsx';
import { createTranscriptRows, type TranscriptRow, type TranscriptRows } from './transcript-rows.ts';

export interface TranscriptProps {
  /** null = there is no run yet. */
  readonly runId: string | null;
  readonly isRunning: boolean;
}

export function Transcript({ runId, isRunning }: TranscriptProps) {
  const kept = useMemo(() => createTranscriptRows(), [runId]);
  const version = useSignal(0);
  const status = useSignal<FeedStatus>({ kind: 'connecting' });
  const follow = useSignal(isRunning);
  // Read by the feed when it needs it: a run that goes on or ends must not open the feed anew.
  const live = useRef(isRunning);
  live.current = isRunning;
  useEffect(() => {
    if (runId === null) return undefined;
    let hasNews = false;
    return followTranscript(runId, kept.lastSeq(), {
      onLines: (lines) => {
        hasNews = kept.add(lines) || hasNews;
      },
      onBatch: () => {
        if (hasNews) version.value += 1;
        hasNews = false;
      },
      onStatus: (next) => (status.value = next),
      isLive: () => live.current,
    });
  }, [runId]);
  if (runId === null) {
    return (
      <Section title="Transcript">
        <Empty>What the agent says appears here, line by line, once a run has started.</Empty>
      </Section>
    );
  }
  const count = version.value === 0 ? 0 : kept.lastSeq();
  return (
    <Section
      title="Transcript"
      flush
      aside={
        <>
          <StatusLine status={status.value} isRunning={isRunning} count={count} />
          {count === 0 ? null : (
            <a
              class="button small quiet"
              href={`/api/v1/runs/${encodeURIComponent(runId)}/transcript?follow=false`}
              download={`transcript-${runId}.jsonl`}
            >
              Raw lines
            </a>
          )}
        </>
      }
    >
      {count === 0 ? (
        <Empty>{nothingYet(status.value, isRunning)}</Empty>
      ) : (
        <Lines kept={kept} version={version.value} follow={follow} isRunning={isRunning} />
      )}
    </Section>
  );
}

function nothingYet(status: FeedStatus, isRunning: boolean): string {
  if (status.kind === 'absent') {
    return isRunning ? 'The agent has not said anything yet.' : visibleText(status.message);
  }
  if (status.kind === 'ended') return 'The agent said nothing in this run.';
  return status.kind === 'lost' ? 'The connection is lost; it is tried again.' : 'Reading…';
}

interface StatusLineProps {
  readonly status: FeedStatus;
  readonly isRunning: boolean;
  readonly count: number;
}

function StatusLine({ status, isRunning, count }: StatusLineProps) {
  const lines = `${count.toLocaleString('en-US')} line${count === 1 ? '' : 's'}`;
  const words: Readonly<Record<FeedStatus['kind'], string>> = {
    connecting: 'Connecting…',
    live: isRunning ? `Live, ${lines}` : lines,
    lost: 'Connection lost, trying again…',
    ended: lines,
    absent: '',
  };
  return (
    <span class="transcript-status soft" data-status={status.kind} role="status" aria-live="off">
      {words[status.kind]}
    </span>
  );
}

interface LinesProps {
  readonly kept: TranscriptRows;
  readonly version: number;
  readonly follow: Signal<boolean>;
  readonly isRunning: boolean;
}

const GUESSED_ROW_PX = 58;
/** What a person types in one go. */
const TYPING_MS = 150;

function Lines({ kept, version, follow, isRunning }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const withProtocol = useSignal(false);
  const sought = useSignal('');
  const open = useSignal<ReadonlySet<number>>(new Set());
  const raw = useSignal<ReadonlySet<number>>(new Set());
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(typing.current), []);
  const rows = useMemo(
    () => find(withProtocol.value ? kept.rows() : kept.readable(), sought.value),
    [version, withProtocol.value, sought.value],
  );
  const rowsAre = `${kept.dropped()} ${String(withProtocol.value)} ${sought.value}`;
  const { first, end, beforePx, afterPx } = useRowWindow(box, {
    count: rows.length,
    guessedPx: GUESSED_ROW_PX,
    rowsAre,
    follow,
  });
  const lost = kept.dropped() + kept.missing();
  return (
    <>
      <div class="transcript-tools">
        <input
          class="input"
          type="search"
          aria-label="Find in the transcript"
          placeholder="Find in the transcript"
          autoComplete="off"
          spellcheck={false}
          onInput={(event) => {
            const { value } = event.currentTarget;
            clearTimeout(typing.current);
            typing.current = setTimeout(() => (sought.value = value.trim()), TYPING_MS);
          }}
        />
        <label class="transcript-option">
          <input
            type="checkbox"
            checked={withProtocol.value}
            onChange={(event) => (withProtocol.value = event.currentTarget.checked)}
          />
          Protocol lines
        </label>
        {sought.value === '' ? null : (
          <span class="soft" role="status">
            {rows.length.toLocaleString('en-US')} found
          </span>
        )}
      </div>
      {lost === 0 ? null : <p class="transcript-lost soft">{lostWords(kept)}</p>}
      <div class="transcript-frame">
        <div class="transcript-box" ref={box} role="region" tabIndex={0} aria-label="Transcript lines">
          <ol
            class="transcript"
            style={{ paddingBlockStart: `${beforePx}px`, paddingBlockEnd: `${afterPx}px` }}
          >
            {rows.slice(first, end).map((row, index) => (
              <TranscriptRowView
                key={row.key}
                row={row}
                index={first + index}
                total={rows.length}
                isOpen={open.value.has(row.key)}
                isRaw={raw.value.has(row.key)}
                onOpen={() => toggle(open, row.key)}
                onRaw={() => toggle(raw, row.key)}
              />
            ))}
          </ol>
          {rows.length === 0 ? <Empty>Nothing in it fits.</Empty> : null}
        </div>
        {follow.value ? null : (
          <button type="button" class="button small transcript-jump" onClick={() => (follow.value = true)}>
            Jump to the end{isRunning ? ' and follow' : ''} <span aria-hidden="true">↓</span>
          </button>
        )}
      </div>
    </>
  );
}

function toggle(set: Signal<ReadonlySet<number>>, key: number): void {
  const next = new Set(set.value);
  if (!next.delete(key)) next.add(key);
  set.value = next;
}

/** In whatever case. "" = all of them. */
function find(rows: readonly TranscriptRow[], sought: string): readonly TranscriptRow[] {
  if (sought === '') return rows;
  // Without making a lower-case copy of everything that was said.
  const wanted = new RegExp(sought.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
  return rows.filter(({ text, name }) => wanted.test(text) || wanted.test(name));
}

function lostWords(kept: TranscriptRows): string {
  const parts = [
    missingWords(kept.missing()),
    kept.dropped() === 0
      ? ''
      : `the first ${kept.dropped().toLocaleString('en-US')} are not held by this page`,
  ];
  return `${parts.filter((part) => part !== '').join('; ')}.`;
}

function missingWords(lines: number): string {
  if (lines === 0) return '';
  return lines === 1
    ? '1 line was not kept by the daemon'
    : `${lines.toLocaleString('en-US')} lines were not kept by the daemon`;
}
