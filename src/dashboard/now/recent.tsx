// The runs that ended last, so that whoever comes when nothing runs sees what was done. Read from the history whenever the
// daemon says that a run has ended; never by a timer.

import { useMemo } from 'preact/hooks';
import { useAnswer } from '../answer.ts';
import { useAtMostEvery } from '../ended-runs.ts';
import { daemonStarts } from '../live.ts';
import { Empty, Failure, Section } from '../ui/section.tsx';
import { Table } from '../ui/table.tsx';
import type { History, HistoryRun } from '../wire.ts';
import { recentColumns } from './recent-columns.tsx';

const SHOWN = 5;
/** The history is in the order of the starts: a long run that has just ended stands behind short ones. */
const READ = 30;
/** Runs may end in swarms. */
const PAUSE_MS = 2_000;

const rowKey = ({ run_id }: HistoryRun): string => run_id;

export function RecentSection({ ended }: { readonly ended: number }) {
  const mark = useAtMostEvery(PAUSE_MS, `${daemonStarts.value} ${ended}`);
  const { data, error, reload } = useAnswer<History>(`/api/v1/history?limit=${READ}`, mark);
  const runs = useMemo(() => data && lastEnded(data.runs), [data]);
  return (
    <Section title="Recently ended" aside={<a href="/history">All runs</a>} flush>
      <Failure error={error} retry={reload} />
      {runs === null ? (
        error === '' ? (
          <Empty>Reading…</Empty>
        ) : null
      ) : runs.length === 0 ? (
        <Empty>
          No run has ended yet. The last ones appear here, with how they ended and what they took.
        </Empty>
      ) : (
        <Table
          class="now-table recent-table"
          caption="Runs that ended last"
          rows={runs}
          rowKey={rowKey}
          columns={recentColumns}
        />
      )}
    </Section>
  );
}

/** The newest end first. */
export function lastEnded(runs: readonly HistoryRun[]): readonly HistoryRun[] {
  return runs
    .filter(({ completed_at }) => completed_at !== null)
    .toSorted((a, b) => Date.parse(b.completed_at ?? '') - Date.parse(a.completed_at ?? ''))
    .slice(0, SHOWN);
}
