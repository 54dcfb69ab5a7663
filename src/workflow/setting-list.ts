// The settings schema as a flat list, and the name of the environment variable that overrides a key.
// Looking into zod's own definition objects is done here and nowhere else.

import { z } from 'zod';
import { settingFacts, type SettingFacts } from './setting.ts';
import { frontMatterSchema } from './settings-schema.ts';

export interface Leaf {
  readonly kind: 'leaf';
  readonly schema: z.ZodType;
  readonly facts: SettingFacts;
}
export interface Section {
  readonly kind: 'section';
  readonly children: ReadonlyMap<string, SchemaNode>;
}
/** A map whose keys the user chooses and whose values are sections. */
export interface OpenSection {
  readonly kind: 'open_section';
  readonly entries: Section;
}
/** A list whose items are sections. */
export interface ListSection {
  readonly kind: 'list_section';
  readonly items: Section;
}
export type SchemaNode = Leaf | Section | OpenSection | ListSection;

export interface SettingEntry extends Leaf {
  /** Dotted; `*` stands for a key that the user chooses, `[]` for the place in a list. */
  readonly key: string;
  /** null = none. */
  readonly envName: string | null;
}

/** These parts of the front matter have one variable per text, number or list. */
const partsWithVariables = new Set([
  'tracker',
  'polling',
  'workspace',
  'agent',
  'server',
  'db_path',
  'tools',
]);

export const settingsTree: Section = section(frontMatterSchema);

export const settingEntries: readonly SettingEntry[] = [...entriesBelow(settingsTree, [])];

export function envNameOf(path: readonly (string | number)[], facts: SettingFacts): string | null {
  const inList = path.some((step) => typeof step === 'number' || step.endsWith('[]'));
  const hasOne =
    !inList && facts.env !== false && facts.shape !== 'map' && partsWithVariables.has(String(path[0]));
  return hasOne ? `SORTIE_${path.join('_').toUpperCase()}` : null;
}

function* entriesBelow(node: Section, path: readonly string[]): Generator<SettingEntry> {
  for (const [name, child] of node.children) {
    const here = [...path, name];
    if (child.kind === 'section') yield* entriesBelow(child, here);
    else if (child.kind === 'open_section') yield* entriesBelow(child.entries, [...here, '*']);
    else if (child.kind === 'list_section') yield* entriesBelow(child.items, [...path, `${name}[]`]);
    else yield { ...child, key: here.join('.'), envName: envNameOf(here, child.facts) };
  }
}

function section(schema: z.ZodObject): Section {
  const children = Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>).map(
    ([name, child]) => [name, node(child)] as const,
  );
  return { kind: 'section', children: new Map(children) };
}

function node(schema: z.ZodType): SchemaNode {
  const facts = settingFacts.get(schema);
  if (facts) return { kind: 'leaf', schema, facts };
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault)
    return node(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodObject) return section(schema);
  if (schema instanceof z.ZodRecord && schema.valueType instanceof z.ZodObject) {
    return { kind: 'open_section', entries: section(schema.valueType) };
  }
  if (schema instanceof z.ZodArray && schema.element instanceof z.ZodObject) {
    return { kind: 'list_section', items: section(schema.element) };
  }
  throw new Error('invariant: a part of the settings schema was not made with setting()');
}
