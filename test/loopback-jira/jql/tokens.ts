// Cuts JQL into words, strings and symbols by the rules of Jira's grammar: strings in either quote with
// backslash escapes, no control characters, and characters that mean nothing outside of quotes.
import { message } from '../messages.ts';
import { JqlSyntaxError } from './syntax-error.ts';

export interface Token {
  readonly kind: 'word' | 'string' | 'symbol' | 'end';
  readonly text: string;
  readonly position: number;
  /** A word with an escape in it is never a keyword. */
  readonly escaped: boolean;
}

const symbols = [
  '&&',
  '||',
  '!=',
  '!~',
  '<=',
  '>=',
  '=',
  '!',
  '<',
  '>',
  '(',
  ')',
  '~',
  ',',
  '[',
  ']',
  '&',
  '|',
];
const reservedCharacters = new Set('{}*/%+^$#@?;.');
const wordEnds = new Set(' \t\r\n"\'=!<>()~,[]&|');
const simpleEscapes: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  '"': '"',
  "'": "'",
  '\\': '\\',
  ' ': ' ',
};
// From the grammar: C0 without line ends, DEL and C1, and Unicode's non-characters.
// eslint-disable-next-line no-control-regex
const controlCharacter = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/;

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const symbol = symbols.find((candidate) => text.startsWith(candidate, at));
    if (symbol !== undefined) {
      tokens.push({ kind: 'symbol', text: symbol, position: at, escaped: false });
      at += symbol.length;
      continue;
    }
    const quote = character === '"' || character === "'" ? character : null;
    const scanned = quote === null ? scanWord(text, at) : scanString(text, at, quote);
    tokens.push(scanned.token);
    at = scanned.end;
  }
  tokens.push({ kind: 'end', text: '', position: text.length, escaped: false });
  return tokens;
}

interface Scanned {
  readonly token: Token;
  readonly end: number;
}

function scanString(text: string, start: number, quote: string): Scanned {
  let value = '';
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === quote) {
      return { token: { kind: 'string', text: value, position: start, escaped: false }, end: at + 1 };
    }
    const read = readCharacter(text, at);
    value += read.value;
    at = read.end;
  }
  throw new JqlSyntaxError(text, start, message('jqlOpenString'));
}

function scanWord(text: string, start: number): Scanned {
  let value = '';
  let at = start;
  let escaped = false;
  while (at < text.length && !wordEnds.has(text.charAt(at))) {
    const character = text.charAt(at);
    if (reservedCharacters.has(character)) {
      throw new JqlSyntaxError(text, at, message('jqlReservedCharacter', character));
    }
    escaped ||= character === '\\';
    const read = readCharacter(text, at);
    value += read.value;
    at = read.end;
  }
  return { token: { kind: 'word', text: value, position: start, escaped }, end: at };
}

function readCharacter(text: string, at: number): { value: string; end: number } {
  const character = text.charAt(at);
  if (character === '\\') return readEscape(text, at);
  if (controlCharacter.test(character)) {
    const code = `U+${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    throw new JqlSyntaxError(text, at, message('jqlControl', code));
  }
  return { value: character, end: at + 1 };
}

function readEscape(text: string, at: number): { value: string; end: number } {
  const next = text.charAt(at + 1);
  const simple = simpleEscapes[next];
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const hex = /^u([0-9a-fA-F]{4})/.exec(text.slice(at + 1, at + 6))?.[1];
  if (hex === undefined) throw new JqlSyntaxError(text, at, message('jqlEscape', `\\${next}`));
  return { value: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 6 };
}
