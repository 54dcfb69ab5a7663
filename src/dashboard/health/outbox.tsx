// Writes to the tracker that have not ended: what waits, and why.

import { actionLabel } from '../approvals/fields.ts';
import { writeWords } from '../approvals/approval-words.ts';
import { proposalPath } from '../router.ts';
import { Badge } from '../ui/badge.tsx';
import { IssueLink } from '../ui/issue-link.tsx';
import { Empty, Section } from '../ui/section.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Countdown } from '../ui/time.tsx';
import type { Outbox as OutboxAnswer, OutboxWrite } from '../wire-tools.ts';

export const writeColumns: readonly Column<OutboxWrite>[] = [
  {
    id: 'what',
    heading: 'Write',
    kind: 'head',
    cell: ({ operation, summary, approval_id }) => (
      <>
        <span>{actionLabel(operation)}</span>
        <span class="second">
          {approval_id === null ? (
            <Text text={summary} />
          ) : (
            <a href={proposalPath(approval_id)}>
              <Text text={summary} />
            </a>
          )}
        </span>
      </>
    ),
  },
  {
    id: 'issue',
    heading: 'Issue',
    cell: ({ issue_identifier, run_issue_identifier: own }) => (
      <>
        <IssueLink identifier={issue_identifier} />
        {own === null || own === issue_identifier ? null : (
          <span class="second">
            by a run of <Text text={own} lines={0} />
          </span>
        )}
      </>
    ),
  },
  {
    id: 'status',
    heading: 'Status',
    cell: (write) => {
      const { label, tone } = writeWords(write);
      return (
        <>
          <Badge tone={tone}>{label}</Badge>
          <span class="second">{write.origin === 'agent' ? 'an agent’s' : 'our own'}</span>
        </>
      );
    },
  },
  {
    id: 'why',
    heading: 'Why',
    cell: ({ detail, tries, due_at }) => (
      <>
        <Text text={detail} lines={2} />
        <span class="second">
          {tries === 0 ? 'not sent yet' : `sent ${tries === 1 ? 'once' : `${tries} times`}`}
          {due_at === null ? null : (
            <>
              , due <Countdown at={due_at} />
            </>
          )}
        </span>
      </>
    ),
  },
  { id: 'asked', heading: 'Since', kind: 'number', cell: ({ requested_at }) => <Ago at={requested_at} /> },
];

export interface OutboxProps {
  /** null until it was read. */
  readonly outbox: OutboxAnswer | null;
  /** By the stream of states; more than those that are shown, when there are many. */
  readonly open: number;
}

export function Outbox({ outbox, open }: OutboxProps) {
  const writes = outbox?.writes ?? [];
  return (
    <Section
      title="Outbox"
      count={outbox === null ? undefined : Math.max(open, writes.length)}
      aside={<a href="/tools">What agents may do</a>}
      flush
    >
      {outbox === null ? (
        <Empty>Not read yet.</Empty>
      ) : writes.length === 0 ? (
        <Empty>Nothing waits: every write to the tracker has ended.</Empty>
      ) : (
        <>
          <Table
            class="outbox-table"
            caption="Writes that have not ended"
            rows={writes}
            rowKey={({ id }) => id}
            columns={writeColumns}
          />
          {outbox.next_cursor === null ? null : (
            <p class="more">The oldest {writes.length} are shown; `sortie outbox` lists all.</p>
          )}
        </>
      )}
    </Section>
  );
}
