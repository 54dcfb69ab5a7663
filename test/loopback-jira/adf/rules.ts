// Which node may stand in which, from Atlassian's public description of the Atlassian Document Format, as data.
// What is not written here is refused. `marks` is a list, or one list for each kind of parent (`*` for the rest).

/** What an attribute may be: a kind, one of some values, a pattern, or a range. */
export type AttributeRule =
  | 'string'
  | 'text'
  | 'number'
  | 'boolean'
  | 'object'
  | 'list'
  | 'any'
  | readonly (string | number)[]
  | RegExp
  | { readonly min: number; readonly max: number };

export interface MarkRule {
  readonly attributes: Readonly<Record<string, AttributeRule>>;
  readonly required: readonly string[];
}

export interface NodeRule {
  readonly content?: { readonly of: readonly string[]; readonly min?: number; readonly max?: number };
  readonly attributes?: Readonly<Record<string, AttributeRule>>;
  /**
   * Forms of the attributes, one of which must fit: `name` must be there, `!name` must not, `name=value` must
   * have that value. No forms: nothing is required. An empty one among several: `attrs` may be left out.
   */
  readonly required?: readonly (readonly string[])[];
  readonly marks?: Readonly<Record<string, readonly string[]>>;
}

const inline = [
  'text',
  'date',
  'emoji',
  'hardBreak',
  'inlineCard',
  'mention',
  'placeholder',
  'status',
  'inlineExtension',
  'mediaInline',
];
const lists = ['bulletList', 'orderedList', 'taskList'];
const media = ['mediaSingle', 'mediaGroup'];
const cards = ['blockCard', 'embedCard'];
const flow = [
  'paragraph',
  'heading',
  'codeBlock',
  'rule',
  'panel',
  'blockquote',
  'decisionList',
  'extension',
];
const anyBlock = [...flow, ...lists, ...media, ...cards, 'table', 'expand', 'bodiedExtension'];
const nestable = [...flow, ...lists, ...media, ...cards, 'table'];

const localId = { localId: 'string' } as const;
const width: AttributeRule = 'number';
const layouts = ['wide', 'full-width', 'center', 'wrap-right', 'wrap-left', 'align-end', 'align-start'];
const align = ['alignment', 'indentation'];
const cell: NodeRule = {
  content: {
    of: [...flow, ...lists, ...media, ...cards, 'nestedExpand'],
    min: 1,
  },
  attributes: {
    colspan: 'number',
    rowspan: 'number',
    colwidth: 'list',
    background: 'string',
    valign: ['top', 'middle', 'bottom'],
    ...localId,
  },
};
const extension = {
  extensionKey: 'text',
  extensionType: 'text',
  parameters: 'any',
  text: 'string',
  ...localId,
} as const;
const extensionMarks = { '*': ['dataConsumer', 'fragment'] };
const mediaMarks = { '*': ['link', 'annotation', 'border', 'dataConsumer'] };
const extensionNeeds = [['extensionKey', 'extensionType']];

