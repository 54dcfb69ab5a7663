// Short words for the nodes that the tests write most.
type Node = Readonly<Record<string, unknown>>;

export const doc = (...content: readonly Node[]): Node => ({ type: 'doc', version: 1, content });
export const p = (...content: readonly Node[]): Node => ({ type: 'paragraph', content });

/** A mark is its type, or the whole mark. */
export const text = (value: string, ...marks: readonly (Node | string)[]): Node => {
  const written = marks.map((mark) => (typeof mark === 'string' ? { type: mark } : mark));
  return written.length === 0 ? { type: 'text', text: value } : { type: 'text', text: value, marks: written };
};

export const link = (href: string, title?: string): Node => ({
  type: 'link',
  attrs: title === undefined ? { href } : { href, title },
});

export const list = (...items: readonly (readonly Node[])[]): Node => ({
  type: 'bulletList',
  content: items.map((content) => ({ type: 'listItem', content })),
});

export const numbered = (order: number, ...items: readonly (readonly Node[])[]): Node => ({
  type: 'orderedList',
  attrs: { order },
  content: items.map((content) => ({ type: 'listItem', content })),
});

export const cell = (...content: readonly Node[]): Node => ({ type: 'tableCell', content });
export const headerCell = (...content: readonly Node[]): Node => ({ type: 'tableHeader', content });
export const row = (...content: readonly Node[]): Node => ({ type: 'tableRow', content });
export const table = (...content: readonly Node[]): Node => ({ type: 'table', content });
