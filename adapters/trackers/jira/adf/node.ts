// Reads an ADF tree of which nothing is known: Jira sends what apps and old editors once stored, and new node
// types appear unannounced. Every question has an answer for every value; nothing here throws, calls a method of
// the data or follows a prototype's word for more than a string.

/** Any object that is not an array. Only this file looks into it. */
export type UnknownNode = Readonly<Record<string, unknown>>;

export function asNode(value: unknown): UnknownNode | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as UnknownNode)
    : undefined;
}

/** The node's type; `''` when it has none. */
export function typeOf(node: UnknownNode): string {
  return stringOr(node['type'], '');
}

export function childrenOf(node: UnknownNode): readonly unknown[] {
  const content = node['content'];
  return Array.isArray(content) ? (content as readonly unknown[]) : [];
}

/** Those of the values that are nodes. */
export function nodesOf(values: readonly unknown[]): UnknownNode[] {
  return values.map(asNode).filter((node) => node !== undefined);
}

export function textOf(node: UnknownNode): string {
  return stringOr(node['text'], '');
}

export function marksOf(node: UnknownNode): readonly UnknownNode[] {
  const marks = node['marks'];
  if (!Array.isArray(marks)) return [];
  return nodesOf(marks as readonly unknown[]);
}

/** One attribute as text; a number is written out, anything else is `''`. */
export function attribute(node: UnknownNode, name: string): string {
  const value = asNode(node['attrs'])?.[name];
  return typeof value === 'number' ? String(value) : stringOr(value, '');
}

/** One attribute that is itself an object. */
export function objectAttribute(node: UnknownNode, name: string): UnknownNode | undefined {
  return asNode(asNode(node['attrs'])?.[name]);
}

/** One attribute as a whole number within the limits; `otherwise` when it is none. */
export function integerAttribute(
  node: UnknownNode,
  name: string,
  limits: { readonly least: number; readonly most: number; readonly otherwise: number },
): number {
  const value = asNode(node['attrs'])?.[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) return limits.otherwise;
  const whole = Math.trunc(value);
  return whole < limits.least ? limits.otherwise : Math.min(whole, limits.most);
}

function stringOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
