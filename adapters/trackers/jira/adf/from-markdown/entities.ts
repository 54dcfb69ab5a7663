// HTML's character references, as Markdown allows them in text and addresses: the numeric ones and the named ones
// that people type. An unknown name stays as it was written, so no word is lost to this short list.
import { cleanText } from '../characters.ts';

const named: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    apos: "'",
    bull: '•',
    colon: ':',
    commat: '@',
    copy: '©',
    deg: '°',
    euro: '€',
    gt: '>',
    hellip: '…',
    laquo: '«',
    larr: '←',
    ldquo: '“',
    lpar: '(',
    lsquo: '‘',
    lt: '<',
    mdash: '—',
    middot: '·',
    nbsp: '\u00a0',
    ndash: '–',
    newline: '\n',
    num: '#',
    quot: '"',
    raquo: '»',
    rarr: '→',
    rdquo: '”',
    reg: '®',
    rpar: ')',
    rsquo: '’',
    sol: '/',
    tab: '\t',
    times: '×',
    trade: '™',
  }),
);

const reference = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([A-Za-z][A-Za-z\d]{1,31}));/y;

/** What the reference at `index` stands for, and how long it is; undefined when there is none that is known. */
export function entityAt(text: string, index: number): { text: string; length: number } | undefined {
  reference.lastIndex = index;
  const found = reference.exec(text);
  if (!found) return undefined;
  const [whole, decimal, hexadecimal, name] = found;
  const value =
    name === undefined
      ? fromCodePoint(decimal === undefined ? parseInt(hexadecimal ?? '', 16) : parseInt(decimal, 10))
      : (named.get(name) ?? named.get(name.toLowerCase()));
  return value === undefined ? undefined : { text: value, length: whole.length };
}

function fromCodePoint(point: number): string {
  return point > 0x10ffff ? '' : cleanText(String.fromCodePoint(point));
}

/** An address or title as it stands in the source: backslash escapes and references replaced. */
export function unescapeMarkdown(text: string): string {
  if (!/[\\&]/.test(text)) return text;
  let out = '';
  for (let index = 0; index < text.length;) {
    const entity = text[index] === '&' ? entityAt(text, index) : undefined;
    if (entity) {
      out += entity.text;
      index += entity.length;
    } else if (text[index] === '\\' && isEscapable(text[index + 1])) {
      out += text[index + 1] ?? '';
      index += 2;
    } else {
      out += text[index] ?? '';
      index += 1;
    }
  }
  return out;
}

export function isEscapable(char: string | undefined): boolean {
  return char !== undefined && /^[!-/:-@[-`{-~]$/.test(char);
}
