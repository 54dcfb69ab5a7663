// Text of strangers made visible: control characters become their pictures, and marks that turn the direction
// of writing or hide themselves become their numbers, so that what is read is what is there. Pure.

/** Explicit direction marks, isolates, zero-width and other invisible ones (Unicode 17, Bidi_Control and friends). */
const INVISIBLE = /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/g;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g;
const C1 = /[\u007F-\u009F]/g;

/** Joins emoji; harmless. */
const JOINER = '\u200D';

/** Line breaks and tabs stay: who shows one line lets CSS fold them. */
export function visibleText(text: string): string {
  return text
    .replace(CONTROL, (char) => String.fromCharCode(0x2400 + char.charCodeAt(0)))
    .replace(C1, (char) => (char === '\u007F' ? '\u2421' : number(char)))
    .replace(INVISIBLE, (char) => (char === JOINER ? char : number(char)));
}

function number(char: string): string {
  return `⟨U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
