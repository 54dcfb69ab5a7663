// One field of a proposal: what it would become, and, for whoever may decide, a way to change it. What was changed is
// marked, with what was asked for beside it, and can be put back.

import { useId } from 'preact/hooks';
import { Text } from '../ui/text.tsx';
import { visibleText } from '../visible-text.ts';
import type { WireJson } from '../wire-tools.ts';
import { shortValue } from './before-values.ts';
import { currentOf, isEdited, isNobodyAWord, originalOf, type Place } from './draft.ts';
import { keyOf, type Editing } from './editing.ts';
import { FieldEditor } from './field-editor.tsx';
import { FieldView } from './field-view.tsx';
import type { Field } from './fields.ts';
import { ownValue } from './json-values.ts';

export interface FieldRowProps {
  readonly editing: Editing;
  readonly place: Place;
  readonly field: Field;
  /** For those who listen: `ticket 3`; "" = of the proposal. */
  readonly whose: string;
  readonly canEdit: boolean;
}

export function FieldRow({ editing, place, field, whose, canEdit }: FieldRowProps) {
  const { approval, draft, open, faults, refusals } = editing;
  const id = useId();
  const key = keyOf(place, field.name);
  const value = currentOf(draft.value, approval, place, field.name);
  const edited = isEdited(draft.value, place, field.name);
  const isOpen = canEdit && open.value.has(key);
  const error = faults.value.get(key) ?? refusals.value.get(key) ?? '';
  const name = whose === '' ? field.label : `${field.label} of ${whose}`;
  const empty = emptyValue(approval.action, place, field);
  return (
    <div class="field-row" data-edited={edited ? '' : undefined} data-field={field.name}>
      <dt>
        {visibleText(field.label)}
        {edited ? <span class="edited-mark">changed</span> : null}
      </dt>
      <dd>
        {isOpen ? (
          <FieldEditor
            field={field}
            whose={whose}
            value={value}
            empty={empty}
            errorId={error === '' ? '' : id}
            onChange={(next) => editing.set(place, field.name, next)}
            onFault={(text) => editing.fault(place, field.name, text)}
          />
        ) : (
          <FieldView field={field} value={value} approval={approval} />
        )}
        {error === '' ? null : (
          <p class="field-error" id={id} role="alert">
            <Text text={error} lines={0} />
          </p>
        )}
        {edited ? <AskedFor value={ownValue(originalOf(approval, place), field.name)} /> : null}
      </dd>
      {canEdit ? (
        <dd class="field-tools">
          <button
            type="button"
            class="button small quiet"
            aria-label={`${isOpen ? 'Close' : 'Edit'} ${visibleText(name)}`}
            aria-expanded={isOpen}
            onClick={() => editing.toggle(place, field.name, !isOpen)}
          >
            {isOpen ? 'Close' : 'Edit'}
          </button>
          {edited ? (
            <button
              type="button"
              class="button small quiet"
              aria-label={`Put back ${visibleText(name)}`}
              onClick={() => editing.putBack(place, field.name)}
            >
              Put back
            </button>
          ) : !field.required && value !== undefined ? (
            <button
              type="button"
              class="button small quiet"
              aria-label={`Leave out ${visibleText(name)}`}
              onClick={() => {
                editing.toggle(place, field.name, false);
                editing.set(place, field.name, null);
              }}
            >
              Leave out
            </button>
          ) : null}
        </dd>
      ) : null}
    </div>
  );
}

function AskedFor({ value }: { readonly value: WireJson | undefined }) {
  return (
    <p class="asked-for">
      <span class="soft">Asked for: </span>
      <Text text={shortValue(value)} lines={2} />
    </p>
  );
}

/** What it means that nothing is typed; undefined = something must be. */
function emptyValue(action: string, place: Place, { name, kind, required }: Field): WireJson | undefined {
  if (place === null && isNobodyAWord(action, name)) return null;
  if (required) return undefined;
  // To set a text to nothing is a change of its own; where nothing is there yet, it is the same as not to set it.
  return kind === 'text' && action === 'update_issue' ? '' : null;
}
