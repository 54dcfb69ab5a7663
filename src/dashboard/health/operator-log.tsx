// What operators told the daemon, newest first.

import { controlWords, isControl } from '../control/wording.ts';
import { words } from '../format.ts';
import { Empty, Section } from '../ui/section.tsx';
import { IssueLink } from '../ui/issue-link.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Ago } from '../ui/time.tsx';
import type { OperatorActions } from '../wire.ts';

type Action = OperatorActions['actions'][number];

const columns: readonly Column<Action>[] = [
  { id: 'at', heading: 'When', cell: ({ at }) => <Ago at={at} /> },
  {
    id: 'control',
    heading: 'Word',
    kind: 'head',
    cell: ({ control }) => (isControl(control) ? controlWords[control].verb : words(control)),
  },
  {
    id: 'issue',
    heading: 'Issue',
    cell: ({ issue_identifier }) =>
      issue_identifier === null ? (
        <span class="soft">the daemon</span>
      ) : (
        <IssueLink identifier={issue_identifier} />
      ),
  },
  { id: 'by', heading: 'By', cell: ({ by }) => <Text text={by} /> },
  { id: 'reason', heading: 'Reason', cell: ({ reason }) => <Text text={reason} lines={2} /> },
];

export interface OperatorLogProps {
  /** null until it was read. */
  readonly actions: readonly Action[] | null;
  /** At most so many were asked for. */
  readonly limit: number;
}

export function OperatorLog({ actions, limit }: OperatorLogProps) {
  return (
    <Section title="Operators’ log" count={actions === null ? undefined : actions.length} flush>
      {actions === null ? (
        <Empty>Not read yet.</Empty>
      ) : actions.length === 0 ? (
        <Empty>
          Nobody has told the daemon anything yet. Pause, cancel, hold and the like appear here, with who and
          why.
        </Empty>
      ) : (
        <>
          <Table
            class="log-table"
            caption="What operators told the daemon"
            rows={actions}
            rowKey={({ at, control, issue_identifier, by, reason }) =>
              `${at} ${control} ${issue_identifier ?? ''} ${by} ${reason}`
            }
            columns={columns}
          />
          {actions.length < limit ? null : <p class="more">The newest {limit} are shown.</p>}
        </>
      )}
    </Section>
  );
}
