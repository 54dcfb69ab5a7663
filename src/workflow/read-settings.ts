// One value for each key of the schema: flag, environment, .env file, front matter, default, in that order.
// Expands, checks, and notes every problem with its place; a value that is wrong is left out, so that the
// checks which look at several keys still run on the rest.

import { looksSecret } from '../contract/secret-names.ts';
import { didYouMean } from './nearest.ts';
import type { FrontMatter } from './front-matter.ts';
import type { SettingsOverrides } from './load-options.ts';
import { isPlainMap, quoted, shown, type ProblemList } from './problem-list.ts';
import type { SettingFacts } from './setting.ts';
import { envNameOf, settingEntries, settingsTree, type Leaf, type Section } from './setting-list.ts';
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
}

type Path = readonly string[];
type Values = Record<string, unknown>;

/** A value before it is checked, and the words that lead a message about it. */
interface Candidate {
  readonly value: unknown;
  readonly origin: string;
  readonly from: 'flag' | 'variable' | 'front_matter';
}

export function readSettings(context: ReadContext): ReadSettings {
  const reader = new Reader(context);
  const values = reader.section(settingsTree, context.frontMatter.data, []);
  return { values: frontMatterSchema.parse(values), invalid: reader.invalid, given: reader.given };
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
  readonly #context: ReadContext;

  constructor(context: ReadContext) {
    this.#context = context;
  }

  section(section: Section, raw: unknown, path: Path): Values {
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
      } else {
        const value =
          child.facts.shape === 'map' ? this.#map(child, own, here) : this.#leaf(child, own, here);
        if (value !== undefined) values[name] = value;
      }
    }
    return values;
  }

  #leaf(leaf: Leaf, own: unknown, path: Path): unknown {
    const candidate = this.#candidate(leaf.facts, own, path);
    if (candidate === null) return undefined;
    const key = path.join('.');
    this.given.set(key, candidate.origin);
    const expanded = this.#expand(leaf.facts, candidate, key);
    if (expanded === null) return undefined;
    const result = leaf.schema.safeParse(expanded);
    if (result.success) {
      if (leaf.facts.expand === 'secret' && typeof result.data === 'string' && result.data !== '') {
        this.#context.variables.secretValues.add(result.data);
      }
      return result.data;
    }
    this.#refuse(leaf.facts, candidate, key);
    return undefined;
  }

  #candidate(facts: SettingFacts, own: unknown, path: Path): Candidate | null {
    const { overrides, variables, frontMatter } = this.#context;
    const flag = flagNames[path.join('.')];
    const flagged = flag && overrides[flag.name];
    if (flag && flagged !== undefined) return { value: flagged, origin: flag.flag, from: 'flag' };
    const name = envNameOf(path, facts);
    const variable = name === null ? null : variables.get(name);
    if (name !== null && variable) {
      if (facts.expand === 'secret') variables.secretNames.add(name);
      return { value: fromText(facts, variable.value), origin: variable.origin, from: 'variable' };
    }
    // `key:` with nothing after it is how people empty a key.
    if (own === undefined || own === null) return null;
    return { value: own, origin: showPlace(frontMatter.locate(path)), from: 'front_matter' };
  }

  /** null when a reference led nowhere, which is reported. */
  #expand({ expand }: SettingFacts, { value, origin, from }: Candidate, key: string): unknown {
    if (typeof value !== 'string' || expand === undefined) return value;
    const { variables, directory, problems } = this.#context;
    if (expand !== 'path' && from !== 'front_matter') return value;
    const expanded =
      expand === 'secret'
        ? variables.expandAnywhere(value, () => true)
        : expand === 'reference'
          ? variables.expandWhole(value)
          : variables.expandPath(value.trim(), directory, from === 'front_matter');
    if (expanded.missing.length === 0) return expanded.value;
    this.invalid.add(key);
    problems.error(checkOf(key), `${origin}: ${kindOf(key)}${missingText(key, expanded.missing)}`);
    return null;
  }

  #map(leaf: Leaf, raw: unknown, path: Path): Values {
    const { frontMatter, problems, variables } = this.#context;
    const values: [string, unknown][] = [];
    for (const [name, entry] of Object.entries(this.#mapOrNothing(raw, path))) {
      const here = [...path, name];
      const key = here.join('.');
      const origin = showPlace(frontMatter.locate(here));
      let value: unknown = entry;
      if (leaf.facts.expand === 'secret' && typeof entry === 'string') {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
          const rule = 'letters, digits and _ only, no digit first';
          problems.error(
            `config.${path.join('.')}`,
            `${origin}: ${quoted(name)} cannot name a variable; use ${rule}`,
          );
          continue;
        }
        // `PATH: /opt/bin:$PATH` must not make PATH a secret that every log line is cleaned of.
        const isSecret = (used: string): boolean =>
          used.startsWith('SORTIE_') || looksSecret(name) || looksSecret(used);
        const expanded = variables.expandAnywhere(entry, isSecret);
        if (expanded.missing.length > 0) {
          problems.error(`config.${path.join('.')}`, `${origin}: ${missingText(key, expanded.missing)}`);
          continue;
        }
        value = expanded.value;
        if (looksSecret(name) && expanded.value !== '') variables.secretValues.add(expanded.value);
      }
      const result = leaf.schema.safeParse({ entry: value });
      if (result.success) values.push([name, value]);
      else this.#refuse(leaf.facts, { value: entry, origin, from: 'front_matter' }, key, path.join('.'));
    }
    return Object.fromEntries(values);
  }

  #refuse(facts: SettingFacts, { value, origin, from }: Candidate, key: string, field = key): void {
    const inList = facts.shape === 'list' && Array.isArray(value) ? ' in it' : '';
    const found = `found ${shown(wrongItem(facts, value), facts.expand === 'secret')}${inList}`;
    const text = `${origin}: ${key} must be ${facts.expects}, ${found}`;
    if (facts.lenient && (facts.shape === 'map' || isTooSmall(value))) {
      const instead =
        facts.shape === 'map' ? 'this entry is left out' : `${String(facts.defaultValue)} is used`;
      this.#context.problems.warning('type_mismatch', `${text}; ${instead} until it is corrected`);
      return;
    }
    this.invalid.add(field);
    this.#context.problems.error(
      from === 'flag' ? 'args' : `config.${field}`,
      `${text}; ${advice(facts, value)}`,
    );
  }

  #mapOrNothing(raw: unknown, path: Path): Readonly<Record<string, unknown>> {
    if (raw === undefined || raw === null) return {};
    if (isPlainMap(raw)) return raw;
    const key = path.join('.');
    const origin = showPlace(this.#context.frontMatter.locate(path));
    this.invalid.add(key);
    const text = `${origin}: ${key} must be a map, found ${shown(raw, true)}; write its keys below it, indented`;
    this.#context.problems.error(`config.${key}`, text);
    return {};
  }

  #reportUnknown(section: Section, map: Readonly<Record<string, unknown>>, path: Path): void {
    const { blockNames, frontMatter, problems } = this.#context;
    const known = [...section.children.keys(), ...(path.length === 0 ? blockNames : [])];
    for (const name of Object.keys(map)) {
      if (known.includes(name)) continue;
      const here = [...path, name];
      const place = showPlace(frontMatter.locateKey(here));
      const key = path.length === 0 ? quoted(name) : `${quoted(name)} in ${path.join('.')}`;
      const hint = didYouMean(name, known) || elsewhere(name);
      const text = `${place}: unknown key ${key}${hint}; it is ignored: correct or remove it`;
      problems.warning(path.length === 0 ? 'unknown_key' : 'unknown_sub_key', text);
    }
  }
}

