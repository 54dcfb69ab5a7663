// A table of things with names: sortable by its headings, rows kept by key, and a row whose thing did not
// change is not drawn again. Long ones scroll in a box of their own and draw what is in sight. On a phone each
// row becomes a card whose cells carry their headings.

import { useSignal } from '@preact/signals';
import { Component, type ComponentChildren } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { nextOrder, sorted, type Order, type SortValue } from './sorting.ts';
import { WINDOW_FROM } from './shown-rows.ts';
import { useWindow } from './windowed.ts';

export interface Column<T> {
  /** Stable; also the class `col-<id>` of its cells. */
  readonly id: string;
  /** "" = no heading is seen (`label` says it to those who listen). */
  readonly heading: string;
  readonly label?: string;
  readonly cell: (row: T) => ComponentChildren;
  /** Absent = not sortable. */
  readonly sort?: (row: T) => SortValue;
  /** `number` is set right, in figures of equal width; `head` names the row; `actions` are buttons. */
  readonly kind?: 'head' | 'text' | 'number' | 'actions';
}

export interface TableProps<T> {
  /** Read out; seen where the section has no title of its own. */
  readonly caption: string;
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  /** Made once, outside of the component: a new list draws every row again. */
  readonly columns: readonly Column<T>[];
  /** A row in another tone, e.g. `bad`. */
  readonly tone?: (row: T) => string | undefined;
  /** Of the box around it, for widths of columns. */
  readonly class?: string;
}

export function Table<T>({ caption, rows, rowKey, columns, tone, class: extra = '' }: TableProps<T>) {
  const order = useSignal<Order | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const { column: by, descending } = order.value ?? { column: '', descending: false };
  const read = columns.find(({ id }) => id === by)?.sort;
  const inOrder = useMemo(
    () => (read === undefined ? rows : sorted(rows, read, descending)),
    [rows, read, descending],
  );
  const { first, end, rowPx } = useWindow(box, rows.length);
  const long = rows.length > WINDOW_FROM;
  const scrolls = long ? ({ role: 'region', tabIndex: 0, 'aria-label': caption } as const) : {};
  return (
    <div class={`table-box ${long ? 'long' : ''} ${extra}`} ref={box} {...scrolls}>
      <table class="table" aria-rowcount={rows.length + 1}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading
                key={column.id}
                column={column}
                order={order.value}
                onSort={() => (order.value = nextOrder(order.value, column.id))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} rowPx={rowPx} span={columns.length} />
          {inOrder.slice(first, end).map((row, index) => (
            <Row
              key={rowKey(row)}
              row={row}
              columns={columns}
              index={long ? first + index + 2 : 0}
              tone={tone?.(row)}
            />
          ))}
          <Gap rows={rows.length - end} rowPx={rowPx} span={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps {
  readonly column: {
    readonly id: string;
    readonly heading: string;
    readonly label?: string;
    readonly kind?: string;
    readonly sort?: unknown;
  };
  readonly order: Order | null;
  readonly onSort: () => void;
}

function Heading({ column: { id, heading, label, kind, sort }, order, onSort }: HeadingProps) {
  const sortedBy = order?.column === id;
  const direction = sortedBy ? (order.descending ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" class={cellClass(id, kind)} aria-sort={direction}>
      {sort === undefined ? (
        heading === '' ? (
          <span class="unseen">{label}</span>
        ) : (
          heading
        )
      ) : (
        <button type="button" class="sort" onClick={onSort}>
          {heading}
          <span class="sort-mark" aria-hidden="true">
            {sortedBy ? (order.descending ? '↓' : '↑') : ''}
          </span>
        </button>
      )}
    </th>
  );
}

interface RowProps<T> {
  readonly row: T;
  readonly columns: readonly Column<T>[];
  /** From 1, the heading counted; 0 = all rows are there, and the browser can count. */
  readonly index: number;
  readonly tone: string | undefined;
}

class Row<T> extends Component<RowProps<T>> {
  override shouldComponentUpdate(next: RowProps<T>): boolean {
    const { row, columns, index, tone } = this.props;
    return next.row !== row || next.columns !== columns || next.index !== index || next.tone !== tone;
  }

  override render({ row, columns, index, tone }: RowProps<T>) {
    return (
      <tr data-row="" data-tone={tone} aria-rowindex={index === 0 ? undefined : index}>
        {columns.map(({ id, heading, kind, cell }) => {
          const props = { class: cellClass(id, kind), 'data-heading': heading };
          return kind === 'head' ? (
            <th key={id} scope="row" {...props}>
              {cell(row)}
            </th>
          ) : (
            <td key={id} {...props}>
              {cell(row)}
            </td>
          );
        })}
      </tr>
    );
  }
}

function cellClass(id: string, kind = 'text'): string {
  return `col-${id} is-${kind}`;
}

/** Stands for rows that are out of sight. */
function Gap({
  rows,
  rowPx,
  span,
}: {
  readonly rows: number;
  readonly rowPx: number;
  readonly span: number;
}) {
  if (rows <= 0) return null;
  return (
    <tr class="gap" aria-hidden="true">
      <td colSpan={span} style={{ blockSize: `${rows * rowPx}px` }} />
    </tr>
  );
}
