// What is said once for all tickets of a creation of many, and of which some say something else for themselves.

import { Section } from '../ui/section.tsx';
import { isEdited, sayForAll, sayThemselves } from './draft.ts';
import type { Editing } from './editing.ts';
import { FieldList } from './field-list.tsx';
import { fieldsOf } from './fields.ts';

export function CommonFields({ editing, canEdit }: { readonly editing: Editing; readonly canEdit: boolean }) {
  const { approval, draft } = editing;
  const fields = fieldsOf(approval.action, approval.details);
  const others = fields
    .map((field) => ({ field, count: sayThemselves(draft.value, approval, field.name) }))
    .filter(({ field, count }) => count > 0 && isEdited(draft.value, null, field.name));
  return (
    <Section title="For all tickets">
      <FieldList editing={editing} place={null} fields={fields} whose="all tickets" canEdit={canEdit} />
      {canEdit
        ? others.map(({ field, count }) => (
            <p key={field.name} class="own-words">
              {count} {count === 1 ? 'ticket says' : 'tickets say'} {field.label.toLowerCase()} for{' '}
              {count === 1 ? 'itself' : 'themselves'}, which counts more.{' '}
              <button
                type="button"
                class="button small"
                onClick={() => (draft.value = sayForAll(draft.peek(), approval, field.name))}
              >
                Use this for {count === 1 ? 'it' : 'them'}, too
              </button>
            </p>
          ))
        : null}
    </Section>
  );
}
