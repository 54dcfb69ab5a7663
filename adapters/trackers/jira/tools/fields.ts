// Fields by id or by name: which of them are asked for (`fields`) and which may be set (`customFields`). A name is looked
// up in the site's schema and must fit exactly one field. Custom fields are all that `customFields` sets: anything else
// has a parameter of its own, which policy and people look at.
import { ToolFault, type ToolPlace } from '../../../../src/contract/agent-tools.ts';
import type { JsonMap } from '../../../../src/contract/tool-operations.ts';
import { refuse, shown } from './tool.ts';

type Schema = ToolPlace['schema'];

const askedLimit = 50;
const listedLimit = 20;
const customId = /^customfield_\d{1,12}$/;
/** What Jira gives with any issue, and what stands for many. */
const alwaysThere: readonly string[] = ['id', 'key', 'issuekey', '*all', '*navigable'];

/** Ids for `fields` of a request, from a comma-separated list of ids or names; each may have a `-` before it. */
export function fieldsOf(text: string, schema: Schema): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0)
    throw refuse('fields: is empty; leave it out, or name fields such as summary, status');
  if (names.length > askedLimit)
    throw refuse(`fields: ${names.length} are too many; name at most ${askedLimit}, or *all`);
  const ids = names.map((name) => {
    const minus = name.startsWith('-') ? '-' : '';
    return `${minus}${fieldId(name.slice(minus.length).trim(), schema)}`;
  });
  return [...new Set(ids)];
}

function fieldId(name: string, schema: Schema): string {
  if (alwaysThere.includes(name) || customId.test(name)) return name;
  if (schema === null) {
    if (/^[A-Za-z][\w-]*$/.test(name)) return name;
    throw refuse(`fields: ${shown(name)} is no field id, and the site's names are not known yet; give ids`);
  }
  if (schema.fields.some(({ id }) => id === name)) return name;
  const ids = named(name, schema);
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return only;
  if (ids.length > 1) throw ambiguous(`fields: ${shown(name)}`, ids);
  throw refuse(`fields: the site has no field ${shown(name)}; give a field's id or exact name, or *all`);
}

/** As given. Throws for what is no custom field of the site, or several. */
export function checkCustomFields(fields: object | undefined, schema: Schema): JsonMap | undefined {
  if (fields === undefined) return undefined;
  for (const name of Object.keys(fields)) checkCustomField(name, schema);
  return fields as JsonMap;
}

function checkCustomField(name: string, schema: Schema): void {
  const word = name.trim();
  if (customId.test(word)) return;
  const system = `customFields: ${shown(name)} is no custom field; set it by its own parameter, if there is one`;
  if (schema === null) {
    if (systemNames.has(word.toLowerCase().replace(/[\s-]/g, ''))) throw refuse(system);
    return;
  }
  const ids = named(word, schema);
  if (ids.length > 1) throw ambiguous(`customFields: ${shown(name)}`, ids);
  const [only] = schema.fields.some(({ id }) => id === word) ? [word] : ids;
  if (only === undefined) {
    throw refuse(`customFields: the site has no field ${shown(name)}; give a field's id or exact name`);
  }
  if (!customId.test(only)) throw refuse(system);
}

function named(name: string, schema: NonNullable<Schema>): string[] {
  const wanted = name.toLowerCase();
  const ids = schema.fields.filter((field) => field.name.trim().toLowerCase() === wanted).map(({ id }) => id);
  return [...new Set(ids)].sort();
}

function ambiguous(what: string, ids: readonly string[]): ToolFault {
  const listed = ids.slice(0, listedLimit).join(', ');
  return new ToolFault('ambiguous_name', `${what} names ${ids.length} fields: ${listed}; give the id`);
}

/** Until the schema is known. */
const systemNames = new Set(
  (
    'id key issuekey summary description status priority labels assignee reporter creator issuetype type project ' +
    'parent subtasks issuelinks linkedissues components component resolution created updated duedate comment ' +
    'worklog watches watchers versions fixversions environment timetracking security attachment votes'
  ).split(' '),
);
