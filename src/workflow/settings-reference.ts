// The tables of docs/workflow.md, from the same schema that checks the file. Text only: where it goes is the
// business of the script that writes the docs.

import { z } from 'zod';
import type { BlockSchema } from './json-schema.ts';
import { settingEntries, type SettingEntry } from './setting-list.ts';

/** One Markdown table a section, in the order of the schema; then one an adapter. */
export function settingsReference(owners: readonly BlockSchema[]): string {
  const sections = new Map<string, SettingEntry[]>();
  for (const entry of settingEntries) {
    const name = entry.key.includes('.') ? (entry.key.split('.')[0] ?? '') : 'top level';
    sections.set(name, [...(sections.get(name) ?? []), entry]);
  }
  const own = [...sections].map(([name, entries]) => `### \`${name}\`\n\n${settingTable(entries)}`);
  const blocks = owners.map((owner) => `### \`${owner.kind}\` (adapter)\n\n${blockTable(owner)}`);
  return [...own, ...blocks].join('\n\n').replace('### `top level`', '### At the top level');
}

function settingTable(entries: readonly SettingEntry[]): string {
  return table(
    ['key', 'value', 'default', 'takes effect', 'variable', 'meaning'],
    entries.map(({ key, facts, envName }) => [
      `\`${key.replace('*', '<agent kind>')}\``,
      facts.shape === 'map' ? `a map; each value ${facts.expects}` : facts.expects,
      facts.defaultText,
      facts.takesEffect,
      envName === null ? '' : `\`${envName}\``,
      facts.about + expansionText(facts),
    ]),
  );
}

function expansionText({ expand, shape }: SettingEntry['facts']): string {
  // Of many values only some are secrets, and to blot out every "1" or "production" would help nobody.
  if (expand === 'secret' && shape === 'map') {
    return ' `$VAR` anywhere. A value is never shown when its name, or that of its `$VAR`, holds KEY, TOKEN, SECRET or PASSWORD.';
  }
  if (expand === 'secret') return ' `$VAR` anywhere; never shown.';
  if (expand === 'reference') return ' `$VAR` as the whole value.';
  return expand === 'path' ? ' `~` and `$VAR`.' : '';
}

function blockTable({ settingsSchema }: BlockSchema): string {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' });
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return 'No settings of its own.';
  return table(
    ['key', 'value', 'default', 'meaning'],
    properties.map(([name, property]) => {
      const facts: Exclude<typeof property, boolean> = typeof property === 'boolean' ? {} : property;
      const missing = schema.required?.includes(name) ? 'required' : 'none';
      const value = facts.default === undefined ? missing : `\`${JSON.stringify(facts.default)}\``;
      return [`\`${name}\``, valueText(facts), value, facts.description ?? ''];
    }),
  );
}

function valueText(facts: {
  readonly type?: unknown;
  readonly enum?: unknown;
  readonly anyOf?: unknown;
}): string {
  if (Array.isArray(facts.enum)) return facts.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (typeof facts.type === 'string') return facts.type;
  if (!Array.isArray(facts.anyOf)) return '';
  return facts.anyOf.map((one) => valueText(one as { type?: unknown })).join(' or ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
