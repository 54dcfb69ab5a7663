// The fields of a proposal, or of one ticket of many: those that are there, and a way to add one that is not.

import { useId } from 'preact/hooks';
import { currentOf, isEdited, type Place } from './draft.ts';
import { keyOf, type Editing } from './editing.ts';
import { FieldRow } from './field-row.tsx';
import type { Field } from './fields.ts';

export interface FieldListProps {
  readonly editing: Editing;
  readonly place: Place;
  readonly fields: readonly Field[];
  readonly whose: string;
  readonly canEdit: boolean;
}

export function FieldList({ editing, place, fields, whose, canEdit }: FieldListProps) {
  const { approval, draft, open } = editing;
  const isShown = ({ name, required }: Field): boolean =>
    required ||
    currentOf(draft.value, approval, place, name) !== undefined ||
    isEdited(draft.value, place, name) ||
    open.value.has(keyOf(place, name));
  const missing = fields.filter((field) => !isShown(field));
  return (
    <>
      <dl class="field-rows">
        {fields.filter(isShown).map((field) => (
          <FieldRow
            key={field.name}
            editing={editing}
            place={place}
            field={field}
            whose={whose}
            canEdit={canEdit}
          />
        ))}
      </dl>
      {canEdit && missing.length > 0 ? (
        <AddField fields={missing} whose={whose} onAdd={(name) => editing.toggle(place, name, true)} />
      ) : null}
    </>
  );
}

interface AddFieldProps {
  readonly fields: readonly Field[];
  readonly whose: string;
  readonly onAdd: (name: string) => void;
}

function AddField({ fields, whose, onAdd }: AddFieldProps) {
  const id = useId();
  return (
    <p class="add-field">
      <label for={id} class="unseen">
        Add a field{whose === '' ? '' : ` to ${whose}`}
      </label>
      <select
        id={id}
        class="select small-select"
        value=""
        onChange={(event) => {
          if (event.currentTarget.value !== '') onAdd(event.currentTarget.value);
          event.currentTarget.value = '';
        }}
      >
        <option value="">Add a field…</option>
        {fields.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
    </p>
  );
}
