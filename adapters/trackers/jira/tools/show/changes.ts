// Transitions and changelog as tools answer them.
import type { JsonMap } from '../../../../../src/contract/tool-operations.ts';
import { cut, isWire, nameOf, oneLineOf, personOf, textIn, type Wire } from './value.ts';

const entryLimit = 20;
const itemLimit = 20;
const valueLimit = 300;

export function transitionsOf(transitions: unknown): JsonMap[] {
  return wires(transitions)
    .filter((one) => one['isAvailable'] !== false)
    .map((one) => ({ name: oneLineOf(textIn(one, 'name')), to: nameOf(one['to']) }));
}

/** The newest entries, newest first, and how many there are. */
export function changelogOf(changelog: unknown): { entries: JsonMap[]; total: number } {
  const histories = wires(isWire(changelog) ? changelog['histories'] : []);
  const newestFirst = histories.toSorted((a, b) => Date.parse(at(b)) - Date.parse(at(a)) || 0);
  const told = isWire(changelog) ? changelog['total'] : undefined;
  return {
    entries: newestFirst.slice(0, entryLimit).map(entryOf),
    total: typeof told === 'number' ? told : histories.length,
  };
}

function entryOf(history: Wire): JsonMap {
  const items = wires(history['items']);
  return {
    created: at(history),
    author: personOf(history['author']),
    changes: items.slice(0, itemLimit).map((item) => ({
      field: oneLineOf(textIn(item, 'field')),
      from: cut(textIn(item, 'fromString'), valueLimit),
      to: cut(textIn(item, 'toString'), valueLimit),
    })),
  };
}

function at(history: Wire): string {
  return textIn(history, 'created');
}

function wires(value: unknown): Wire[] {
  return Array.isArray(value) ? value.filter(isWire) : [];
}
