// Literal text as Markdown that reads back as the same text, with as few backslashes as that takes: agents read
// it. What is escaped here is exactly what inline-scan.ts and marked's block rules would take for syntax. Bare web
// addresses become `<…>`, so that nothing in them needs escaping.
import { bareUrlAt, characterAt, characterBefore, isSpace, isWord } from '../characters.ts';

export interface TextPlace {
  /** Inside of a link's text: brackets would end it, and addresses are no links of their own. */
  readonly inLink: boolean;
}

const addressStart = /https?:\/\//gi;

export function escapeText(text: string, { inLink }: TextPlace): string {
  if (inLink) return escapeWords(text, true);
  let out = '';
  let done = 0;
  addressStart.lastIndex = 0;
  for (let found = addressStart.exec(text); found; found = addressStart.exec(text)) {
    const url = bareUrlAt(text, found.index);
    if (url === '') continue;
    // What is beside an address is read as a text of its own.
    out += `${escapeWords(text.slice(done, found.index), false)}<${url}>`;
    done = found.index + url.length;
    addressStart.lastIndex = done;
  }
  return out + escapeWords(text.slice(done), false);
}

function escapeWords(text: string, inLink: boolean): string {
  return text.replace(/[\\`*_~[\]<&]/g, (char: string, index: number) =>
    needsEscape(text, index, char, inLink) ? `\\${char}` : char,
  );
}

/** At the edge of the text anything may follow: a mark, a link, the end of a line. */
function needsEscape(text: string, index: number, char: string, inLink: boolean): boolean {
  const before = characterBefore(text, index);
  const after = characterAt(text, index + 1);
  switch (char) {
    case '`':
      return true;
    case '\\':
      return after === '' || /^[!-/:-@[-`{-~\n]$/.test(after);
    case '*':
      return before === '' || after === '' || !isSpace(before) || !isSpace(after);
    case '_':
      return before === '' || after === '' || !isInsideOfWord(text, index);
    case '~':
      return before === '' || after === '' || before === '~' || after === '~';
    case '[':
      return inLink || before === '' || before === '!';
    case ']':
      return inLink || (after !== '' && '([:'.includes(after));
    case '<':
      return after === '' || /^[A-Za-z\d/!?.+_-]$/.test(after);
    case '&':
      return after === '' || /^&(?:#\w{1,8}|[A-Za-z][A-Za-z\d]{1,31});/.test(text.slice(index, index + 40));
    default:
      return false;
  }
}

/** A whole run of `_` between two letters: neither can open nor close. */
function isInsideOfWord(text: string, index: number): boolean {
  let start = index;
  let end = index + 1;
  while (text[start - 1] === '_') start -= 1;
  while (text[end] === '_') end += 1;
  return isWord(characterBefore(text, start)) && isWord(characterAt(text, end));
}

/** Keeps each line of a paragraph from being read as a heading, list, quote, rule, table or fence. */
export function escapeLineStarts(markdown: string): string {
  return markdown.split('\n').map(escapeLineStart).join('\n');
}

function escapeLineStart(line: string): string {
  // A line of nothing but these underlines a heading, rules off, or makes a table of the line before.
  if (/^[-=|:][-=|: \t]*\\?$/.test(line) || /^([*_])(?:[ \t]*\1)*[ \t]*$/.test(line)) return `\\${line}`;
  if (/^(?:#{1,6}(?=\s|$|\\$)|[-+*](?=\s|\\?$)|>|\||~{3})/.test(line)) return `\\${line}`;
  return line.replace(/^(\d{1,9})([.)])(?=\s|\\?$)/, '$1\\$2');
}
