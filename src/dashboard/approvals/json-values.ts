// JSON values compared and told apart: what was edited differs from what was asked for, whatever order its fields
// stand in. Pure.

import type { WireJson, WireJsonMap } from '../wire-tools.ts';

export function isMap(value: WireJson | undefined): value is WireJsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of plain texts, as labels are. */
export function isTextList(value: WireJson | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** What an object itself says; nothing that it inherits. */
export function ownValue(map: WireJsonMap, name: string): WireJson | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

export function isSameJson(a: WireJson | undefined, b: WireJson | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((one: WireJson, index) => isSameJson(one, b[index] as WireJson));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSameJson(a[name], b[name]))
  );
}

/** Without one field. */
export function without(map: WireJsonMap, name: string): WireJsonMap {
  return Object.fromEntries(Object.entries(map).filter(([own]) => own !== name));
}
