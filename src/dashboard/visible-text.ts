// Text of strangers made visible: control characters, and marks that turn the direction of writing or hide
// themselves, become their names in angle brackets, so that what is read is what is there. Pure.

const C0 =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US';
const c0 = C0.split(' ');

/** Unicode's own abbreviations of the marks that turn or hide text. */
const marks: Readonly<Record<string, string>> = {
  '\u007F': 'DEL',
  '\u00AD': 'SHY',
  '\u061C': 'ALM',
  '\u200B': 'ZWSP',
  '\u200C': 'ZWNJ',
  '\u200E': 'LRM',
  '\u200F': 'RLM',
  '\u202A': 'LRE',
  '\u202B': 'RLE',
  '\u202C': 'PDF',
  '\u202D': 'LRO',
  '\u202E': 'RLO',
  '\u2060': 'WJ',
  '\u2066': 'LRI',
  '\u2067': 'RLI',
  '\u2068': 'FSI',
  '\u2069': 'PDI',
  '\uFEFF': 'BOM',
};

/** Not tab, line feed and carriage return; not U+200D, which joins emoji. */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g;

/** Line breaks and tabs stay: who shows one line lets CSS fold them. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (char) => `⟨${nameOf(char)}⟩`);
}

/** Their names, each once. */
export function unseenIn(text: string): readonly string[] {
  return [...new Set(text.match(UNSEEN) ?? [])].map((char) => `⟨${nameOf(char)}⟩`);
}

export function withoutUnseen(text: string): string {
  return text.replace(UNSEEN, '');
}

function nameOf(char: string): string {
  const code = char.charCodeAt(0);
  return c0[code] ?? marks[char] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
