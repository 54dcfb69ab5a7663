// What the history's table shows of a run. Every row is equally high, so that 50,000 of them can be scrolled through:
// long text is cut, and the whole of it is in the title and on the issue's page.

import { endingTone } from '../issue/timeline-words.ts';
import { words } from '../phrases.ts';
import { issuePath } from '../router.ts';
import { Money, Tokens } from '../ui/amount.tsx';
import { Badge } from '../ui/badge.tsx';
import type { Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Ago } from '../ui/time.tsx';
import { Took } from '../ui/took.tsx';
import type { HistoryRun } from '../wire.ts';

export const runColumns: readonly Column<HistoryRun>[] = [
  {
    id: 'issue',
    heading: 'Issue',
    kind: 'head',
    cell: ({ issue_identifier, title, run_id }) => (
      <span class="issue-link">
        <a href={`${issuePath(issue_identifier)}?run=${encodeURIComponent(run_id)}`} class="identifier">
          <Text text={issue_identifier} />
        </a>
        <Text text={title} class="issue-title" />
      </span>
    ),
  },
  {
    id: 'status',
    heading: 'Result',
    cell: ({ status, attempt, error, evidence }) => (
      <>
        <Badge tone={endingTone(status)}>{words(status ?? 'running')}</Badge>
        <span class="history-why">
          {attempt === 0 ? null : <span class="soft">attempt {attempt}</span>}
          <Text text={error ?? evidence ?? ''} class="soft" />
        </span>
      </>
    ),
  },
  { id: 'agent', heading: 'Agent', cell: ({ agent_kind }) => <Text text={agent_kind} /> },
  { id: 'turns', heading: 'Turns', kind: 'number', cell: ({ turns_completed }) => turns_completed },
  {
    id: 'took',
    heading: 'Took',
    kind: 'number',
    cell: (run) => <Took run={run} />,
  },
  { id: 'tokens', heading: 'Tokens', kind: 'number', cell: ({ tokens }) => <Tokens tokens={tokens} /> },
  {
    id: 'cost',
    heading: 'Cost',
    kind: 'number',
    cell: ({ cost_usd, cost_estimated }) => <Money usd={cost_usd} estimated={cost_estimated} />,
  },
  { id: 'started', heading: 'Started', kind: 'number', cell: ({ started_at }) => <Ago at={started_at} /> },
];
