// What stands in the tracker now, as it was when the proposal was made, beside what a field of it would become. Pure.

import type { Approval, WireJson } from '../wire-tools.ts';

export type SeenValue = string | readonly string[] | null;

/** undefined = it was not read, or nothing is replaced. */
export function beforeOf({ action, before }: Pick<Approval, 'action' | 'before'>, name: string) {
  if (before === null) return undefined;
  if (action === 'transition_issue' && name === 'to') return before.state;
  return Object.hasOwn(before.fields, name) ? before.fields[name] : undefined;
}

/** A list as it would be afterwards, each with what happens to it. */
export interface ListPart {
  readonly text: string;
  readonly fate: 'stays' | 'comes' | 'goes';
}

/** @param before undefined = nothing is compared: all simply stay. @param given the field's value, as the operation means it. */
export function listParts(
  action: string,
  before: SeenValue | undefined,
  given: readonly string[],
): readonly ListPart[] {
  if (before === undefined) return given.map((text) => ({ text, fate: 'stays' }));
  const there = before === null ? [] : typeof before === 'string' ? [before] : before;
  if (action === 'remove_labels') {
    const gone = new Set(given);
    return [
      ...there.map((text) => ({ text, fate: gone.has(text) ? 'goes' : 'stays' }) as const),
      ...absent(given, there).map((text) => ({ text, fate: 'goes' }) as const),
    ];
  }
  const staying = new Set(given);
  const isAdded = action === 'add_labels';
  return [
    ...there.map((text) => ({ text, fate: isAdded || staying.has(text) ? 'stays' : 'goes' }) as const),
    ...absent(given, there).map((text) => ({ text, fate: 'comes' }) as const),
  ];
}

function absent(given: readonly string[], there: readonly string[]): readonly string[] {
  const known = new Set(there);
  return given.filter((text) => !known.has(text));
}

/** One of several custom fields, beside what stands there. */
export function customBefore(approval: Pick<Approval, 'action' | 'before'>, name: string) {
  return beforeOf(approval, `customFields.${name}`);
}

/** A value on one line, for lists of changes. */
export function shortValue(value: WireJson | undefined): string {
  if (value === undefined) return 'not set';
  if (value === null) return 'nobody';
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return value.length === 0 ? 'none' : value.join(', ');
  }
  return JSON.stringify(value);
}
