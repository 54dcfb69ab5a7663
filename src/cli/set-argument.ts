// `--set field=value`: a change of an operation's details, said on a command line. Dots lead into what is nested
// (`issues.0.priority=High`), values are JSON when they parse, and null takes out. Never touches what it is given.

import { InvalidArgumentError } from 'commander';
import type { Json, JsonMap } from '../contract/tool-operations.ts';

export interface Setting {
  readonly path: readonly string[];
  readonly value: Json;
  /** As it was written. */
  readonly text: string;
}

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Throws InvalidArgumentError. */
export function collectSettings(argument: string, before: readonly Setting[]): readonly Setting[] {
  const at = argument.indexOf('=');
  const path = argument.slice(0, Math.max(0, at)).split('.');
  if (at < 1 || path.some((name) => name === '' || FORBIDDEN.has(name))) {
    throw new InvalidArgumentError('expected field=value, e.g. priority=High or issues.0.priority=High.');
  }
  const text = argument.slice(at + 1);
  return [...before, { path, value: jsonOr(text), text }];
}

function jsonOr(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Of a copy; what null takes out is gone from it, also from lists. Throws an Error with one line. */
export function withSettings(details: JsonMap, settings: readonly Setting[]): JsonMap {
  const copy = structuredClone(details) as Tree;
  for (const { path, value, text } of settings) {
    const place = placeOf(copy, path);
    const last = path.at(-1) ?? '';
    if (Array.isArray(place)) indexOf(place, last, path);
    const old = (place as Tree)[last];
    // `summary=404` of a text is a text.
    const isText = typeof old === 'string' && (typeof value === 'number' || typeof value === 'boolean');
    (place as Tree)[last] = value === null ? TAKEN_OUT : isText ? text : (structuredClone(value) as Json);
  }
  return tidy(copy) as JsonMap;
}

/** What has changed of the whole fields, as the API takes it: null takes one out. */
export function changesOf(before: JsonMap, after: JsonMap): JsonMap {
  const changes: Record<string, Json> = {};
  for (const [name, value] of Object.entries(after)) {
    const isSame = Object.hasOwn(before, name) && JSON.stringify(before[name]) === JSON.stringify(value);
    if (!isSame) changes[name] = value;
  }
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) changes[name] = null;
  return changes;
}

type Tree = Record<string, unknown>;

const TAKEN_OUT = Symbol('taken out');

/** The object or list that the last name is in; objects on the way are made. */
function placeOf(root: Tree, path: readonly string[]): object {
  let place: object = root;
  for (const [depth, name] of path.slice(0, -1).entries()) {
    if (Array.isArray(place)) indexOf(place, name, path);
    const tree = place as Tree;
    const next: unknown = Object.hasOwn(tree, name) ? tree[name] : (tree[name] = {});
    if (typeof next !== 'object' || next === null) {
      throw new Error(`--set ${path.join('.')}: ${path.slice(0, depth + 1).join('.')} holds no fields`);
    }
    place = next;
  }
  return place;
}

/** One past the end adds. */
function indexOf(list: readonly unknown[], name: string, path: readonly string[]): void {
  if (/^\d{1,6}$/.test(name) && Number(name) <= list.length) return;
  throw new Error(`--set ${path.join('.')}: ${name} is no place of a list of ${list.length}`);
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== TAKEN_OUT).map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== TAKEN_OUT);
  return Object.fromEntries(kept.map(([name, item]) => [name, tidy(item)]));
}
