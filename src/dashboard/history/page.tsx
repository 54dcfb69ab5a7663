// Runs that have ended: filtered by the page's address, read page by page as the reader scrolls, with what is shown
// added up. The CSV is the daemon's, with the same filters.

import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { daemonNow } from '../clock.ts';
import { compact, dollars, duration } from '../format.ts';
import { useEndedSince } from '../ended-runs.ts';
import { daemonStarts } from '../live.ts';
import { request } from '../api.ts';
import { navigate, query } from '../router.ts';
import { successRate } from '../run-status.ts';
import { Empty, Failure, Section } from '../ui/section.tsx';
import { Table } from '../ui/table.tsx';
import type { History, HistoryRun } from '../wire.ts';
import { FilterBar } from './filter-bar.tsx';
import { apiQuery, isFiltered, readFilters, writeFilters, type HistoryFilters } from './history-filters.ts';
import { createHistoryReader, type HistoryReader, type ReadPage } from './history-pages.ts';
import type { Totals } from './history-totals.ts';
import { runColumns } from './run-columns.tsx';
import './history.css';

/** So near to the end of what is here, the next page is asked for. */
const NEAR_END_PX = 1_500;

const readPage: ReadPage = (asked, signal) =>
  request<History>(`/api/v1/history?${asked.toString()}`, { signal });

export function Page() {
  const search = query.value;
  const filters = useMemo(() => readFilters(search), [search]);
  const again = useSignal(0);
  // With the time of each reading: `Last 24 hours` is not the 24 hours before the page was opened.
  const reader = useMemo(
    () => createHistoryReader(apiQuery(filters, daemonNow.peek()), readPage),
    [filters, again.value, daemonStarts.value],
  );
  useEffect(() => () => reader.close(), [reader]);
  const { rows, totals, nextCursor, loading, error, isRead } = reader.pages.value;
  const proposals = useProposals(rows);
  const change = (next: HistoryFilters): void => navigate(`/history${writeFilters(next)}`, { replace: true });
  return (
    <>
      <h1 class="page-title">History</h1>
      <FilterBar filters={filters} {...proposals} onChange={change} />
      <Failure error={error} retry={() => reader.retry()} />
      <Section
        title="Runs"
        flush
        aside={
          <a
            class="button small history-export"
            href={csvUrl(filters)}
            download
            onClick={(event) => (event.currentTarget.href = csvUrl(filters))}
          >
            Export CSV
          </a>
        }
      >
        <News reader={reader} isFiltered={isFiltered(filters)} onShow={() => (again.value += 1)} />
        <TotalsLine totals={totals} isAll={nextCursor === null} isRead={isRead} />
        {rows.length > 0 ? (
          <EndlessTable rows={rows} onNearEnd={() => reader.more()} />
        ) : isRead ? (
          <Nothing isFiltered={isFiltered(filters)} />
        ) : null}
        <p class="history-more" role="status">
          {loading ? 'Reading…' : nextCursor === null ? '' : 'Scroll for more'}
          {!loading && nextCursor !== null ? (
            <button type="button" class="button small quiet" onClick={() => reader.more()}>
              Read more
            </button>
          ) : null}
        </p>
      </Section>
    </>
  );
}

function csvUrl(filters: HistoryFilters): string {
  return `/api/v1/history.csv?${apiQuery(filters, daemonNow.peek()).toString()}`;
}

interface NewsProps {
  readonly reader: HistoryReader;
  readonly isFiltered: boolean;
  readonly onShow: () => void;
}

/** The rows stay as they were read, so that nothing moves under the reader's eyes; what has come since is said. */
function News({ reader, isFiltered: filtered, onShow }: NewsProps) {
  const count = useEndedSince(reader);
  return (
    <p class="history-news" role="status">
      {count === 0 ? null : (
        <>
          {count === 1 ? '1 new run has ended' : `${count.toLocaleString('en-US')} new runs have ended`} –{' '}
          <button type="button" class="button small quiet" onClick={onShow}>
            {filtered ? 'Show those that fit' : count === 1 ? 'Show it' : 'Show them'}
          </button>
        </>
      )}
    </p>
  );
}

