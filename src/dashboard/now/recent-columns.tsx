// What is said of a run that has ended a moment ago: how, how long it took, what it cost. The rest is on the issue's page.

import { endingTone } from '../issue/timeline-words.ts';
import { words } from '../phrases.ts';
import { Money, Tokens } from '../ui/amount.tsx';
import { Badge } from '../ui/badge.tsx';
import { IssueLink } from '../ui/issue-link.tsx';
import type { Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Ago } from '../ui/time.tsx';
import { Took } from '../ui/took.tsx';
import type { HistoryRun } from '../wire.ts';

export const recentColumns: readonly Column<HistoryRun>[] = [
  {
    id: 'issue',
    heading: 'Issue',
    kind: 'head',
    cell: ({ issue_identifier, title }) => <IssueLink identifier={issue_identifier} title={title} />,
  },
  {
    id: 'why',
    heading: 'Result',
    cell: ({ status, attempt }) => (
      <>
        <Badge tone={endingTone(status)}>{words(status ?? 'unknown')}</Badge>
        {attempt === 0 ? null : <span class="second">attempt {attempt}</span>}
      </>
    ),
  },
  {
    id: 'error',
    heading: 'What came of it',
    cell: ({ error, evidence }) => {
      const said = error ?? evidence ?? '';
      return said === '' ? null : <Text text={said} lines={2} />;
    },
  },
  { id: 'took', heading: 'Took', kind: 'number', cell: (run) => <Took run={run} /> },
  { id: 'tokens', heading: 'Tokens', kind: 'number', cell: ({ tokens }) => <Tokens tokens={tokens} /> },
  {
    id: 'cost',
    heading: 'Cost',
    kind: 'number',
    cell: ({ cost_usd, cost_estimated }) => <Money usd={cost_usd} estimated={cost_estimated} />,
  },
  {
    id: 'ended',
    heading: 'Ended',
    kind: 'number',
    cell: ({ completed_at }) => (completed_at === null ? null : <Ago at={completed_at} />),
  },
];
