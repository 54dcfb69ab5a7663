// The settings in force. Secrets arrive masked; this page could not show them if it wanted to.

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Badge } from '../ui/badge.tsx';
import { Empty, Section } from '../ui/section.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import type { SettingsAnswer } from '../wire.ts';

type Setting = SettingsAnswer['settings'][number];

const sources: Readonly<Record<string, string>> = {
  environment: 'Environment',
  env_file: 'Env file',
  front_matter: 'WORKFLOW.md',
  default: 'Default',
  flag: 'Command line',
};

const columns: readonly Column<Setting>[] = [
  {
    id: 'key',
    heading: 'Setting',
    kind: 'head',
    sort: ({ key }) => key,
    cell: ({ key }) => <Text text={key} lines={0} class="mono" />,
  },
  {
    id: 'value',
    heading: 'Value',
    cell: ({ value }) =>
      value === '' ? <span class="soft">not set</span> : <Text text={value} lines={3} class="mono" />,
  },
  {
    id: 'source',
    heading: 'From',
    sort: ({ source }) => sources[source] ?? source,
    cell: ({ source }) => (
      <Badge tone={source === 'default' ? 'calm' : 'live'}>{sources[source] ?? source}</Badge>
    ),
  },
  {
    id: 'place',
    heading: 'Where',
    cell: ({ place }) => (place === '' ? null : <Text text={place} class="mono soft" />),
  },
];

export interface SettingsTableProps {
  /** null until they were read. */
  readonly settings: readonly Setting[] | null;
  readonly reload: () => void;
}

export function SettingsTable({ settings, reload }: SettingsTableProps) {
  const filter = useSignal('');
  const onlySet = useSignal(false);
  const id = useId();
  const wanted = filter.value.trim().toLowerCase();
  const rows = (settings ?? []).filter(
    ({ key, value, source, place }) =>
      (!onlySet.value || source !== 'default') &&
      `${key} ${value} ${sources[source] ?? source} ${place}`.toLowerCase().includes(wanted),
  );
  return (
    <Section
      title="Settings in force"
      count={settings === null ? undefined : rows.length}
      flush
      aside={
        <>
          <label class="check" for={id}>
            <input
              id={id}
              type="checkbox"
              checked={onlySet.value}
              onChange={(event) => (onlySet.value = event.currentTarget.checked)}
            />
            Not the defaults
          </label>
          <input
            class="input filter"
            type="search"
            aria-label="Filter the settings"
            placeholder="Filter"
            value={filter.value}
            onInput={(event) => (filter.value = event.currentTarget.value)}
          />
          <button type="button" class="button small" onClick={reload}>
            Read again
          </button>
        </>
      }
    >
      {settings === null ? (
        <Empty>Not read yet.</Empty>
      ) : rows.length === 0 ? (
        <Empty>No setting matches. Clear the filter to see all {settings.length}.</Empty>
      ) : (
        <Table
          class="settings-table"
          caption="Settings in force"
          rows={rows}
          rowKey={({ key }) => key}
          columns={columns}
        />
      )}
    </Section>
  );
}
