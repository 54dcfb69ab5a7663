// What a person changed of what was asked for, field by field: from, and to.

import { Text } from '../ui/text.tsx';
import { visibleText } from '../visible-text.ts';
import type { WireJson, WireJsonMap } from '../wire-tools.ts';
import { listParts, shortValue } from './before-values.ts';
import { askedCount, isNobodyAWord, ticketsOf, type Asked } from './draft.ts';
import { Parts, TextChange } from './field-view.tsx';
import { fieldsOf, type Field } from './fields.ts';
import { isTextList, ownValue } from './json-values.ts';

export interface ChangeListProps {
  readonly asked: Asked;
  /** As the API has it. */
  readonly changed: WireJsonMap;
}

export function ChangeList({ asked, changed }: ChangeListProps) {
  const fields = fieldsOf(asked.action, { ...asked.details, ...changed });
  const fieldOf = (name: string): Field | undefined => fields.find((field) => field.name === name);
  return (
    <dl class="changed-fields">
      {Object.entries(changed).map(([name, value]) => (
        <div key={name}>
          <dt>
            {name === 'issues' || name === 'issueCount'
              ? 'Tickets'
              : visibleText(fieldOf(name)?.label ?? name)}
          </dt>
          <dd>{changeOf(asked, name, value, fieldOf(name))}</dd>
        </div>
      ))}
    </dl>
  );
}

function changeOf(asked: Asked, name: string, value: WireJson, field: Field | undefined) {
  if (name === 'issueCount') return `${shortValue(value)} of ${askedCount(asked)}`;
  if (name === 'issues' && Array.isArray(value) && ticketsOf(asked).length > 0) {
    return `${value.length} as they were edited or chosen`;
  }
  const isOut = value === null && !isNobodyAWord(asked.action, name);
  const original = ownValue(asked.details, name);
  if (field?.kind === 'text' && typeof value === 'string' && typeof original === 'string') {
    return <TextChange before={original} after={value} what={field.label.toLowerCase()} />;
  }
  if (isTextList(value) && isTextList(original)) return <Parts parts={listParts('', original, value)} />;
  return (
    <>
      <del>
        <Text text={shortValue(original)} lines={2} />
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
