// What is said of a running issue.

import { ControlButton } from '../control/button.tsx';
import { words } from '../format.ts';
import { Money, Tokens } from '../ui/amount.tsx';
import { Badge } from '../ui/badge.tsx';
import { IssueLink } from '../ui/issue-link.tsx';
import type { Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Elapsed } from '../ui/time.tsx';
import type { Running } from '../wire.ts';

export const runningColumns: readonly Column<Running>[] = [
  {
    id: 'issue',
    heading: 'Issue',
    kind: 'head',
    sort: ({ issue_identifier }) => issue_identifier,
    cell: ({ issue_identifier, title }) => <IssueLink identifier={issue_identifier} title={title} />,
  },
  {
    id: 'phase',
    heading: 'Phase',
    sort: ({ phase }) => phase,
    cell: ({ phase, attempt, turn_count }) => (
      <>
        <Badge tone={phase === 'streaming_turn' ? 'live' : 'calm'}>{words(phase)}</Badge>
        <span class="second">
          {[turn_count === 0 ? '' : `turn ${turn_count}`, attempt === 0 ? '' : `attempt ${attempt}`]
            .filter((part) => part !== '')
            .join(' · ')}
        </span>
      </>
    ),
  },
  {
    id: 'message',
    heading: 'Last message',
    cell: ({ last_message, tools, last_event, last_event_at }) => (
      <>
        <Text text={last_message === '' ? words(last_event ?? 'nothing yet') : last_message} />
        <span class="second">
          {last_event_at === null ? null : <Ago at={last_event_at} />}
          {tools.length === 0 ? null : (
            <>
              {last_event_at === null ? '' : ' · '}running{' '}
              <Text text={tools.join(', ')} lines={0} class="mono" />
            </>
          )}
        </span>
      </>
    ),
  },
  {
    id: 'elapsed',
    heading: 'Elapsed',
    kind: 'number',
    sort: ({ started_at }) => -Date.parse(started_at),
    cell: ({ started_at }) => <Elapsed at={started_at} />,
  },
  {
    id: 'tokens',
    heading: 'Tokens',
    kind: 'number',
    sort: ({ tokens }) => tokens.total_tokens,
    cell: ({ tokens }) => <Tokens tokens={tokens} />,
  },
  {
    id: 'cost',
    heading: 'Cost',
    kind: 'number',
    sort: ({ cost_usd }) => cost_usd,
    cell: ({ cost_usd, cost_estimated }) => <Money usd={cost_usd} estimated={cost_estimated} />,
  },
  {
    id: 'agent',
    heading: 'Agent',
    sort: ({ agent_kind, model_name }) => `${agent_kind} ${model_name}`,
    cell: ({ agent_kind, model_name }) => (
      <>
        <Text text={agent_kind} />
        {model_name === '' ? null : <Text text={model_name} class="second" />}
      </>
    ),
  },
  {
    id: 'actions',
    heading: '',
    label: 'Controls',
    kind: 'actions',
    cell: ({ issue_identifier }) => (
      <ControlButton control="cancel" identifier={issue_identifier} class="small quiet" />
    ),
  },
];
