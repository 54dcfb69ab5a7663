// What a person changed of what was asked for, field by field: from, and to.

import { Text } from '../ui/text.tsx';
import { visibleText } from '../visible-text.ts';
import type { WireJson, WireJsonMap } from '../wire-tools.ts';
import { shortValue } from './before-values.ts';
import { askedCount, isNobodyAWord, ticketsOf, type Asked } from './draft.ts';
import { fieldsOf } from './fields.ts';
import { ownValue } from './json-values.ts';

export interface ChangeListProps {
  readonly asked: Asked;
  /** As the API has it. */
  readonly changed: WireJsonMap;
}

export function ChangeList({ asked, changed }: ChangeListProps) {
  const fields = fieldsOf(asked.action, { ...asked.details, ...changed });
  const labelOf = (name: string): string => fields.find((field) => field.name === name)?.label ?? name;
  return (
    <dl class="changed-fields">
      {Object.entries(changed).map(([name, value]) => (
        <div key={name}>
          <dt>{name === 'issues' || name === 'issueCount' ? 'Tickets' : visibleText(labelOf(name))}</dt>
          <dd>{changeOf(asked, name, value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function changeOf(asked: Asked, name: string, value: WireJson) {
  if (name === 'issueCount') return `${shortValue(value)} of ${askedCount(asked)}`;
  if (name === 'issues' && Array.isArray(value) && ticketsOf(asked).length > 0) {
    return `${value.length} as they were edited or chosen`;
  }
  const isOut = value === null && !isNobodyAWord(asked.action, name);
  return (
    <>
      <del>
        <Text text={shortValue(ownValue(asked.details, name))} lines={2} />
      </del>{' '}
      <span class="arrow" aria-hidden="true">
        →
      </span>
      <span class="unseen"> to </span>{' '}
      <ins>
        <Text text={isOut ? 'left out' : shortValue(value)} lines={2} />
      </ins>
    </>
  );
}
