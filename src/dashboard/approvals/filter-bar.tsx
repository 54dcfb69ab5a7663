// What the list of proposals is narrowed to. Every change goes into the page's address at once, text after a short pause.

import { TypedField } from '../ui/typed-field.tsx';
import { statusWords } from './approval-words.ts';
import { STATUSES, type ApprovalFilters } from './approval-filters.ts';

export interface FilterBarProps {
  readonly filters: ApprovalFilters;
  readonly onChange: (filters: ApprovalFilters) => void;
}

export function FilterBar({ filters, onChange }: FilterBarProps) {
  return (
    <form
      class="approval-filters"
      role="search"
      aria-label="Filter proposals"
      onSubmit={(event) => event.preventDefault()}
    >
      <label class="field">
        <span>Status</span>
        <select
          class="input"
          value={filters.status}
          onChange={(event) => onChange({ ...filters, status: event.currentTarget.value })}
        >
          <option value="">Any</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {statusWords({ status, result: null, modifiedDetails: null }).label}
            </option>
          ))}
        </select>
      </label>
      <TypedField
        label="Issue"
        hint="of the run that asked"
        value={filters.identifier}
        onChange={(identifier) => onChange({ ...filters, identifier })}
      />
    </form>
  );
}
