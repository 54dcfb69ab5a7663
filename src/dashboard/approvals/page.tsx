// What agents want to write and people must decide: what waits first, the oldest of it first, then what was decided.
// Follows the daemon's own count of what waits; asks for nothing by a timer.

import { useEffect, useMemo } from 'preact/hooks';
import { request } from '../api.ts';
import { acted } from '../control/acted.ts';
import { useAtMostEvery } from '../ended-runs.ts';
import { daemonStarts, state } from '../live.ts';
import { navigate, query } from '../router.ts';
import { Empty, Failure, Section } from '../ui/section.tsx';
import { Table } from '../ui/table.tsx';
import type { Approval, Approvals } from '../wire-tools.ts';
import { approvalColumns } from './approval-columns.tsx';
import { readFilters, writeFilters, type ApprovalFilters } from './approval-filters.ts';
import { createApprovalReader, PAGE_ROWS, type ReadApprovals } from './approval-pages.ts';
import { FilterBar } from './filter-bar.tsx';
import './approvals.css';

/** Decisions and writes come in bursts. */
const PAUSE_MS = 1_000;

const rowKey = ({ id }: Approval): string => id;

export function Page() {
  const filters = readFilters(query.value);
  const wanted = writeFilters(filters);
  const { approvals_pending, outbox_open } = state.value ?? {};
  const mark = useAtMostEvery(
    PAUSE_MS,
    `${approvals_pending ?? ''} ${outbox_open ?? ''} ${acted.value} ${daemonStarts.value}`,
  );
  const reader = useMemo(() => createApprovalReader(pagesOf(filters)), [wanted]);
  useEffect(() => () => reader.close(), [reader]);
  useEffect(() => reader.refresh(), [reader, mark]);
  const { rows, nextCursor, loading, error, isRead } = reader.pages.value;
  const change = (next: ApprovalFilters): void =>
    navigate(`/approvals${writeFilters(next)}`, { replace: true });
  return (
    <>
      <h1 class="page-title">Approvals</h1>
      <p class="soft approvals-lead">
        What agents want to write to the tracker, and a person decides. Nothing is written before.{' '}
        <a href="/tools">What agents may do</a>
      </p>
      <FilterBar filters={filters} onChange={change} />
      <Failure error={error} retry={() => reader.refresh()} />
      <Section
        title="Proposals"
        count={isRead && nextCursor === null ? rows.length : undefined}
        aside={<Waiting />}
        flush
      >
        {rows.length > 0 ? (
          <Table
            class="approvals-table"
            caption="Proposals"
            rows={rows}
            rowKey={rowKey}
            columns={approvalColumns}
          />
        ) : isRead ? (
          <Nothing isFiltered={wanted !== ''} />
        ) : error === '' ? (
          <Empty>Reading…</Empty>
        ) : null}
        {nextCursor === null ? null : (
          <p class="more">
            <button type="button" class="button small" aria-disabled={loading} onClick={() => reader.more()}>
              {loading ? 'Reading…' : 'Show more'}
            </button>
          </p>
        )}
      </Section>
    </>
  );
}

function pagesOf(filters: ApprovalFilters): ReadApprovals {
  const search = new URLSearchParams(writeFilters(filters));
  search.set('limit', String(PAGE_ROWS));
  return (cursor, signal) => {
    if (cursor !== null) search.set('cursor', cursor);
    else search.delete('cursor');
    return request<Approvals>(`/api/v1/approvals?${search.toString()}`, { signal });
  };
}

/** Of all, whatever the filters say. */
function Waiting() {
  const count = state.value?.approvals_pending ?? 0;
  return (
    <span class="soft" role="status">
      {count === 0 ? 'None waits' : `${count} ${count === 1 ? 'waits' : 'wait'} for a decision`}
    </span>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  return isFiltered ? (
    <Empty>
      No proposal fits these filters. <a href="/approvals">Show all.</a>
    </Empty>
  ) : (
    <Empty>
      No agent has asked for anything that a person must decide. Which writes need a person is said by
      tools.rules in WORKFLOW.md.
    </Empty>
  );
}
