// Jira's priority → the number that the core sorts by. Without an order of names it is the numeric id, which is the
// rank only in Jira's default scheme (1 Highest … 5 Lowest). With one it is the name's place in it, from 1; a name
// that is not listed has none and sorts last, which is where the candidate stream puts it too.
import type { PriorityWire } from './normalise-issue.ts';

export function priorityBy(
  order: readonly string[],
): (priority: PriorityWire | null | undefined) => number | null {
  if (order.length === 0) return (priority) => integer(String(priority?.id ?? ''));
  const ranks = new Map<string, number>();
  order.forEach((name, index) => {
    if (!ranks.has(fold(name))) ranks.set(fold(name), index + 1);
  });
  return (priority) => ranks.get(fold(priority?.name ?? '')) ?? null;
}

function integer(id: string): number | null {
  if (!/^[+-]?\d+$/.test(id)) return null;
  const value = Number(id);
  return Number.isSafeInteger(value) ? value : null;
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}
