// One value for each key of the schema: flag, environment, .env file, front matter, default, in that order.
// Expands, checks, and notes every problem with its place; a value that is wrong is left out, so that the
// checks which look at several keys still run on the rest.

import { looksSecret, mayHoldSecret } from '../contract/secret-names.ts';
import type { SettingSource } from '../contract/settings.ts';
import { didYouMean } from './nearest.ts';
import type { FrontMatter, KeyPath } from './front-matter.ts';
import type { SettingsOverrides } from './load-options.ts';
import { isPlainMap, quoted, shown, type ProblemList } from './problem-list.ts';
import type { SettingFacts } from './setting.ts';
import { envNameOf, settingsTree, type Leaf, type Section } from './setting-list.ts';
import {
  advice,
  checkOf,
  elsewhere,
  isTooSmall,
  keyText,
  kindOf,
  shownKey,
  writtenAt,
  wrongItem,
} from './setting-words.ts';
import { frontMatterSchema, type FrontMatterValues } from './settings-schema.ts';
import { missingText, type Variables } from './variables.ts';
import { showPlace } from './workflow-error.ts';

export interface ReadContext {
  readonly frontMatter: FrontMatter;
  readonly variables: Variables;
  readonly overrides: SettingsOverrides;
  readonly problems: ProblemList;
  /** Absolute folder of WORKFLOW.md. */
  readonly directory: string;
  /** Top-level keys that are adapters' blocks. */
  readonly blockNames: ReadonlySet<string>;
}

export interface ReadSettings {
  readonly values: FrontMatterValues;
  /** Keys whose value was wrong and is now the default. */
  readonly invalid: ReadonlySet<string>;
  /** Keys that a person gave a value, and where. */
  readonly given: ReadonlyMap<string, string>;
  /** Where the value in force of a key came from; without an entry it is the default. */
  readonly origins: ReadonlyMap<string, SettingOrigin>;
}

/** For people who look at the settings in force. */
export interface SettingOrigin {
  readonly source: SettingSource;
  /** `WORKFLOW.md:7`, `.env:2`, `SORTIE_DB_PATH`, `--port`. */
  readonly place: string;
}

type Values = Record<string, unknown>;

/** A value before it is checked, and the words that lead a message about it. */
interface Candidate {
  readonly value: unknown;
  readonly origin: string;
  readonly from: SettingOrigin;
}

export function readSettings(context: ReadContext): ReadSettings {
  const reader = new Reader(context);
  const values = reader.section(settingsTree, context.frontMatter.data, []);
  const { invalid, given, origins } = reader;
  return { values: frontMatterSchema.parse(values), invalid, given, origins };
}

const flagNames: Readonly<Record<string, { readonly flag: string; readonly name: keyof SettingsOverrides }>> =
  {
    'server.port': { flag: '--port', name: 'port' },
    'server.host': { flag: '--host', name: 'host' },
    'logging.level': { flag: '--log-level', name: 'logLevel' },
    'logging.format': { flag: '--log-format', name: 'logFormat' },
  };

class Reader {
  readonly invalid = new Set<string>();
  readonly given = new Map<string, string>();
  readonly origins = new Map<string, SettingOrigin>();
  readonly #context: ReadContext;

  constructor(context: ReadContext) {
    this.#context = context;
  }

  section(section: Section, raw: unknown, path: KeyPath): Values {
    const map = this.#mapOrNothing(raw, path);
    this.#reportUnknown(section, map, path);
    const values: Values = {};
    for (const [name, child] of section.children) {
      const here = [...path, name];
      const own = Object.hasOwn(map, name) ? map[name] : undefined;
      if (child.kind === 'section') values[name] = this.section(child, own, here);
      else if (child.kind === 'open_section') {
        const entries = Object.entries(this.#mapOrNothing(own, here));
        values[name] = Object.fromEntries(
          entries.map(([key, entry]) => [key, this.section(child.entries, entry, [...here, key])]),
        );
      } else if (child.kind === 'list_section') values[name] = this.#items(child.items, own, here);
      else {
        const value =
          child.facts.shape === 'map' ? this.#map(child, own, here) : this.#leaf(child, own, here);
        if (value !== undefined) values[name] = value;
      }
    }
    return values;
  }

  /** An item that lacks what it needs is reported and left out. */
  #items(section: Section, raw: unknown, path: KeyPath): Values[] {
    if (raw === undefined || raw === null) return [];
    if (!Array.isArray(raw)) {
      const text = `must be a list, found ${shown(raw, true)}; write each item below it, after a dash`;
      this.#misshapen(path, text);
      return [];
    }
    const items = raw.map((item: unknown, index) => this.section(section, item, [...path, index]));
    return items.filter((item) =>
      [...section.children].every(
        ([name, child]) =>
          child.kind !== 'leaf' || child.facts.required === undefined || item[name] !== undefined,
      ),
    );
  }

