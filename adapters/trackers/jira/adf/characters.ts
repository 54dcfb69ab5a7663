// Which characters may be in a document, and what counts as space, punctuation or a bare address. Both directions
// ask here, because what one writes the other must read the same way.

// eslint-disable-next-line no-control-regex -- taking control characters out is what this is for
const controls = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g;
/** With the `u` flag a pair is one character, so only lone surrogates match. */
const loneSurrogates = /[\ud800-\udfff]/gu;

/** Line ends become `\n`, other vertical space a space or `\n`; control characters and lone surrogates go. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/[\v\f]/g, ' ')
    .replace(controls, '')
    .replace(loneSurrogates, '');
}

export function isSpace(char: string): boolean {
  return char === '' || /^\s$/u.test(char);
}

export function isPunctuation(char: string): boolean {
  return /^[\p{P}\p{S}]$/u.test(char);
}

/** Neither space nor punctuation: beside it `_` is a character of the word. */
export function isWord(char: string): boolean {
  return !isSpace(char) && !isPunctuation(char);
}

export function characterBefore(text: string, index: number): string {
  if (index <= 0) return '';
  const unit = text.charCodeAt(index - 1);
  const isLowHalf = unit >= 0xdc00 && unit <= 0xdfff && index >= 2;
  return text.slice(isLowHalf ? index - 2 : index - 1, index);
}

export function characterAt(text: string, index: number): string {
  const point = text.codePointAt(index);
  return point === undefined ? '' : String.fromCodePoint(point);
}

const address = /https?:\/\/[^\s<>`*[\]\\|"{}^]+/iy;

/** The web address that begins at `index` without any syntax around it; `''` when none does. */
export function bareUrlAt(text: string, index: number): string {
  if (isWord(characterBefore(text, index)) || text[index - 1] === '_') return '';
  address.lastIndex = index;
  const found = address.exec(text)?.[0];
  if (found === undefined) return '';
  const url = withoutTail(found);
  return /^https?:\/\/[^\s/?#]/i.test(url) ? url : '';
}

/** Punctuation at the end belongs to the sentence, and so does a bracket that the address did not open. */
function withoutTail(url: string): string {
  let end = url.length;
  let surplus = count(url, ')') - count(url, '(');
  for (; end > 0; end -= 1) {
    const last = url[end - 1] ?? '';
    if (last === ')' && surplus > 0) surplus -= 1;
    else if (!"?!.,:;'_~&".includes(last)) break;
  }
  return url.slice(0, end);
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}
