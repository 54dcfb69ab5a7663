// What the list shows of a proposal: enough to choose which to look at first.

import { proposalPath } from '../router.ts';
import { Badge } from '../ui/badge.tsx';
import { IssueLink } from '../ui/issue-link.tsx';
import type { Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Countdown } from '../ui/time.tsx';
import type { Approval } from '../wire-tools.ts';
import { resultWords, statusWords } from './approval-words.ts';
import { actionLabel } from './fields.ts';

export const approvalColumns: readonly Column<Approval>[] = [
  {
    id: 'what',
    heading: 'What',
    kind: 'head',
    cell: ({ id, summary, action }) => (
      <>
        <a href={proposalPath(id)} class="proposal-link">
          <Text text={summary} lines={2} />
        </a>
        <span class="second">{actionLabel(action)}</span>
      </>
    ),
  },
  {
    id: 'issue',
    heading: 'Issue',
    sort: ({ issue_identifier }) => issue_identifier,
    cell: ({ issue_identifier, target_identifier }) => (
      <>
        <IssueLink identifier={issue_identifier} />
        {target_identifier === null || target_identifier === issue_identifier ? null : (
          <span class="second">
            would change <Text text={target_identifier} lines={0} />
          </span>
        )}
      </>
    ),
  },
  {
    id: 'status',
    heading: 'Status',
    sort: ({ status }) => status,
    cell: (approval) => {
      const { label, tone } = statusWords(approval);
      const result = resultWords(approval);
      return (
        <>
          <Badge tone={tone}>{label}</Badge>
          {result === null ? null : <span class="second">{result.label}</span>}
        </>
      );
    },
  },
  {
    id: 'group',
    heading: 'Who decides',
    sort: ({ group, decided_by }) => decided_by ?? group,
    cell: ({ group, status, may_decide, decided_by, decided_at }) =>
      status === 'pending' ? (
        <>
          <Text text={group === '' ? 'anybody' : group} />
          {may_decide ? null : <span class="second">not you</span>}
        </>
      ) : (
        <>
          <Text text={decided_by ?? ''} />
          {decided_at === null ? null : (
            <span class="second">
              <Ago at={decided_at} />
            </span>
          )}
        </>
      ),
  },
  { id: 'rule', heading: 'Rule', sort: ({ rule }) => rule, cell: ({ rule }) => <Text text={rule} /> },
  {
    id: 'asked',
    heading: 'Asked',
    kind: 'number',
    sort: ({ requested_at }) => -Date.parse(requested_at),
    cell: ({ requested_at }) => <Ago at={requested_at} />,
  },
  {
    id: 'ends',
    heading: 'Expires',
    kind: 'number',
    sort: ({ expires_at, status }) => (status === 'pending' ? Date.parse(expires_at) : null),
    cell: ({ status, expires_at }) => (status === 'pending' ? <Countdown at={expires_at} /> : null),
  },
];