  #leaf(leaf: Leaf, own: unknown, path: KeyPath): unknown {
    const candidate = this.#candidate(leaf.facts, own, path);
    const key = keyText(path);
    if (candidate === null) {
      if (leaf.facts.required) {
        this.#misshapen(path, `is not set; set it to ${leaf.facts.expects}`);
      }
      return undefined;
    }
    this.given.set(key, candidate.origin);
    const expanded = this.#expand(leaf.facts, candidate, key);
    if (expanded === null) return undefined;
    const result = leaf.schema.safeParse(expanded);
    if (result.success) {
      if (leaf.facts.expand === 'secret' && typeof result.data === 'string') {
        this.#context.variables.addSecret(result.data);
      }
      this.origins.set(key, candidate.from);
      return result.data;
    }
    this.#refuse(leaf.facts, candidate, key);
    return undefined;
  }

  #candidate(facts: SettingFacts, own: unknown, path: KeyPath): Candidate | null {
    const { overrides, variables, frontMatter } = this.#context;
    const flag = flagNames[keyText(path)];
    const flagged = flag && overrides[flag.name];
    if (flag && flagged !== undefined) {
      return { value: flagged, origin: flag.flag, from: { source: 'flag', place: flag.flag } };
    }
    const name = envNameOf(path, facts);
    const variable = name === null ? null : variables.get(name);
    if (name !== null && variable) {
      if (facts.expand === 'secret') variables.secretNames.add(name);
      const { origin, source, place } = variable;
      return { value: fromText(facts, variable.value), origin, from: { source, place } };
    }
    // `key:` with nothing after it is how people empty a key.
    if (own === undefined || own === null) return null;
    return { value: own, origin: showPlace(frontMatter.locate(path)), from: writtenAt(frontMatter, path) };
  }

  /** null when a reference led nowhere, which is reported. */
  #expand({ expand }: SettingFacts, { value, origin, from }: Candidate, key: string): unknown {
    if (typeof value !== 'string' || expand === undefined) return value;
    const { variables, directory, problems } = this.#context;
    const isWritten = from.source === 'front_matter';
    if (expand !== 'path' && !isWritten) return value;
    const expanded =
      expand === 'secret'
        ? variables.expandAnywhere(value, () => true)
        : expand === 'reference'
          ? variables.expandWhole(value)
          : variables.expandPath(value.trim(), directory, isWritten);
    if (expanded.missing.length === 0) return expanded.value;
    this.invalid.add(key);
    problems.error(checkOf(key), `${origin}: ${kindOf(key)}${missingText(shownKey(key), expanded.missing)}`);
    return null;
  }

  #map(leaf: Leaf, raw: unknown, path: KeyPath): Values {
    const { frontMatter, problems, variables } = this.#context;
    const values: [string, unknown][] = [];
    for (const [name, entry] of Object.entries(this.#mapOrNothing(raw, path))) {
      const here = [...path, name];
      const key = keyText(here);
      const origin = showPlace(frontMatter.locate(here));
      let value: unknown = entry;
      if (leaf.facts.expand === 'secret' && typeof entry === 'string') {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
          const rule = 'letters, digits and _ only, no digit first';
          problems.error(
            `config.${keyText(path)}`,
            `${origin}: ${quoted(name)} cannot name a variable; use ${rule}`,
          );
          continue;
        }
        // `PATH: /opt/bin:$PATH` must not make PATH a secret that every log line is cleaned of.
        const isSecret = (used: string): boolean =>
          used.startsWith('SORTIE_') || looksSecret(name) || looksSecret(used);
        const expanded = variables.expandAnywhere(entry, isSecret);
        if (expanded.missing.length > 0) {
          problems.error(
            `config.${keyText(path)}`,
            `${origin}: ${missingText(shownKey(key), expanded.missing)}`,
          );
          continue;
        }
        value = expanded.value;
        if (mayHoldSecret(name)) variables.addSecret(expanded.value);
      }
      const result = leaf.schema.safeParse({ entry: value });
      const from = writtenAt(frontMatter, here);
      if (result.success) {
        values.push([name, value]);
        this.origins.set(key, from);
      } else this.#refuse(leaf.facts, { value: entry, origin, from }, key, keyText(path));
    }
    return Object.fromEntries(values);
  }

  #refuse(facts: SettingFacts, { value, origin, from }: Candidate, key: string, field = key): void {
    const inList =
      (facts.shape === 'list' || facts.shape === 'texts') && Array.isArray(value) ? ' in it' : '';
    const item = wrongItem(facts, value);
    const near = typeof item === 'string' && facts.known ? didYouMean(item, facts.known) : '';
    const found = `found ${shown(item, facts.expand === 'secret')}${inList}${near}`;
    const text = `${origin}: ${shownKey(key)} must be ${facts.expects}, ${found}`;
    if (facts.lenient && (facts.shape === 'map' || isTooSmall(value))) {
      const instead =
        facts.shape === 'map' ? 'this entry is left out' : `${String(facts.defaultValue)} is used`;
      this.#context.problems.warning('type_mismatch', `${text}; ${instead} until it is corrected`);
      return;
    }
    this.invalid.add(field);
    this.#context.problems.error(
      from.source === 'flag' ? 'args' : `config.${field}`,
      `${text}; ${advice(facts, value)}`,
    );
  }

  #mapOrNothing(raw: unknown, path: KeyPath): Readonly<Record<string, unknown>> {
    if (raw === undefined || raw === null) return {};
    if (isPlainMap(raw)) return raw;
    this.#misshapen(path, `must be a map, found ${shown(raw, true)}; write its keys below it, indented`);
    return {};
  }

  #misshapen(path: KeyPath, text: string): void {
    const key = keyText(path);
    const origin = showPlace(this.#context.frontMatter.locate(path));
    this.invalid.add(key);
    this.#context.problems.error(`config.${key}`, `${origin}: ${shownKey(key)} ${text}`);
  }

  #reportUnknown(section: Section, map: Readonly<Record<string, unknown>>, path: KeyPath): void {
    const { blockNames, frontMatter, problems } = this.#context;
    const known = [...section.children.keys(), ...(path.length === 0 ? blockNames : [])];
    // A condition or a limit that is left out in silence would allow what it was to stop.
    const isStrict = path[0] === 'tools';
    for (const name of Object.keys(map)) {
      if (known.includes(name)) continue;
      const here = [...path, name];
      const place = showPlace(frontMatter.locateKey(here));
      const key = path.length === 0 ? quoted(name) : `${quoted(name)} in ${shownKey(keyText(path))}`;
      const hint = didYouMean(name, known) || elsewhere(name);
      if (isStrict) {
        this.invalid.add(keyText(here));
        const text = `${place}: unknown key ${key}${hint}; correct or remove it`;
        problems.error(`config.${keyText(here)}`, text);
        continue;
      }
      const text = `${place}: unknown key ${key}${hint}; it is ignored: correct or remove it`;
      problems.warning(path.length === 0 ? 'unknown_key' : 'unknown_sub_key', text);
    }
  }
}

/** What an environment variable's text stands for. Text that does not fit stays text, and is refused as such. */
function fromText(facts: SettingFacts, value: string): unknown {
  if (facts.shape === 'flag') return value === 'true' ? true : value === 'false' ? false : value;
  if (facts.shape !== 'list') return value;
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
