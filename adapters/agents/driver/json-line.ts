// Reading what somebody else's program prints: nothing about its shape is believed. Every function gives a fallback
// instead of throwing, whatever it is handed.

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The object on a line. null = noise between the events (it does not begin with `{`); `malformed` = it begins like
 * an event and is none.
 */
export function readJsonLine(line: string): JsonObject | null | 'malformed' {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : 'malformed';
  } catch {
    return 'malformed';
  }
}

/** What lies at a path of own keys and array indexes; undefined when nothing does. */
export function valueAt(root: unknown, ...path: readonly (string | number)[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** "" when it is no text. */
export function stringAt(root: unknown, ...path: readonly (string | number)[]): string {
  const value = valueAt(root, ...path);
  return typeof value === 'string' ? value : '';
}

/** An honest one is a UUID, or twice that. */
const ID_LIMIT = 200;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * "" when it is no text, or none that would do as a name: ids are kept, sent back and shown, so one of megabytes or with
 * line ends is not taken for one.
 */
export function idAt(root: unknown, ...path: readonly (string | number)[]): string {
  const value = stringAt(root, ...path);
  return value.length <= ID_LIMIT && !CONTROL.test(value) ? value : '';
}

/** null when it is no finite number. */
export function numberAt(root: unknown, ...path: readonly (string | number)[]): number | null {
  const value = valueAt(root, ...path);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** null when it is neither true nor false. */
export function booleanAt(root: unknown, ...path: readonly (string | number)[]): boolean | null {
  const value = valueAt(root, ...path);
  return typeof value === 'boolean' ? value : null;
}

/** [] when it is no array. */
export function arrayAt(root: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const value = valueAt(root, ...path);
  return Array.isArray(value) ? value : [];
}

/** null when it is no object (an array is none). */
export function objectAt(root: unknown, ...path: readonly (string | number)[]): JsonObject | null {
  const value = valueAt(root, ...path);
  return isObject(value) ? value : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