export const nodeRules: Readonly<Record<string, NodeRule>> = {
  doc: { content: { of: [...anyBlock, 'layoutSection'] } },
  paragraph: {
    content: { of: inline },
    attributes: localId,
    marks: {
      doc: [...align, 'fontSize'],
      layoutColumn: align,
      tableCell: ['alignment'],
      tableHeader: ['alignment'],
      listItem: ['fontSize'],
      panel: ['fontSize'],
      expand: ['fontSize'],
      nestedExpand: ['fontSize'],
      blockTaskItem: ['fontSize'],
    },
  },
  heading: {
    content: { of: inline },
    attributes: { level: { min: 1, max: 6 }, ...localId },
    required: [['level']],
    marks: { doc: align, layoutColumn: align, tableCell: align, tableHeader: align },
  },
  text: {},
  hardBreak: { attributes: { text: ['\n'], ...localId } },
  rule: { attributes: localId },
  codeBlock: {
    content: { of: ['text'] },
    attributes: {
      language: 'string',
      uniqueId: 'string',
      wrap: 'boolean',
      hideLineNumbers: 'boolean',
      ...localId,
    },
    marks: { doc: ['breakout'] },
  },
  blockquote: {
    content: { of: ['paragraph', 'orderedList', 'bulletList', 'codeBlock', ...media, 'extension'], min: 1 },
    attributes: localId,
  },
  bulletList: { content: { of: ['listItem'], min: 1 }, attributes: localId },
  orderedList: {
    content: { of: ['listItem'], min: 1 },
    attributes: { order: { min: 0, max: Number.MAX_SAFE_INTEGER }, ...localId },
  },
  listItem: {
    content: { of: ['paragraph', ...lists, 'mediaSingle', 'codeBlock', 'extension'], min: 1 },
    attributes: localId,
  },
  taskList: {
    content: { of: ['taskItem', 'taskList', 'blockTaskItem'], min: 1 },
    attributes: localId,
    required: [['localId']],
  },
  taskItem: {
    content: { of: inline },
    attributes: { state: ['TODO', 'DONE'], ...localId },
    required: [['localId', 'state']],
  },
  blockTaskItem: {
    content: { of: ['paragraph', 'extension'], min: 1 },
    attributes: { state: ['TODO', 'DONE'], ...localId },
    required: [['localId', 'state']],
  },
  decisionList: { content: { of: ['decisionItem'], min: 1 }, attributes: localId, required: [['localId']] },
  decisionItem: {
    content: { of: inline },
    attributes: { state: 'string', ...localId },
    required: [['localId', 'state']],
  },
  panel: {
    content: {
      of: [
        'paragraph',
        'heading',
        ...lists,
        'blockCard',
        ...media,
        'codeBlock',
        'rule',
        'decisionList',
        'extension',
      ],
      min: 1,
    },
    attributes: {
      panelType: ['info', 'note', 'tip', 'warning', 'error', 'success', 'custom'],
      panelIcon: 'string',
      panelIconId: 'string',
      panelIconText: 'string',
      panelColor: 'string',
      ...localId,
    },
    required: [['panelType']],
  },
  table: {
    content: { of: ['tableRow'], min: 1 },
    attributes: {
      displayMode: ['default', 'fixed'],
      isNumberColumnEnabled: 'boolean',
      layout: ['wide', 'full-width', 'center', 'align-end', 'align-start', 'default'],
      localId: 'text',
      width,
    },
    marks: { '*': ['fragment'] },
  },
  tableRow: { content: { of: ['tableCell', 'tableHeader'] }, attributes: localId },
  tableCell: cell,
  tableHeader: cell,
  expand: {
    content: { of: [...nestable, 'nestedExpand'], min: 1 },
    attributes: { title: 'string', ...localId },
    marks: { doc: ['breakout'] },
  },
  nestedExpand: {
    content: { of: [...flow, ...lists, ...media], min: 1 },
    attributes: { title: 'string', ...localId },
    required: [[]],
  },
  layoutSection: {
    content: { of: ['layoutColumn'], min: 2, max: 3 },
    attributes: localId,
    marks: { '*': ['breakout'] },
  },
  layoutColumn: {
    content: { of: anyBlock, min: 1 },
    attributes: { width: { min: 0, max: 100 }, valign: ['top', 'middle', 'bottom'], ...localId },
    required: [['width']],
  },
  mediaSingle: {
    content: { of: ['media', 'caption'], min: 1, max: 2 },
    attributes: { width, widthType: ['percentage', 'pixel'], layout: layouts, ...localId },
    required: [
      [],
      ['layout', '!widthType'],
      ['layout', 'widthType=percentage'],
      ['layout', 'widthType=pixel', 'width'],
    ],
    marks: { '*': ['link'] },
  },
  mediaGroup: { content: { of: ['media'], min: 1 } },
  media: {
    attributes: {
      type: ['link', 'file', 'external'],
      id: 'text',
      collection: 'string',
      url: 'string',
      alt: 'string',
      height: 'number',
      width,
      occurrenceKey: 'text',
      ...localId,
    },
    required: [
      ['type=link', 'id', 'collection', '!url'],
      ['type=file', 'id', 'collection', '!url'],
      ['type=external', 'url', '!id', '!collection', '!occurrenceKey'],
    ],
    marks: mediaMarks,
  },
  mediaInline: {
    attributes: {
      type: ['link', 'file', 'image'],
      id: 'text',
      collection: 'string',
      alt: 'string',
      height: 'number',
      width,
      occurrenceKey: 'text',
      data: 'any',
      ...localId,
    },
    required: [['id', 'collection']],
    marks: mediaMarks,
  },
  caption: {
    content: { of: ['text', 'hardBreak', 'mention', 'emoji', 'date', 'placeholder', 'inlineCard', 'status'] },
    attributes: localId,
  },
  blockCard: {
    attributes: { url: 'string', data: 'any', datasource: 'object', width, layout: layouts, ...localId },
    required: [
      ['url', '!data', '!datasource', '!layout', '!width'],
      ['data', '!url', '!datasource', '!layout', '!width'],
      ['datasource', '!data'],
    ],
  },
  embedCard: {
    attributes: {
      url: 'string',
      layout: layouts,
      width: { min: 0, max: 100 },
      originalHeight: 'number',
      originalWidth: 'number',
      ...localId,
    },
    required: [['url', 'layout']],
  },
  inlineCard: {
    attributes: { url: 'string', data: 'any', ...localId },
    required: [
      ['url', '!data'],
      ['data', '!url'],
    ],
  },
  mention: {
    attributes: {
      id: 'string',
      text: 'string',
      accessLevel: 'string',
      userType: ['DEFAULT', 'SPECIAL', 'APP'],
      ...localId,
    },
    required: [['id']],
  },
  emoji: {
    attributes: { shortName: 'string', id: 'string', text: 'string', ...localId },
    required: [['shortName']],
  },
  date: { attributes: { timestamp: 'text', ...localId }, required: [['timestamp']] },
  placeholder: { attributes: { text: 'string', ...localId }, required: [['text']] },
  status: {
    attributes: {
      text: 'text',
      color: /^(?:neutral|purple|blue|red|yellow|green|#[0-9a-fA-F]{6})$/,
      style: 'string',
      ...localId,
    },
    required: [['text', 'color']],
  },
  extension: {
    attributes: { ...extension, layout: ['wide', 'full-width', 'default'] },
    required: extensionNeeds,
    marks: extensionMarks,
  },
  inlineExtension: { attributes: extension, required: extensionNeeds, marks: extensionMarks },
  bodiedExtension: {
    content: { of: nestable, min: 1 },
    attributes: { ...extension, layout: ['wide', 'full-width', 'default'] },
    required: extensionNeeds,
    marks: extensionMarks,
  },
};

const plain: MarkRule = { attributes: {}, required: [] };
const color = { color: /^#[0-9a-fA-F]{6}$/ };

export const markRules: Readonly<Record<string, MarkRule>> = {
  strong: plain,
  em: plain,
  strike: plain,
  underline: plain,
  code: plain,
  subsup: { attributes: { type: ['sub', 'sup'] }, required: ['type'] },
  textColor: { attributes: color, required: ['color'] },
  backgroundColor: { attributes: color, required: ['color'] },
  link: {
    attributes: {
      href: 'string',
      title: 'string',
      id: 'string',
      collection: 'string',
      occurrenceKey: 'string',
    },
    required: ['href'],
  },
  annotation: {
    attributes: { id: 'string', annotationType: ['inlineComment'] },
    required: ['id', 'annotationType'],
  },
  alignment: { attributes: { align: ['center', 'end'] }, required: ['align'] },
  indentation: { attributes: { level: { min: 1, max: 6 } }, required: ['level'] },
  breakout: { attributes: { mode: ['wide', 'full-width'], width: 'number' }, required: ['mode'] },
  border: {
    attributes: { size: { min: 1, max: 3 }, color: /^#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6})$/ },
    required: ['size', 'color'],
  },
  fontSize: { attributes: { fontSize: ['small'] }, required: ['fontSize'] },
  dataConsumer: { attributes: { sources: 'list' }, required: ['sources'] },
  fragment: { attributes: { localId: 'text', name: 'string' }, required: ['localId'] },
};

/** On text that is not code; code goes only with the second list. */
export const textMarks = [
  'link',
  'em',
  'strong',
  'strike',
  'subsup',
  'underline',
  'textColor',
  'annotation',
  'backgroundColor',
];
export const codeMarks = ['code', 'link', 'annotation'];
