// Looking into JSON of unknown shape: what is not there, or is something else, is "" or null or [].

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectAt(value: unknown, ...path: readonly string[]): JsonObject | null {
  let at = value;
  for (const name of path) at = isObject(at) && Object.hasOwn(at, name) ? at[name] : null;
  return isObject(at) ? at : null;
}

export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  const owner = objectAt(value, ...path.slice(0, -1));
  const name = path.at(-1) ?? '';
  return owner !== null && Object.hasOwn(owner, name) ? owner[name] : undefined;
}

export function textAt(value: unknown, ...path: readonly string[]): string {
  const at = valueAt(value, ...path);
  return typeof at === 'string' ? at : '';
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const at = valueAt(value, ...path);
  return Array.isArray(at) ? (at as readonly unknown[]) : [];
}

export function flagAt(value: unknown, ...path: readonly string[]): boolean | null {
  const at = valueAt(value, ...path);
  return typeof at === 'boolean' ? at : null;
}

/** Arguments of a tool for people: a lone text as it is, else `name: value` line by line. */
export function argumentsText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value);
  const [only] = fields;
  if (fields.length === 1 && typeof only?.[1] === 'string') return only[1];
  return fields
    .map(([name, field]) => `${name}: ${typeof field === 'string' ? field : JSON.stringify(field)}`)
    .join('\n');
}

/** What a tool gave back: a text, or the texts of a list of blocks. */
export function contentText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    return value
      .map(
        (block: unknown) =>
          textAt(block, 'text') || textAt(block, 'content', 'text') || `[${textAt(block, 'type') || 'data'}]`,
      )
      .join('\n');
  }
  return value === undefined || value === null ? '' : argumentsText(value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
