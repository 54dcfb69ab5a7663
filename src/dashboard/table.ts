// One table of the page: a caption, headings, and rows that are kept by key, so that a row which is still
// there keeps its place, its focus and its selection while its cells change. Text only: whatever an issue
// or an agent wrote reaches the page through textContent and nothing else.

/** More rows than this help nobody and cost time at every second; the rest is counted. */
export const ROW_LIMIT = 200;

export interface Column<T> {
  readonly heading: string;
  /** A class of the cells, for widths and alignment. */
  readonly kind: 'issue' | 'number' | 'text' | 'badge';
  /** Runs at every change and every second: write through `setText` and the like, which touch only differences. */
  readonly show: (cell: HTMLElement, item: T, nowMs: number) => void;
}

export interface TableOptions<T> {
  readonly caption: string;
  /** Shown instead of the table when there is nothing. */
  readonly empty: string;
  readonly key: (item: T) => string;
  readonly columns: readonly Column<T>[];
}

export interface Table<T> {
  show(items: readonly T[], nowMs: number): void;
}

export function createTable<T>(section: HTMLElement, options: TableOptions<T>): Table<T> {
  const table = element('table');
  const caption = table.createCaption();
  const count = element('span', 'count');
  caption.append(`${options.caption} `, count);
  const headings = table.createTHead().insertRow();
  for (const { heading, kind } of options.columns) {
    const cell = element('th', kind);
    cell.scope = 'col';
    cell.textContent = heading;
    headings.append(cell);
  }
  const body = table.createTBody();
  const note = element('p', 'empty');
  section.replaceChildren(table, note);
  declareRoles(table);

  const rows = new Map<string, HTMLTableRowElement>();
  return {
    show: (items, nowMs) => {
      const shown = items.slice(0, ROW_LIMIT);
      const keys = new Set(shown.map(options.key));
      for (const [key, row] of rows) {
        if (keys.has(key)) continue;
        row.remove();
        rows.delete(key);
      }
      shown.forEach((item, index) => {
        const key = options.key(item);
        const row = rows.get(key) ?? createRow(options.columns);
        rows.set(key, row);
        if (body.rows[index] !== row) body.insertBefore(row, body.rows[index] ?? null);
        options.columns.forEach(({ show }, column) => {
          const cell = row.cells[column];
          if (cell !== undefined) show(cell, item, nowMs);
        });
      });
      const more = items.length - shown.length;
      setText(count, String(items.length));
      setText(note, items.length === 0 ? options.empty : more > 0 ? `… and ${more} more` : '');
      section.classList.toggle('is-empty', items.length === 0);
    },
  };
}

function createRow<T>(columns: readonly Column<T>[]): HTMLTableRowElement {
  const row = element('tr');
  row.setAttribute('role', 'row');
  columns.forEach(({ heading, kind }, index) => {
    // The first cell names the row: a screen reader says it with every other one.
    const cell = index === 0 ? element('th', kind) : element('td', kind);
    if (index === 0) cell.scope = 'row';
    cell.setAttribute('role', index === 0 ? 'rowheader' : 'cell');
    // On a phone a row becomes a card and each cell carries its heading.
    cell.dataset['heading'] = heading;
    row.append(cell);
  });
  return row;
}

/** The card layout changes `display`, which takes a table's meaning away unless it is said explicitly. */
function declareRoles(table: HTMLTableElement): void {
  table.setAttribute('role', 'table');
  for (const group of [...table.tBodies, table.tHead]) group?.setAttribute('role', 'rowgroup');
  table.tHead?.rows[0]?.setAttribute('role', 'row');
  for (const cell of table.tHead?.rows[0]?.cells ?? []) cell.setAttribute('role', 'columnheader');
}

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  return made;
}

/** Touches the page only when the text differs, so selections survive and nothing is announced twice. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** The child of a cell for one purpose, made at first use. */
export function part<K extends keyof HTMLElementTagNameMap>(
  cell: HTMLElement,
  name: K,
  className: string,
): HTMLElementTagNameMap[K] {
  for (const child of cell.children) {
    if (child.classList.contains(className)) return child as HTMLElementTagNameMap[K];
  }
  const made = element(name, className);
  cell.append(made);
  return made;
}
