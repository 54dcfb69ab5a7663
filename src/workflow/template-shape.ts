// What a template may name, as data: the static check asks here whether a field exists. It holds the same
// keys as template-issue.ts; a test compares the two.

export type Shape =
  | { readonly kind: 'any' }
  | { readonly kind: 'text' }
  /** A number or a boolean: nothing can be asked of it. */
  | { readonly kind: 'plain' }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Shape>> };

export const anything: Shape = { kind: 'any' };
export const text: Shape = { kind: 'text' };
export const plain: Shape = { kind: 'plain' };
export const listOf = (of: Shape): Shape => ({ kind: 'list', of });
const record = (fields: Readonly<Record<string, Shape>>): Shape => ({ kind: 'record', fields });

export const issueShape = record({
  id: text,
  identifier: text,
  title: text,
  description: text,
  priority: plain,
  state: text,
  branch_name: text,
  url: text,
  assignee: text,
  issue_type: text,
  labels: listOf(text),
  parent: record({ id: text, identifier: text }),
  comments: listOf(record({ id: text, author: text, body: text, created_at: text })),
  blocked_by: listOf(record({ id: text, identifier: text, state: text })),
  created_at: text,
  updated_at: text,
});

export const templateShapes: Readonly<Record<string, Shape>> = {
  issue: issueShape,
  attempt: plain,
  run: record({ turn_number: plain, max_turns: plain, is_continuation: plain }),
  // Their fields come with the features that set them; until then both are always null.
  ci_failure: anything,
  review_comments: anything,
};

const loop = {
  index: plain,
  index0: plain,
  rindex: plain,
  rindex0: plain,
  first: plain,
  last: plain,
  length: plain,
};
export const forloopShape = record({ ...loop, name: text });
export const tablerowloopShape = record({
  ...loop,
  col: plain,
  col0: plain,
  col_first: plain,
  col_last: plain,
  row: plain,
});

/** null when there is no such field. A segment of null is one that only rendering knows (`a[b]`). */
export function fieldOf(shape: Shape, segment: string | number | null): Shape | null {
  if (shape.kind === 'any') return anything;
  if (shape.kind === 'list') {
    if (segment === null || typeof segment === 'number') return shape.of;
    if (segment === 'first' || segment === 'last') return shape.of;
    return segment === 'size' ? plain : null;
  }
  if (shape.kind === 'record') {
    if (segment === null) return anything;
    const field = Object.hasOwn(shape.fields, segment) ? shape.fields[segment] : undefined;
    return field ?? (segment === 'size' ? plain : null);
  }
  if (shape.kind === 'text') return segment === 'size' ? plain : typeof segment === 'number' ? text : null;
  return null;
}

/** What can be asked of a shape, for hints. */
export function fieldNames(shape: Shape): readonly string[] {
  if (shape.kind === 'record') return Object.keys(shape.fields);
  return shape.kind === 'list' ? ['first', 'last', 'size'] : [];
}

/** What a loop over it yields. */
export function elementOf(shape: Shape): Shape {
  if (shape.kind === 'list') return shape.of;
  return shape.kind === 'text' ? text : anything;
}
