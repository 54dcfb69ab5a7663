// What the history is narrowed to. Every change goes into the page's address at once, text after a short pause, so
// that a filtered history can be kept as a bookmark and the browser's way back works.

import type { ComponentChildren } from 'preact';
import { words } from '../phrases.ts';
import { RUN_STATUSES } from '../run-status.ts';
import { TypedField } from '../ui/typed-field.tsx';
import { NO_FILTERS, isFiltered, rangeLabels, RANGES, type HistoryFilters } from './history-filters.ts';

export interface FilterBarProps {
  readonly filters: HistoryFilters;
  /** Seen in the rows that were read: proposals, not the only ones. */
  readonly agents: readonly string[];
  readonly states: readonly string[];
  readonly onChange: (filters: HistoryFilters) => void;
}

export function FilterBar({ filters, agents, states, onChange }: FilterBarProps) {
  const change = (part: Partial<HistoryFilters>): void => onChange({ ...filters, ...part });
  const hasDays = filters.since !== '' || filters.until !== '';
  return (
    <form
      class="history-filters"
      role="search"
      aria-label="Filter runs"
      onSubmit={(event) => event.preventDefault()}
    >
      <TypedField
        label="Search"
        hint="identifier, title or error"
        type="search"
        value={filters.text}
        onChange={(text) => change({ text })}
      />
      <Choice label="Status" value={filters.status} onChange={(status) => change({ status })}>
        <option value="">Any</option>
        {RUN_STATUSES.map((status) => (
          <option key={status} value={status}>
            {words(status)}
          </option>
        ))}
      </Choice>
      <TypedField
        label="Agent"
        value={filters.agent}
        proposals={agents}
        onChange={(agent) => change({ agent })}
      />
      <TypedField
        label="State at start"
        value={filters.state}
        proposals={states}
        onChange={(state) => change({ state })}
      />
      <TypedField
        label="Issue"
        hint="exact"
        value={filters.identifier}
        onChange={(identifier) => change({ identifier })}
      />
      <Choice
        label="Started"
        value={hasDays ? 'days' : filters.range}
        onChange={(range) =>
          range === 'days'
            ? change({ since: today(), until: '' })
            : change({ range: range as HistoryFilters['range'], since: '', until: '' })
        }
      >
        {[...RANGES].reverse().map((range) => (
          <option key={range} value={range}>
            {rangeLabels[range]}
          </option>
        ))}
        <option value="days">Between days…</option>
      </Choice>
      {hasDays ? (
        <>
          <Day label="From (UTC)" value={filters.since} onChange={(since) => change({ since })} />
          <Day label="To (UTC)" value={filters.until} onChange={(until) => change({ until })} />
        </>
      ) : null}
      <button
        type="button"
        class="button quiet history-clear"
        hidden={!isFiltered(filters)}
        onClick={() => onChange(NO_FILTERS)}
      >
        Clear filters
      </button>
    </form>
  );
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, onChange, children }: FieldProps & { readonly children: ComponentChildren }) {
  return (
    <label class="field">
      <span>{label}</span>
      <select class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {children}
      </select>
    </label>
  );
}

function Day({ label, value, onChange }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        class="input"
        type="date"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