function Nothing({ isFiltered: filtered }: { readonly isFiltered: boolean }) {
  return filtered ? (
    <Empty>
      No run fits these filters. <a href="/history">Show all runs.</a>
    </Empty>
  ) : (
    <Empty>No run has ended yet. Each one appears here with its result, its duration and its cost.</Empty>
  );
}

interface EndlessTableProps {
  readonly rows: readonly HistoryRun[];
  readonly onNearEnd: () => void;
}

const rowKey = ({ run_id }: HistoryRun): string => run_id;

function EndlessTable({ rows, onNearEnd }: EndlessTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const near = useRef(onNearEnd);
  near.current = onNearEnd;
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    // The table scrolls in a box of its own; its scrolling does not bubble, but it can be seen on its way down.
    const look = (event: Event): void => {
      if (!(event.target instanceof HTMLElement)) return;
      const { scrollTop, clientHeight, scrollHeight } = event.target;
      if (scrollHeight - clientHeight - scrollTop < NEAR_END_PX) near.current();
    };
    element.addEventListener('scroll', look, { capture: true, passive: true });
    return () => element.removeEventListener('scroll', look, { capture: true });
  }, []);
  return (
    <div class="history-table" ref={box}>
      <Table caption="Runs, newest first" rows={rows} rowKey={rowKey} columns={runColumns} />
    </div>
  );
}

interface TotalsLineProps {
  readonly totals: Totals;
  readonly isAll: boolean;
  readonly isRead: boolean;
}

/** Only of what is shown, and it says so: a sum over runs that were not read would be a guess. */
function TotalsLine({ totals, isAll, isRead }: TotalsLineProps) {
  if (!isRead || totals.runs === 0) return null;
  const { runs, judged, seconds, timed, tokens, costUsd, isEstimated, unpriced } = totals;
  const rate = successRate(judged);
  return (
    <dl class="history-totals" aria-label="Totals of the runs shown">
      <Figure name={isAll ? 'Runs' : 'Runs shown so far'}>{runs.toLocaleString('en-US')}</Figure>
      <Figure name="Success rate" note={rate === null ? 'all were cancelled or interrupted' : ''}>
        {rate === null ? '–' : `${Math.round(rate)} %`}
      </Figure>
      <Figure name="Agent time" note={timed === runs ? '' : `${runs - timed} not timed`}>
        {duration(seconds * 1000)}
      </Figure>
      <Figure name="Mean agent time">{timed === 0 ? '–' : duration((seconds / timed) * 1000)}</Figure>
      <Figure name="Tokens">{compact(tokens)}</Figure>
      <Figure name="Cost" note={unpriced === 0 ? '' : `${unpriced} without a price`}>
        {`${isEstimated ? '≈ ' : ''}${dollars(costUsd)}`}
      </Figure>
    </dl>
  );
}

function Figure({
  name,
  note = '',
  children,
}: {
  readonly name: string;
  readonly note?: string;
  readonly children: string;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children}
        {note === '' ? null : <small>{note}</small>}
      </dd>
    </div>
  );
}

/** Agents and states seen so far, for the filters; small, and read from the rows that came last. */
function useProposals(rows: readonly HistoryRun[]): {
  readonly agents: readonly string[];
  readonly states: readonly string[];
} {
  const known = useRef({ agents: new Set<string>(), states: new Set<string>(), seen: 0 });
  return useMemo(() => {
    const { agents, states } = known.current;
    const from = rows.length < known.current.seen ? 0 : known.current.seen;
    for (const { agent_kind, issue_state } of rows.slice(from)) {
      if (agents.size < 50) agents.add(agent_kind);
      if (states.size < 50 && issue_state !== null && issue_state !== '') states.add(issue_state);
    }
    known.current.seen = rows.length;
    return { agents: [...agents].sort(), states: [...states].sort() };
  }, [rows]);
}
