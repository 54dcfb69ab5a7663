// Documents as Jira's editor writes them, every node and mark of the schema among them, and junk: the right keys
// with wrong values everywhere. Cycles are left to tests of their own, because fast-check cannot print them.
import fc from 'fast-check';

type Node = Readonly<Record<string, unknown>>;
type Nodes = fc.Arbitrary<Node>;

export const word = fc.integer({ min: 0, max: 99 }).map((number) => `w${number}x`);
const someText = fc
  .tuple(
    fc.constantFrom('', ' ', '*', '_', '- ', '1. ', '# ', '|', '`', '\n', '[', '\\', '<b>', '&amp;'),
    word,
  )
  .chain(([before, inner]) =>
    fc.constantFrom('', ' ', '*', '_', '**', '!', '](', '\\', '.').map((end) => before + inner + end),
  );

const node = (type: string, parts: Record<string, unknown> = {}): Node => ({ type, ...parts });

const mark = fc.oneof(
  fc.constantFrom('strong', 'em', 'strike', 'underline').map((type) => node(type)),
  fc.constantFrom('sub', 'sup').map((type) => node('subsup', { attrs: { type } })),
  fc.constant(node('textColor', { attrs: { color: '#ff0000' } })),
  fc.constant(node('backgroundColor', { attrs: { color: '#00ff00' } })),
  fc.constant(node('annotation', { attrs: { id: '1', annotationType: 'inlineComment' } })),
  word.map((path) => node('link', { attrs: { href: `https://x.example/${path}` } })),
);
const marks = fc.uniqueArray(mark, { maxLength: 4, selector: ({ type }) => type });
const inline: Nodes = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(someText, marks).map(([text, all]) => node('text', { text, marks: all })),
  },
  { weight: 1, arbitrary: word.map((text) => node('text', { text, marks: [node('code')] })) },
  { weight: 1, arbitrary: fc.constant(node('hardBreak')) },
  fc.tuple(word, word).map(([id, name]) => node('mention', { attrs: { id, text: `@${name}` } })),
  word.map((id) => node('mention', { attrs: { id } })),
  word.map((name) => node('emoji', { attrs: { shortName: `:${name}:` } })),
  fc.nat().map((ms) => node('date', { attrs: { timestamp: String(ms) } })),
  word.map((text) => node('status', { attrs: { text, color: 'blue' } })),
  word.map((path) => node('inlineCard', { attrs: { url: `https://x.example/${path}` } })),
  word.map((text) => node('placeholder', { attrs: { text } })),
  word.map((id) => node('mediaInline', { attrs: { id, collection: 'c' } })),
  word.map((key) => node('inlineExtension', { attrs: { extensionKey: key, extensionType: 't' } })),
);
const inlines = fc.array(inline, { maxLength: 4 });
const paragraphNode = inlines.map((content) => node('paragraph', { content }));
const media = word.map((alt) => node('media', { attrs: { type: 'file', id: alt, collection: 'c', alt } }));
const code = fc
  .tuple(word, someText)
  .map(([language, text]) => node('codeBlock', { attrs: { language }, content: [node('text', { text })] }));
