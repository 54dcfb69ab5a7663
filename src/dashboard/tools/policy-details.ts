// What somebody types into the policy's form, one `field=value` a line, as an agent's details. Pure. A field that the
// operation does not have is refused: the policy would not see it, and its answer would be about something else.

import { fieldsOf, type Field } from '../approvals/fields.ts';
import type { WireJson, WireJsonMap } from '../wire-tools.ts';
import { operationGroups } from './operations.ts';

export type TypedDetails =
  | { readonly kind: 'details'; readonly details: WireJsonMap }
  | { readonly kind: 'fault'; readonly message: string };

type DetailField = Pick<Field, 'name' | 'kind'>;

const ISSUE: DetailField = { name: 'issueKey', kind: 'line' };
const ofReads: Readonly<Record<string, readonly DetailField[]>> = {
  fetch_issue: [ISSUE],
  fetch_comments: [ISSUE],
};

/** What the policy can be told of an operation. */
export function detailFields(operation: string): readonly DetailField[] {
  const isWrite = operationGroups[0]?.operations.some((one) => one === operation) === true;
  if (!isWrite) return Object.hasOwn(ofReads, operation) ? (ofReads[operation] ?? []) : [];
  const fields = fieldsOf(operation, {});
  if (operation !== 'create_issues') return fields;
  return [...fields, { name: 'issueCount', kind: 'json' }, { name: 'issues', kind: 'json' }];
}

const examples: Readonly<Record<string, string>> = {
  to: 'Done',
  issueType: 'Bug',
  priority: 'High',
  labels: 'backend, urgent',
  linkType: 'Blocks',
  assignee: 'nobody',
  issueKey: 'SHOP-42',
};

/** Two lines at most of what could be typed. */
export function exampleFor(operation: string): string {
  return detailFields(operation)
    .map(({ name }) => name)
    .filter((name) => Object.hasOwn(examples, name))
    .sort((a, b) => Object.keys(examples).indexOf(a) - Object.keys(examples).indexOf(b))
    .slice(0, 2)
    .map((name) => `${name}=${examples[name] ?? ''}`)
    .join('\n');
}

export function readDetails(operation: string, text: string): TypedDetails {
  const fields = new Map(detailFields(operation).map((field) => [field.name, field]));
  const details = new Map<string, WireJson>();
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '') continue;
    const fault = (what: string): TypedDetails => ({ kind: 'fault', message: `Line ${index + 1}: ${what}` });
    const at = line.indexOf('=');
    if (at < 1) return fault('expected field=value, e.g. priority=High.');
    const name = line.slice(0, at).trim();
    const field = fields.get(name);
    if (field === undefined) return fault(`${operation} has no field “${name}”.`);
    if (details.has(name)) return fault(`${name} is said twice.`);
    const value = valueOf(field, line.slice(at + 1).trim());
    if (value === undefined) return fault(`${name} takes JSON, e.g. ${jsonExample(name)}.`);
    details.set(name, value);
  }
  return { kind: 'details', details: Object.fromEntries(details) };
}

/** undefined = it is not what the field takes. */
function valueOf({ kind }: DetailField, text: string): WireJson | undefined {
  // `priority=404` is a text: agents give texts, too.
  if (kind === 'line' || kind === 'text') return text;
  if (kind === 'list') {
    return text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  }
  try {
    return JSON.parse(text) as WireJson;
  } catch {
    return undefined;
  }
}

function jsonExample(name: string): string {
  if (name === 'issueCount') return '4';
  return name === 'issues' ? '[{"summary":"A","priority":"High"}]' : '{"Story Points":3}';
}
