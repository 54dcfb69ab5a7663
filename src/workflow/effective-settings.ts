// The settings in force, key by key, in the order of the reference, each with where it came from: for people who ask
// why the daemon does what it does. Holds no secret: what is declared one is `***`, and so is its value wherever else
// it turns up.

import type { EffectiveSetting, Settings } from '../contract/settings.ts';
import { knownKeys, type BlockOwner } from './adapter-block.ts';
import type { FrontMatter, KeyPath } from './front-matter.ts';
import { isPlainMap } from './problem-list.ts';
import type { ReadSettings, SettingOrigin } from './read-settings.ts';
import type { SettingFacts } from './setting.ts';
import { settingsTree, type Section } from './setting-list.ts';
import { blockMask, createMask, type Mask } from './secret-mask.ts';
import { keyText, writtenAt } from './setting-words.ts';
import { yamlLine } from './yaml-line.ts';

export interface EffectiveInput {
  readonly read: ReadSettings;
  readonly settings: Settings;
  /** What `agent.command` is when it is not set. */
  readonly defaultCommand: string;
  /** The checked blocks of the adapters in use. */
  readonly blocks: readonly {
    readonly owner: BlockOwner;
    readonly block: Readonly<Record<string, unknown>>;
  }[];
  readonly frontMatter: FrontMatter;
  readonly secrets: ReadonlySet<string>;
}

/** Where what is in force is not what is written, even after the schema's defaults. */
const inForce: Readonly<Record<string, (input: EffectiveInput) => unknown>> = {
  'tracker.active_states': ({ settings }) => settings.tracker.activeStates,
  'tracker.terminal_states': ({ settings }) => settings.tracker.terminalStates,
  'tracker.required_labels': ({ settings }) => settings.tracker.requiredLabels,
  'tracker.park_label': ({ settings }) => settings.tracker.parkLabel,
  'workspace.root': ({ settings }) => settings.workspaceRoot,
  'agent.command': ({ settings, defaultCommand }) => settings.agent.command || defaultCommand,
  db_path: ({ settings }) => settings.dbPath,
  'tools.approval.wait_ms': ({ settings }) => settings.tools.approval.waitMs,
};

const byDefault: SettingOrigin = { source: 'default', place: '' };

export function effectiveSettings(input: EffectiveInput): readonly EffectiveSetting[] {
  const mask = createMask(input.secrets);
  const lines = [...ownLines(settingsTree, input.read.values, [], input, mask)];
  for (const { owner, block } of input.blocks) lines.push(...blockLines(owner, block, input, mask));
  return Object.freeze(lines.map((line) => Object.freeze(line)));
}

function* ownLines(
  section: Section,
  values: Readonly<Record<string, unknown>>,
  path: KeyPath,
  input: EffectiveInput,
  mask: Mask,
): Generator<EffectiveSetting> {
  for (const [name, child] of section.children) {
    const here = [...path, name];
    const value = values[name];
    if (child.kind === 'section') yield* ownLines(child, mapOf(value), here, input, mask);
    else if (child.kind === 'leaf') yield* leafLines(child.facts, value, here, input, mask);
    else {
      const items = child.kind === 'open_section' ? child.entries : child.items;
      const entries = entriesOf(value);
      if (entries.length === 0) yield line(here, yamlLine(value), byDefault);
      for (const [step, entry] of entries) yield* ownLines(items, mapOf(entry), [...here, step], input, mask);
    }
  }
}

function* leafLines(
  facts: SettingFacts,
  written: unknown,
  path: KeyPath,
  input: EffectiveInput,
  mask: Mask,
): Generator<EffectiveSetting> {
  const key = keyText(path);
  const shown = (value: unknown): string =>
    facts.expand === 'secret'
      ? mask.whole(value)
      : yamlLine(facts.isScript ? mask.script(value) : mask.within(value));
  const entries = facts.shape === 'map' ? entriesOf(written) : [];
  for (const [name, value] of entries) {
    const here = [...path, name];
    yield line(here, shown(value), input.read.origins.get(keyText(here)) ?? byDefault);
  }
  if (entries.length > 0) return;
  if (facts.shownWhenSetOnly && written === undefined) return;
  const value = facts.shape === 'map' ? yamlLine({}) : shown(inForce[key]?.(input) ?? written);
  yield line(path, value, input.read.origins.get(key) ?? byDefault);
}

function* blockLines(
  owner: BlockOwner,
  block: Readonly<Record<string, unknown>>,
  { frontMatter }: EffectiveInput,
  mask: Mask,
): Generator<EffectiveSetting> {
  const raw = frontMatter.data[owner.kind];
  const keys = new Set([...(knownKeys(owner.settingsSchema) ?? []), ...Object.keys(block)]);
  for (const key of keys) {
    const path = [owner.kind, key];
    const isWritten = isPlainMap(raw) && Object.hasOwn(raw, key) && raw[key] !== null;
    const origin = isWritten ? writtenAt(frontMatter, path) : byDefault;
    yield line(path, blockMask(owner, key, block[key], mask), origin);
  }
}

function line(path: KeyPath, value: string, { source, place }: SettingOrigin): EffectiveSetting {
  return { key: keyText(path), value, source, place };
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return isPlainMap(value) ? value : {};
}

function entriesOf(value: unknown): [string | number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : Object.entries(mapOf(value));
}
