// What is said of an issue that was read and not started: which gate stopped it, since when, as of when.

import { IssueControls } from '../control/button.tsx';
import { verdictWords } from '../phrases.ts';
import { Badge } from '../ui/badge.tsx';
import { IssueLink } from '../ui/issue-link.tsx';
import type { Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Ago } from '../ui/time.tsx';
import type { Waiting } from '../wire.ts';

export const waitingColumns: readonly Column<Waiting>[] = [
  {
    id: 'issue',
    heading: 'Issue',
    kind: 'head',
    sort: ({ issue_identifier }) => issue_identifier,
    cell: ({ issue_identifier, title }) => <IssueLink identifier={issue_identifier} title={title} />,
  },
  {
    id: 'why',
    heading: 'Verdict',
    sort: ({ verdict }) => verdictWords(verdict).label,
    cell: ({ verdict }) => {
      const { label, tone, sentence } = verdictWords(verdict);
      return (
        <Badge tone={tone} title={sentence}>
          {label}
        </Badge>
      );
    },
  },
  {
    id: 'error',
    heading: 'Why it does not run',
    cell: ({ verdict, detail, as_of }) => (
      <>
        <Text text={detail === '' ? verdictWords(verdict).sentence : detail} lines={2} />
        <span class="second">
          as of <Ago at={as_of} />
        </span>
      </>
    ),
  },
  {
    id: 'due',
    heading: 'Since',
    kind: 'number',
    sort: ({ since }) => -Date.parse(since),
    cell: ({ since }) => <Ago at={since} />,
  },
  {
    id: 'actions',
    heading: '',
    label: 'Controls',
    kind: 'actions',
    cell: ({ issue_identifier }) => (
      <IssueControls identifier={issue_identifier} controls={['dispatch', 'hold']} />
    ),
  },
];
