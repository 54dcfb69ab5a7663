// The present values of fields, in the form of the changes that would replace them, so that both can be compared: what
// is as wanted is given back exactly as it was asked for, because the same thing can be said in several ways (a priority
// by id or name, one document in different Markdown, labels in any order).
import { z } from 'zod';
import type { IssueChanges } from '../../../../src/contract/tracker-capabilities.ts';
import { adfToMarkdown } from '../adf/index.ts';
import type { JiraClient } from '../client.ts';
import { documentOf } from '../document-of.ts';
import { issuePath } from './issues.ts';

type Value = string | readonly string[] | null;

const valuesWire = z.object({ fields: z.record(z.string(), z.unknown()) });

/** Jira's ids of the fields that have names of ours. */
const fieldIds = {
  title: 'summary',
  description: 'description',
  accountId: 'assignee',
  priority: 'priority',
  labels: 'labels',
  components: 'components',
} as const;

/** Throws `tracker_not_found`. No request when nothing is to be changed. */
export async function readFields(
  client: JiraClient,
  { id, changes }: { readonly id: string; readonly changes: IssueChanges },
  signal: AbortSignal,
): Promise<Record<string, Value>> {
  const named = (Object.keys(fieldIds) as (keyof typeof fieldIds)[]).filter(
    (name) => changes[name] !== undefined,
  );
  const byId = Object.entries(changes.fields ?? {}).filter(([, value]) => value !== undefined);
  const asked = [...named.map((name) => fieldIds[name]), ...byId.map(([fieldId]) => fieldId)];
  if (asked.length === 0) return {};
  const query = { fields: [...new Set(asked)].join(',') };
  const call = { method: 'GET', path: issuePath(id), query, signal } as const;
  const { fields } = await client.request({ ...call, schema: valuesWire });
  const values: Record<string, Value> = {};
  for (const name of named) values[name] = presentValue(name, fields[fieldIds[name]], changes);
  for (const [fieldId, wanted] of byId) values[`fields.${fieldId}`] = customValue(fields[fieldId], wanted);
  return values;
}

function presentValue(name: keyof typeof fieldIds, present: unknown, changes: IssueChanges): Value {
  switch (name) {
    case 'title':
      return asWanted(text(present), changes.title ?? '', (value) => value.trim());
    case 'description':
      return descriptionOf(present, changes.description ?? '');
    case 'accountId':
      return text(property(present, 'accountId'));
    case 'priority': {
      const wanted = changes.priority ?? '';
      if (text(property(present, 'id')) === wanted) return wanted;
      return asWanted(text(property(present, 'name')), wanted, (value) => value.toLowerCase());
    }
    case 'labels':
      return listOf(Array.isArray(present) ? present.map(text) : [], changes.labels ?? []);
    case 'components':
      return listOf(
        Array.isArray(present) ? present.map((one) => text(property(one, 'name'))) : [],
        changes.components ?? [],
      );
  }
}

/** Both sides as the Markdown that their documents make. */
function descriptionOf(present: unknown, wanted: string): Value {
  if (present === null || present === undefined) return null;
  const markdown = adfToMarkdown(present);
  if (wanted !== '' && markdown === adfToMarkdown(documentOf(wanted))) return wanted;
  return markdown === '' ? null : markdown;
}

function listOf(present: readonly (string | null)[], wanted: readonly string[]): Value {
  const values = present.filter((value) => value !== null).sort();
  if (values.length === 0) return null;
  const same = JSON.stringify(values) === JSON.stringify([...new Set(wanted)].sort());
  return same ? wanted : values;
}

/** Text and lists of text as they are, anything else as JSON. As wanted = what is wanted is all in it: Jira adds more. */
function customValue(present: unknown, wanted: unknown): Value {
  if (present === null || present === undefined) return null;
  const same =
    isDocument(wanted) && isDocument(present)
      ? adfToMarkdown(present) === adfToMarkdown(wanted)
      : covers(present, wanted);
  return same ? plainForm(wanted, JSON.stringify) : plainForm(present, stableJson);
}

function plainForm(value: unknown, json: (value: unknown) => string): Value {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  return json(value);
}

function covers(present: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(present) || present.length !== wanted.length) return false;
    return wanted.every((one) => present.some((other) => covers(other, one)));
  }
  if (typeof wanted !== 'object' || wanted === null) return present === wanted;
  if (typeof present !== 'object' || present === null) return false;
  return Object.entries(wanted).every(([name, value]) => covers(property(present, name), value));
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

function asWanted(present: string | null, wanted: string, fold: (value: string) => string): Value {
  if (present === null) return null;
  return fold(present) === fold(wanted) ? wanted : present;
}

function isDocument(value: unknown): boolean {
  return property(value, 'type') === 'doc';
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
