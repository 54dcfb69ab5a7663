// What the table of rules shows. A name, a value or a group is whatever somebody wrote into WORKFLOW.md: text only.

import { Badge } from '../ui/badge.tsx';
import type { Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { operationWords } from './operations.ts';
import { decisionWords, type Condition, type RuleRow } from './rule-rows.ts';

export const ruleColumns: readonly Column<RuleRow>[] = [
  {
    id: 'rule',
    heading: 'Rule',
    kind: 'head',
    cell: ({ number, name }) => (
      <span class="rule-head">
        {number === null ? null : <span class="rule-number">{number}</span>}
        {name === '' ? null : <Text text={name} lines={2} class={number === null ? '' : 'soft'} />}
      </span>
    ),
  },
  {
    id: 'operations',
    heading: 'Operations',
    cell: ({ number, operations }) =>
      number === null ? (
        <span class="soft">whatever no rule matched</span>
      ) : (
        <ul class="rule-parts">
          {operationWords(operations).map(({ text, isName }) => (
            <li key={text}>
              <Text text={text} lines={0} class={isName ? 'mono' : ''} />
            </li>
          ))}
        </ul>
      ),
  },
  {
    id: 'when',
    heading: 'When',
    cell: ({ number, conditions }) =>
      number === null ? null : conditions.length === 0 ? (
        <span class="soft">always</span>
      ) : (
        <ul class="rule-parts">
          {conditions.map((condition) => (
            <When key={condition.field} {...condition} />
          ))}
        </ul>
      ),
  },
  {
    id: 'decision',
    heading: 'Decision',
    cell: ({ decision }) => {
      const { label, tone } = decisionWords(decision);
      return <Badge tone={tone}>{label}</Badge>;
    },
  },
  {
    id: 'group',
    heading: 'Who decides',
    cell: ({ decision, group }) =>
      decision !== 'approve' ? null : group === '' ? (
        <span class="soft">anybody</span>
      ) : (
        <Text text={group} lines={2} />
      ),
  },
  {
    id: 'limit',
    heading: 'Limit',
    kind: 'number',
    cell: ({ limit }) => (limit === null ? null : <span class="amount">{limit}</span>),
  },
];

function When({ field, how, values }: Condition) {
  return (
    <li>
      <Text text={field} lines={0} class="soft" /> <span class="soft">{how}</span>{' '}
      {values.map((value, index) => (
        <span key={value}>
          {index === 0 ? null : <span class="soft"> or </span>}
          <Text text={value} lines={0} class="rule-value" />
        </span>
      ))}
    </li>
  );
}
