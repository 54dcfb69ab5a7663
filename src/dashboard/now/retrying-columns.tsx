// What is said of an issue that waits for another try.

import { IssueControls } from '../control/button.tsx';
import { words } from '../format.ts';
import { Badge } from '../ui/badge.tsx';
import { IssueLink } from '../ui/issue-link.tsx';
import type { Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Countdown } from '../ui/time.tsx';
import type { Retrying } from '../wire.ts';

const triggers: Readonly<Record<string, string>> = {
  error: 'After an error',
  continuation: 'To go on',
  timer: 'Waiting for a slot',
  stall: 'After a stall',
};

export const retryingColumns: readonly Column<Retrying>[] = [
  {
    id: 'issue',
    heading: 'Issue',
    kind: 'head',
    sort: ({ issue_identifier }) => issue_identifier,
    cell: ({ issue_identifier, title }) => <IssueLink identifier={issue_identifier} title={title} />,
  },
  {
    id: 'why',
    heading: 'Why',
    sort: ({ trigger }) => trigger,
    cell: ({ trigger, attempt }) => (
      <>
        <Badge tone={trigger === 'error' || trigger === 'stall' ? 'warn' : 'calm'}>
          {triggers[trigger] ?? words(trigger)}
        </Badge>
        {attempt === 0 ? null : <span class="second">attempt {attempt}</span>}
      </>
    ),
  },
  {
    id: 'error',
    heading: 'Error',
    cell: ({ error }) => (error === null ? null : <Text text={error} lines={2} />),
  },
  {
    id: 'due',
    heading: 'Due',
    kind: 'number',
    sort: ({ due_at }) => Date.parse(due_at),
    cell: ({ due_at }) => <Countdown at={due_at} />,
  },
  {
    id: 'actions',
    heading: '',
    label: 'Controls',
    kind: 'actions',
    cell: ({ issue_identifier }) => (
      <IssueControls identifier={issue_identifier} controls={['retry', 'release', 'hold']} />
    ),
  },
];
