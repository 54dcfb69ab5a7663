// What is said of an issue that was set aside, above all what ends it.

import { IssueControls } from '../control/button.tsx';
import { endings, words } from '../phrases.ts';
import { Badge } from '../ui/badge.tsx';
import { IssueLink } from '../ui/issue-link.tsx';
import type { Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Countdown } from '../ui/time.tsx';
import type { Parked } from '../wire.ts';

export const parkedColumns: readonly Column<Parked>[] = [
  {
    id: 'issue',
    heading: 'Issue',
    kind: 'head',
    sort: ({ issue_identifier }) => issue_identifier,
    cell: ({ issue_identifier, title }) => <IssueLink identifier={issue_identifier} title={title} />,
  },
  {
    id: 'why',
    heading: 'Reason',
    sort: ({ reason }) => words(reason),
    cell: ({ reason }) => <Badge tone={reason === 'agent_error' ? 'bad' : 'warn'}>{words(reason)}</Badge>,
  },
  {
    id: 'error',
    heading: 'Detail, and what ends it',
    cell: ({ detail, ends_on, until }) => (
      <>
        <Text text={detail} lines={2} />
        <Ends on={ends_on} until={until} />
      </>
    ),
  },
  {
    id: 'due',
    heading: 'Since',
    kind: 'number',
    sort: ({ parked_at }) => -Date.parse(parked_at),
    cell: ({ parked_at }) => <Ago at={parked_at} />,
  },
  {
    id: 'actions',
    heading: '',
    label: 'Controls',
    kind: 'actions',
    cell: ({ issue_identifier, reason }) => (
      <IssueControls
        identifier={issue_identifier}
        controls={reason === 'held' ? ['unhold'] : ['retry', 'release', 'hold']}
      />
    ),
  },
];

function Ends({ on, until }: { readonly on: readonly string[]; readonly until: string | null }) {
  const when = endings(on.filter((code) => code !== 'until'));
  return (
    <span class="second">
      Goes on{' '}
      {until === null ? null : (
        <>
          <Countdown at={until} />
          {when === '' ? '' : ', or '}
        </>
      )}
      {when === '' ? until === null ? 'never by itself' : '' : <Text text={`when ${when}`} lines={0} />}.
    </span>
  );
}
