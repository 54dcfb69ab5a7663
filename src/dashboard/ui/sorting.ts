// The order of a table: as it came, or by a column, either way. Pure and stable: rows that compare equal keep
// the order in which they came. Absent values are last whichever way.

export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

export type SortValue = string | number | null;

/** A click on a heading: up, down, and back to the order in which they came. */
export function nextOrder(order: Order | null, column: string): Order | null {
  if (order?.column !== column) return { column, descending: false };
  return order.descending ? null : { column, descending: true };
}

export function sorted<T>(
  rows: readonly T[],
  read: (row: T) => SortValue,
  descending: boolean,
): readonly T[] {
  const keyed = rows.map((row) => ({ row, value: read(row) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return descending ? compare(b.value, a.value) : compare(a.value, b.value);
  });
  return keyed.map(({ row }) => row);
}

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : natural.compare(String(a), String(b));
}
