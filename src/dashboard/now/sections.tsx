// The four lists of the page, and what each says when it is empty.

import { Empty, Section } from '../ui/section.tsx';
import { Table } from '../ui/table.tsx';
import type { Parked, Retrying, Running, Waiting } from '../wire.ts';
import { parkedColumns } from './parked-columns.tsx';
import { retryingColumns } from './retrying-columns.tsx';
import { runningColumns } from './running-columns.tsx';
import { waitingColumns } from './waiting-columns.tsx';

const byIssue = ({ issue_id }: { readonly issue_id: string }): string => issue_id;

export function RunningSection({
  rows,
  paused,
}: {
  readonly rows: readonly Running[];
  readonly paused: boolean;
}) {
  return (
    <Section title="Running" count={rows.length} flush>
      {rows.length === 0 ? (
        <Empty>
          {paused
            ? 'Nothing is running, and nothing is started until somebody resumes.'
            : 'Nothing is running. An issue in an active state of the tracker starts at the next tick.'}
        </Empty>
      ) : (
        <Table
          class="now-table"
          caption="Running issues"
          rows={rows}
          rowKey={byIssue}
          columns={runningColumns}
        />
      )}
    </Section>
  );
}

export function RetryingSection({ rows }: { readonly rows: readonly Retrying[] }) {
  return (
    <Section title="Retry queue" count={rows.length} flush>
      {rows.length === 0 ? (
        <Empty>Nothing waits for another try.</Empty>
      ) : (
        <Table
          class="now-table"
          caption="Issues that wait for another try"
          rows={rows}
          rowKey={byIssue}
          columns={retryingColumns}
        />
      )}
    </Section>
  );
}

export function ParkedSection({ rows }: { readonly rows: readonly Parked[] }) {
  return (
    <Section title="Parked" count={rows.length} flush>
      {rows.length === 0 ? (
        <Empty>Nothing is parked: no issue needs a person.</Empty>
      ) : (
        <Table
          class="now-table"
          caption="Issues that were set aside"
          rows={rows}
          rowKey={byIssue}
          columns={parkedColumns}
        />
      )}
    </Section>
  );
}

export function WaitingSection({
  rows,
  total,
}: {
  readonly rows: readonly Waiting[];
  readonly total: number;
}) {
  const hidden = total - rows.length;
  return (
    <Section title="Waiting" count={total} flush>
      {rows.length === 0 ? (
        <Empty>
          No issue waits, as far as the last tick read. Look for one by its identifier in “Why isn’t …
          running?”.
        </Empty>
      ) : (
        <>
          <Table
            class="now-table"
            caption="Issues that were read and not started"
            rows={rows}
            rowKey={byIssue}
            columns={waitingColumns}
          />
          {hidden > 0 ? (
            <p class="more">
              {hidden} more {hidden === 1 ? 'is' : 'are'} not shown.
            </p>
          ) : null}
        </>
      )}
    </Section>
  );
}
