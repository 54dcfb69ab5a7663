// Takes over what did not change: an answer that was parsed anew shares every part that is equal with the one
// before, by reference, so that a row that says the same is not drawn again. Plain JSON only.

export function share<T>(before: unknown, after: T): T {
  if (Object.is(before, after)) return after;
  if (!isObject(before) || !isObject(after)) return after;
  if (Array.isArray(before) !== Array.isArray(after)) return after;
  return Array.isArray(after)
    ? (shareList(before as unknown as readonly unknown[], after) as T)
    : shareRecord(before, after);
}

function shareRecord<T extends Readonly<Record<string, unknown>>>(
  before: Readonly<Record<string, unknown>>,
  after: T,
): T {
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  const shared: Record<string, unknown> = {};
  for (const key of keys) {
    shared[key] = share(before[key], after[key]);
    same &&= key in before && Object.is(shared[key], before[key]);
  }
  return (same ? before : shared) as T;
}

/** Rows are matched by what names them, so that one that was inserted does not make all the others new. */
function shareList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const named = new Map(before.map((item, index) => [nameOf(item) ?? index, item]));
  const shared = after.map((item, index) => share(named.get(nameOf(item) ?? index), item));
  const same =
    shared.length === before.length && shared.every((item, index) => Object.is(item, before[index]));
  return same ? before : shared;
}

function nameOf(item: unknown): string | null {
  if (!isObject(item)) return null;
  const name = item['id'] ?? item['run_id'] ?? item['issue_id'] ?? item['key'];
  return typeof name === 'string' ? name : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
