// The leaves of a paragraph as Markdown: code spans, addresses, titles.

/** `undefined` where Markdown cannot say it: a bar behind a backslash, in a table. */
export function codeSpan(text: string, inTable: boolean): string | undefined {
  const line = text.replace(/\n/g, ' ');
  if (inTable && /\\\|/.test(line)) return undefined;
  let longest = 0;
  for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const ticks = '`'.repeat(longest + 1);
  const wouldLosePadding = line.startsWith(' ') && line.endsWith(' ') && /[^ ]/.test(line);
  const pad = wouldLosePadding || line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** An address between round brackets. Percent signs stay, so encoding twice changes nothing. */
export function linkTarget(href: string, title: string): string {
  const balanced = isBalanced(href);
  const address = href
    .trim()
    .replace(/[\s<>\\|`]/g, (char) => encodeURIComponent(char))
    .replace(/[()]/g, (bracket) => (balanced ? bracket : bracket === '(' ? '%28' : '%29'))
    .replace(/&(?=#?\w{1,32};)/g, '\\&');
  const quoted = title
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500)
    .replace(/["\\&]/g, '\\$&');
  return quoted === '' ? `(${address})` : `(${address} "${quoted}")`;
}

/** `<https://…>`; `undefined` when the address cannot stand like that. */
export function enclosedAddress(href: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- an address with control characters is none
  return /^(?:https?|ftps?):\/\/[^\s<>\\\u0000-\u001f]{1,2000}$/i.test(href) ? `<${href}>` : undefined;
}

function isBalanced(text: string): boolean {
  let depth = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (depth < 0) return false;
    deepest = Math.max(deepest, depth);
  }
  return depth === 0 && deepest < 32;
}
