// The front matter's block that is named after an adapter's kind: expanded as its registration asks, and
// checked by its own schema. A key that the schema does not know is a warning, never an error. The block of
// an adapter that is not in use only warns, and its `$VAR` are left alone.

import type { ZodType } from 'zod';
import type { AgentRegistration } from '../contract/agent.ts';
import type { FrontMatter } from './front-matter.ts';
import { didYouMean } from './nearest.ts';
import type { ReadContext } from './read-settings.ts';
import { isPlainMap, quoted, shown } from './problem-list.ts';
import { missingText } from './variables.ts';
import { oneLine, showPlace, type Place } from './workflow-error.ts';

export interface BlockOwner {
  readonly kind: string;
  readonly settingsSchema: ZodType<Record<string, unknown>>;
  readonly pathSettings?: readonly string[];
  /** A path setting whose text begins with `{` is JSON in the place of a file, and left alone. */
  readonly inlineJson?: boolean;
  readonly secretSettings?: readonly string[];
}

type Block = Record<string, unknown>;

export function agentBlockOwner({ kind, settingsSchema, pathSettings }: AgentRegistration): BlockOwner {
  return { kind, settingsSchema, pathSettings: pathSettings ?? [], inlineJson: true };
}

/** null when the block is wrong (reported). An active adapter without a block gets its schema's defaults. */
export function readBlock(owner: BlockOwner, active: boolean, context: ReadContext): Block | null {
  const { frontMatter, problems } = context;
  const { kind } = owner;
  const raw = Object.hasOwn(frontMatter.data, kind) ? frontMatter.data[kind] : undefined;
  if ((raw === undefined || raw === null) && !active) return null;
  const report = (path: readonly PropertyKey[], text: string): void => {
    const place = showPlace(
      raw ? locate(frontMatter, [kind, ...path]) : { path: frontMatter.locate([]).path },
    );
    const key = [kind, ...path].map(String).join('.');
    if (active) problems.error(`config.${key}`, `${place}: ${key} ${text}`);
    else problems.warning('type_mismatch', `${place}: ${key} ${text} (${kind} is not in use)`);
  };
  if (raw !== undefined && raw !== null && !isPlainMap(raw)) {
    report([], `must be a map, found ${shown(raw, true)}; write its keys below it, indented`);
    return null;
  }
  const block: Block = Object.fromEntries(Object.entries(raw ?? {}).filter(([, value]) => value !== null));
  removeUnknown(owner, block, context);
  if (active && !expand(owner, block, context, report)) return null;
  return check(owner, block, context, report);
}

function check(
  owner: BlockOwner,
  block: Block,
  context: ReadContext,
  report: (path: readonly PropertyKey[], text: string) => void,
): Block | null {
  try {
    const result = owner.settingsSchema.safeParse(block);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const name = String(issue.path[0] ?? '');
      const secret = owner.secretSettings?.includes(name) ?? false;
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) warnUnknown(owner.kind, [...issue.path.map(String), key], [], context);
        continue;
      }
      const value = valueAt(block, issue.path);
      const message = oneLine(issue.message).replace(/^Invalid input: /, '');
      if (value === undefined) report(issue.path, `is not set (${message}); set it`);
      else report(issue.path, `is wrong: ${message}; found ${shown(value, secret)}: correct it`);
    }
    const onlyUnknown = result.error.issues.every(({ code }) => code === 'unrecognized_keys');
    return onlyUnknown ? check(owner, without(block, result.error.issues), context, report) : null;
  } catch (cause) {
    report([], `could not be checked (${oneLine(String(cause))}); ask the author of the adapter`);
    return null;
  }
}

function expand(
  owner: BlockOwner,
  block: Block,
  { variables, directory }: ReadContext,
  report: (path: readonly PropertyKey[], text: string) => void,
): boolean {
  let complete = true;
  const lack = (name: string, missing: readonly string[]): void => {
    complete = false;
    report([name], `is wrong: ${missingText('it', missing)}`);
  };
  const pathOf = (value: unknown, missing: string[]): unknown => {
    if (typeof value !== 'string' || value === '') return value;
    if (owner.inlineJson && value.trimStart().startsWith('{')) return value;
    const expanded = variables.expandPath(value, directory, true);
    missing.push(...expanded.missing);
    return expanded.value;
  };
  for (const name of owner.pathSettings ?? []) {
    const value = block[name];
    if (value === undefined) continue;
    const missing: string[] = [];
    block[name] = Array.isArray(value) ? value.map((one) => pathOf(one, missing)) : pathOf(value, missing);
    if (missing.length > 0) lack(name, missing);
  }
  for (const name of owner.secretSettings ?? []) {
    const value = block[name];
    if (typeof value !== 'string') continue;
    const expanded = variables.expandAnywhere(value, () => true);
    block[name] = expanded.value;
    if (expanded.missing.length > 0) lack(name, expanded.missing);
    variables.addSecret(expanded.value);
  }
  return complete;
}

function locate(frontMatter: FrontMatter, path: readonly PropertyKey[]): Place {
  return frontMatter.locate(path.map((step) => (typeof step === 'number' ? step : String(step))));
}

/** zod objects drop unknown keys in silence, strict ones refuse them; people are warned in both cases. */
function removeUnknown(owner: BlockOwner, block: Block, context: ReadContext): void {
  const known = knownKeys(owner.settingsSchema);
  if (known === null) return;
  for (const name of Object.keys(block)) {
    if (known.includes(name)) continue;
    warnUnknown(owner.kind, [name], known, context);
    Reflect.deleteProperty(block, name);
  }
}

function warnUnknown(
  kind: string,
  path: readonly string[],
  known: readonly string[],
  context: ReadContext,
): void {
  const name = path.at(-1) ?? '';
  const place = showPlace(context.frontMatter.locateKey([kind, ...path]));
  const inside = [kind, ...path.slice(0, -1)].join('.');
  const text = `${place}: unknown key ${quoted(name)} in ${inside}${didYouMean(name, known)}; it is ignored: correct or remove it`;
  context.problems.warning('unknown_sub_key', text);
}

/** null when the schema lets any key through, or is not an object schema that can be looked into. */
export function knownKeys(schema: unknown): readonly string[] | null {
  if (!isPlainMap(schema)) return null;
  const { shape, def } = schema;
  if (isPlainMap(shape)) {
    const catchall = isPlainMap(def) && isPlainMap(def['catchall']) ? def['catchall'] : null;
    const rest = catchall && isPlainMap(catchall['def']) ? catchall['def']['type'] : 'never';
    return rest === 'never' ? Object.keys(shape) : null;
  }
  if (!isPlainMap(def)) return null;
  return knownKeys(def['innerType'] ?? def['in'] ?? null);
}

function without(
  block: Block,
  issues: readonly { path: readonly PropertyKey[]; keys?: readonly string[] }[],
): Block {
  const copy = structuredClone(block);
  for (const { path, keys } of issues) {
    const parent = valueAt(copy, path);
    if (isPlainMap(parent)) for (const key of keys ?? []) Reflect.deleteProperty(parent, key);
  }
  return copy;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}
