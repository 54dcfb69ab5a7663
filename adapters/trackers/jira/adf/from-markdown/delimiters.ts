// Pairs `*`, `_` and `~~` as CommonMark does, with its bound on how far back an opener is looked for, so the work
// is linear. One difference, for languages without spaces between words: beside their characters only space counts,
// so `**重要。**次` is strong. It builds no tree: each run of delimiters notes what it opens and closes.
import { characterAt, characterBefore, isPunctuation, isSpace } from '../characters.ts';

export type Emphasis = 'em' | 'strike' | 'strong';

export interface Delimiter {
  readonly char: string;
  readonly length: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
  /** How many are still literal characters. */
  left: number;
  readonly opens: Emphasis[];
  readonly closes: Emphasis[];
  before: Delimiter | undefined;
  after: Delimiter | undefined;
}

const eastAsian = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff00-\uffef]/u;

/** The run that begins at `index`; undefined when it can neither open nor close anything. */
export function delimiterAt(text: string, index: number): Delimiter | undefined {
  const char = text[index] ?? '';
  let end = index;
  while (text[end] === char) end += 1;
  const length = end - index;
  if (char === '~' && length !== 2) return undefined;
  const before = characterBefore(text, index);
  const after = characterAt(text, end);
  const isOpening = !isSpace(after);
  const isClosing = !isSpace(before);
  const anywhere = char === '~' || (char === '*' && (eastAsian.test(before) || eastAsian.test(after)));
  const left = isOpening && (anywhere || !isPunctuation(after) || isSpace(before) || isPunctuation(before));
  const right = isClosing && (anywhere || !isPunctuation(before) || isSpace(after) || isPunctuation(after));
  const canOpen = left && (char !== '_' || !right || isPunctuation(before));
  const canClose = right && (char !== '_' || !left || isPunctuation(after));
  if (!canOpen && !canClose) return undefined;
  const links = { before: undefined, after: undefined };
  return { char, length, canOpen, canClose, left: length, opens: [], closes: [], ...links };
}

/** The delimiters that are not yet paired, in the order of the text. */
export class DelimiterStack {
  last: Delimiter | undefined;

  push(delimiter: Delimiter): void {
    delimiter.before = this.last;
    if (this.last) this.last.after = delimiter;
    this.last = delimiter;
  }

  /** Pairs everything above `bottom` and forgets what found no partner. */
  pair(bottom: Delimiter | undefined): void {
    const searchedTo = new Map<string, Delimiter | undefined>();
    let closer = bottom ? bottom.after : this.#first();
    while (closer) {
      if (!closer.canClose) {
        closer = closer.after;
        continue;
      }
      const key = `${closer.char}${closer.canOpen}${closer.length % 3}`;
      const floor = searchedTo.has(key) ? searchedTo.get(key) : bottom;
      const opener = openerFor(closer, floor, bottom);
      if (!opener) {
        searchedTo.set(key, closer.before);
        const next: Delimiter | undefined = closer.after;
        if (!closer.canOpen) this.#remove(closer);
        closer = next;
        continue;
      }
      match(opener, closer);
      opener.after = closer;
      closer.before = opener;
      if (opener.left === 0) this.#remove(opener);
      if (closer.left === 0) {
        const next: Delimiter | undefined = closer.after;
        this.#remove(closer);
        closer = next;
      }
    }
    this.last = bottom;
    if (bottom) bottom.after = undefined;
  }

  #first(): Delimiter | undefined {
    let first = this.last;
    while (first?.before) first = first.before;
    return first;
  }

  #remove(delimiter: Delimiter): void {
    if (delimiter.before) delimiter.before.after = delimiter.after;
    if (delimiter.after) delimiter.after.before = delimiter.before;
    else this.last = delimiter.before;
  }
}

function openerFor(
  closer: Delimiter,
  floor: Delimiter | undefined,
  bottom: Delimiter | undefined,
): Delimiter | undefined {
  for (let opener = closer.before; opener && opener !== floor && opener !== bottom; opener = opener.before) {
    if (opener.canOpen && opener.char === closer.char && fit(opener, closer)) return opener;
  }
  return undefined;
}

/** CommonMark's rules 9 and 10, which keep `*a**b*` from closing too early. */
function fit(opener: Delimiter, closer: Delimiter): boolean {
  if (closer.char === '~') return true;
  if (!opener.canClose && !closer.canOpen) return true;
  return (opener.length + closer.length) % 3 !== 0 || (opener.length % 3 === 0 && closer.length % 3 === 0);
}

function match(opener: Delimiter, closer: Delimiter): void {
  const used = opener.left >= 2 && closer.left >= 2 ? 2 : 1;
  const emphasis = closer.char === '~' ? 'strike' : used === 2 ? 'strong' : 'em';
  opener.left -= used;
  closer.left -= used;
  opener.opens.push(emphasis);
  closer.closes.push(emphasis);
}