/** A key of another part was most likely meant there: YAML tells by indentation alone whose a key is. */
function elsewhere(name: string): string {
  const found = settingEntries.find(({ key }) => key.endsWith(`.${name}`));
  return found === undefined ? '' : ` (did you mean ${found.key}? check the indentation)`;
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

/** The two settings that have a check of their own beside `config.*`. */
function checkOf(key: string): string {
  return key === 'tracker.api_key' || key === 'tracker.project' ? key : `config.${key}`;
}

function kindOf(key: string): string {
  if (key === 'tracker.api_key') return 'missing_tracker_api_key: ';
  return key === 'tracker.project' ? 'missing_tracker_project: ' : '';
}

function isTooSmall(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && value <= 0;
  return typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) && Number(value) <= 0;
}

function advice(facts: SettingFacts, value: unknown): string {
  const isWord = typeof value === 'number' || typeof value === 'boolean';
  if ((facts.shape === 'text' || facts.shape === 'map') && isWord) return 'put it in quotes';
  if (facts.shape === 'list' && typeof value === 'string') return 'write it between [ and ]';
  return 'correct or remove it';
}

/** The item that spoils a list; any other value is itself what is wrong. */
function wrongItem(facts: SettingFacts, value: unknown): unknown {
  if (facts.shape !== 'list' || !Array.isArray(value)) return value;
  return (value as unknown[]).find(
    (item) => typeof item !== 'string' || item.trim() === '' || item.includes('\0'),
  );
}
