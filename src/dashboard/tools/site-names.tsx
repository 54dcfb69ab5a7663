// When the names of the tracker's site (projects, types, statuses, priorities, fields) were read, which stand in what
// agents are told of their tools; a button reads them anew.

import { useSignal } from '@preact/signals';
import { post } from '../api.ts';
import { Badge } from '../ui/badge.tsx';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Utc } from '../ui/time.tsx';
import type { Tools } from '../wire-tools.ts';

interface SchemaRead {
  readonly ok: boolean;
  readonly message: string;
}

export interface SiteNamesProps {
  readonly tools: Pick<Tools, 'schema_at' | 'schema_error'>;
  readonly onRead: () => void;
}

export function SiteNames({ tools: { schema_at, schema_error }, onRead }: SiteNamesProps) {
  const read = useSignal<SchemaRead | null>(null);
  const error = useSignal('');
  const busy = useSignal(false);
  const readAnew = async (): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    error.value = '';
    read.value = null;
    try {
      read.value = await post<SchemaRead>('/api/v1/tools/refresh', {});
    } catch (failure) {
      error.value = failure instanceof Error ? failure.message : String(failure);
    } finally {
      busy.value = false;
      // A try that failed has changed what is said of the last one.
      onRead();
    }
  };
  const problem = error.value !== '' ? error.value : read.value?.ok === false ? read.value.message : '';
  return (
    <Section
      title="The site’s names"
      aside={
        <button type="button" class="button small" aria-disabled={busy.value} onClick={() => void readAnew()}>
          {busy.value ? 'Reading anew…' : 'Read anew'}
        </button>
      }
    >
      {schema_at === null ? (
        <p>Not read yet: they are read when agents first use their tools.</p>
      ) : (
        <p>
          Read at <Utc at={schema_at} /> (<Ago at={schema_at} />
          ).
        </p>
      )}
      <p class="soft">Projects, types, statuses, priorities and fields, as agents are told them.</p>
      <div role="status">
        {read.value?.ok === true ? (
          <p>
            <Badge tone="good">Read</Badge> <Text text={read.value.message} lines={0} />
          </p>
        ) : null}
      </div>
      {problem === '' ? null : (
        <p class="problem" role="alert">
          <Text text={problem} lines={0} />
        </p>
      )}
      {schema_error === null || schema_error === '' || schema_error === problem ? null : (
        <p class="problem">
          The last try failed{schema_at === null ? '' : ', so these are the names from before'}:{' '}
          <Text text={schema_error} lines={0} />
        </p>
      )}
    </Section>
  );
}
