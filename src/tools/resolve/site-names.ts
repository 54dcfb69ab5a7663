// Names of the site: issue types, priorities and custom fields, against the schema where it is known. What is unknown
// there is refused with what there is; without a schema a name goes to the tracker as it is. Fields that have a name of
// their own may not come in as custom ones: rules and scope would not see them.

import { ToolFault } from '../../contract/agent-tools.ts';
import type { JsonMap } from '../../contract/tool-operations.ts';
import type { TrackerSchema } from '../../contract/tracker-capabilities.ts';

const LISTED = 30;

/** By id or name, without case or space: what is asked for, or decided, under a name of its own. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  'assignee',
  'attachment',
  'comment',
  'components',
  'component',
  'description',
  'issuelinks',
  'linkedissues',
  'issuetype',
  'key',
  'labels',
  'parent',
  'priority',
  'project',
  'status',
  'summary',
  'title',
  'watches',
  'watchers',
  'worklog',
  'logwork',
]);

export function siteType(given: string, schema: TrackerSchema | null): string {
  return oneOf(given, schema?.issueTypes ?? [], 'issue type');
}

export function sitePriority(given: string, schema: TrackerSchema | null): string {
  return oneOf(given, schema?.priorities ?? [], 'priority');
}

/**
 * Every word for the type of a link: the same link can be said from its other end. Where the site's types are known, one
 * that it does not have is a ToolFault `invalid_arguments` that names those that it has.
 */
export function linkTypeWords(given: string, schema: TrackerSchema | null): readonly string[] {
  const wanted = given.trim().toLowerCase();
  const known = schema?.linkTypes ?? [];
  const types = known.map(({ name, inward, outward }) => [name, inward, outward]);
  const meant = types.filter((words) => words.some((word) => word.trim().toLowerCase() === wanted));
  if (known.length > 0 && meant.length === 0) {
    const listed = known.map(({ name, inward, outward }) => `${name} (${outward} / ${inward})`);
    const message = `the site has no link type "${given}"; there are: ${listed.slice(0, LISTED).join(', ')}`;
    throw new ToolFault('invalid_arguments', message);
  }
  return [given, ...meant.flat()];
}

export interface SiteFields {
  /** By field id. */
  readonly values: JsonMap;
  /** Of each as it was given: its other word, id or name. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** Throws ToolFault `invalid_arguments` or `ambiguous_name`. */
export function siteFields(given: JsonMap, schema: TrackerSchema | null): SiteFields {
  const values = new Map<string, JsonMap[string]>();
  const aliases = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const field = findField(name, schema);
    for (const word of [name, field.id, field.name]) demandCustom(word);
    if (values.has(field.id))
      throw new ToolFault('invalid_arguments', `customFields: ${name} is given twice, by id and by name`);
    values.set(field.id, value);
    aliases.set(name, name === field.id ? field.name : field.id);
  }
  return { values: Object.fromEntries(values), aliases: Object.fromEntries(aliases) };
}

function demandCustom(word: string): void {
  if (!OWN_NAMES.has(word.toLowerCase().replace(/[\s_-]/g, ''))) return;
  const message = `customFields: "${word}" is not a custom field; use the parameter or the tool that is made for it`;
  throw new ToolFault('invalid_arguments', message);
}

function findField(
  name: string,
  schema: TrackerSchema | null,
): { readonly id: string; readonly name: string } {
  if (schema === null || schema.fields.length === 0) return { id: name, name };
  const byId = schema.fields.find(({ id }) => id === name);
  if (byId !== undefined) return byId;
  const wanted = name.trim().toLowerCase();
  const found = schema.fields.filter((field) => field.name.trim().toLowerCase() === wanted);
  const [field] = found;
  if (field === undefined)
    throw new ToolFault(
      'invalid_arguments',
      `customFields: the site has no field "${name}"; refresh or correct it`,
    );
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new ToolFault(
      'ambiguous_name',
      `customFields: "${name}" is the name of several fields: ${ids}; give the id`,
    );
  }
  return field;
}

/** What a number stands for no rule can know while the site's names are not known. */
function demandName(given: string, what: string): string {
  if (!isNumber(given)) return given;
  const message = `the ${what} "${given}" may be an id, and the site's names are not known at the moment: give the name`;
  throw new ToolFault('invalid_arguments', message);
}

function isNumber(name: string): boolean {
  return /^\d+$/.test(name.trim());
}

function oneOf(
  given: string,
  known: readonly { readonly id: string; readonly name: string }[],
  what: string,
): string {
  if (known.length === 0) return demandName(given.trim(), what);
  const wanted = given.trim().toLowerCase();
  const found = known.find(({ name }) => name.trim().toLowerCase() === wanted);
  // A tracker takes a number for an id, which may be that of another one.
  if (found !== undefined) return isNumber(found.name) ? found.id : found.name;
  const listed = [...new Set(known.map(({ name }) => name))].slice(0, LISTED).join(', ');
  throw new ToolFault('invalid_arguments', `the site has no ${what} "${given}"; there are: ${listed}`);
}