const leaf: Nodes = fc.oneof(
  { weight: 4, arbitrary: paragraphNode },
  code,
  fc.constant(node('rule')),
  fc
    .tuple(fc.integer({ min: 1, max: 6 }), inlines)
    .map(([level, content]) => node('heading', { attrs: { level }, content })),
  fc.tuple(media, inlines).map(([file, caption]) =>
    node('mediaSingle', {
      attrs: { layout: 'center' },
      content: [file, node('caption', { content: caption })],
    }),
  ),
  media.map((file) => node('mediaGroup', { content: [file] })),
  word.map((path) => node('blockCard', { attrs: { url: `https://x.example/${path}` } })),
  word.map((path) => node('embedCard', { attrs: { url: `https://x.example/${path}`, layout: 'wide' } })),
  word.map((key) => node('extension', { attrs: { extensionKey: key, extensionType: 't' } })),
  fc.array(fc.tuple(fc.constantFrom('TODO', 'DONE'), inlines), { minLength: 1, maxLength: 3 }).map((items) =>
    node('taskList', {
      attrs: { localId: '1' },
      content: items.map(([state, content]) => node('taskItem', { attrs: { localId: '2', state }, content })),
    }),
  ),
  inlines.map((content) =>
    node('decisionList', {
      attrs: { localId: '1' },
      content: [node('decisionItem', { attrs: { localId: '2', state: 'DECIDED' }, content })],
    }),
  ),
);
const filled = (inner: Nodes): fc.Arbitrary<Node[]> => fc.array(inner, { minLength: 1, maxLength: 3 });
const blockNode: Nodes = fc.letrec<{ block: Node }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    filled(paragraphNode).map((content) => node('blockquote', { content })),
    fc
      .tuple(fc.constantFrom('info', 'note', 'tip', 'warning', 'error', 'success', 'custom'), filled(leaf))
      .map(([panelType, content]) => node('panel', { attrs: { panelType }, content })),
    fc
      .tuple(
        fc.nat({ max: 20 }),
        filled(filled(tie('block')).map((content) => node('listItem', { content }))),
      )
      .map(([order, content]) =>
        node(order > 10 ? 'bulletList' : 'orderedList', { attrs: order > 10 ? {} : { order }, content }),
      ),
    fc
      .tuple(fc.constantFrom('expand', 'nestedExpand'), word, filled(tie('block')))
      .map(([type, title, content]) => node(type, { attrs: { title }, content })),
    filled(
      filled(
        fc
          .tuple(fc.constantFrom('tableCell', 'tableHeader'), filled(tie('block')))
          .map(([type, content]) => node(type, { attrs: { colspan: 1, rowspan: 1 }, content })),
      ).map((content) => node('tableRow', { content })),
    ).map((content) => node('table', { content })),
    fc.tuple(filled(tie('block')), filled(tie('block'))).map((columns) =>
      node('layoutSection', {
        content: columns.map((content) => node('layoutColumn', { attrs: { width: 50 }, content })),
      }),
    ),
    fc
      .tuple(word, filled(tie('block')))
      .map(([key, content]) =>
        node('bodiedExtension', { attrs: { extensionKey: key, extensionType: 't' }, content }),
      ),
    filled(tie('block')).map((content) => node('ofTheFuture', { content })),
  ),
})).block;

export const adfDocument: Nodes = fc
  .array(blockNode, { maxLength: 5 })
  .map((content) => node('doc', { version: 1, content }));

const types = [
  ...[
    'doc',
    'paragraph',
    'text',
    'heading',
    'bulletList',
    'orderedList',
    'listItem',
    'table',
    'tableRow',
    'tableCell',
  ],
  ...[
    'tableHeader',
    'codeBlock',
    'panel',
    'taskList',
    'taskItem',
    'decisionList',
    'expand',
    'media',
    'mediaSingle',
  ],
  ...[
    'inlineCard',
    'blockCard',
    'date',
    'status',
    'emoji',
    'mention',
    'extension',
    'hardBreak',
    '__proto__',
    'constructor',
  ],
];

/** Objects with the keys of ADF and the values of anything. */
export const junk: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.anything({
      withNullPrototype: true,
      withBigInt: true,
      withSparseArray: true,
      key: fc.constantFrom('text', '__proto__', 'toString', 'a'),
    }),
    fc.record(
      {
        type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...types) }, fc.anything()),
        text: fc.oneof(fc.string(), fc.anything()),
        content: fc.oneof({ weight: 3, arbitrary: fc.array(tie('any'), { maxLength: 4 }) }, tie('any')),
        marks: fc.oneof(
          fc.array(fc.record({ type: fc.constantFrom('link', 'code', 'em', 'strong'), attrs: tie('any') })),
          tie('any'),
        ),
        attrs: fc.oneof(
          fc.dictionary(
            fc.constantFrom(
              'level',
              'order',
              'colspan',
              'rowspan',
              'url',
              'text',
              'id',
              'timestamp',
              'state',
              'language',
              'title',
              'href',
              'data',
              'parameters',
            ),
            fc.oneof(fc.anything(), fc.double(), fc.string()),
          ),
          fc.anything(),
        ),
      },
      { requiredKeys: [], noNullPrototype: false },
    ),
  ),
})).any;
