// Bytes → strict JSON, or a FileProblem that says line and column. JSON.parse decides what is valid, because it is
// strict and fast; jsonc-parser is asked only where it went wrong, because the engine's own message names no
// place on Node 20.
import { isUtf8 } from 'node:buffer';
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { FileProblem } from './file-problem.ts';
import { placeOf } from './json-text.ts';

const byteOrderMark = '\uFEFF';

const explanations: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no JSON value',
  InvalidNumberFormat: 'this is no JSON number',
  PropertyNameExpected: 'a key in double quotes is expected here (is there a comma too many?)',
  ValueExpected: 'a value is expected here (is there a comma too many?)',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing brace is missing (is the file cut off?)',
  CloseBracketExpected: 'a closing bracket is missing (is the file cut off?)',
  EndOfFileExpected: 'the file should have ended before this',
  InvalidCommentToken: 'strict JSON has no comments',
  UnexpectedEndOfComment: 'strict JSON has no comments',
  UnexpectedEndOfString: 'this string is not closed (is the file cut off?)',
  UnexpectedEndOfNumber: 'this number is not finished',
  InvalidUnicode: 'this \\u escape needs four hexadecimal digits',
  InvalidEscapeCharacter: 'this escape does not exist in JSON',
  InvalidCharacter: 'a control character must be escaped in a string',
};

/** The text with its BOM, so that offsets and a later write are exact. */
export function decodeText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new FileProblem('tracker_payload_error', 'line 1 column 1: is UTF-16; save it as UTF-8');
  }
  throw new FileProblem('tracker_payload_error', `${invalidPlace(bytes)}: is not UTF-8; save it as UTF-8`);
}

/** `text` may begin with a BOM. */
export function parseStrictJson(text: string): unknown {
  const body = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    throw new FileProblem('tracker_payload_error', describe(body, error), error);
  }
}

function describe(text: string, error: unknown): string {
  if (text.trim() === '') return 'line 1 column 1: the file is empty; write [] for no issues';
  const first = firstError(text);
  if (first) {
    const name = printParseErrorCode(first.error);
    return `${placeOf(text, first.offset)}: is not valid JSON: ${explanations[name] ?? name}`;
  }
  const message = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 200) : '';
  return `line 1 column 1: is not valid JSON: ${message}`;
}

function firstError(text: string): ParseError | undefined {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    // It recurses, so that a file of a hundred thousand brackets ends its stack; what it found until then holds.
    if (!(error instanceof RangeError)) throw error;
  }
  return errors[0];
}

function invalidPlace(bytes: Buffer): string {
  let line = 1;
  for (let start = 0; ; line += 1) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    const part = bytes.subarray(start, end);
    if (!isUtf8(part) || newline === -1) return `line ${line} column ${validCharacters(part) + 1}`;
    start = end + 1;
  }
}

function validCharacters(line: Buffer): number {
  // Decoding puts U+FFFD where the first bad byte is; one that was written as such comes with valid bytes.
  const text = line.toString('utf8');
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', at + 1)) {
    const before = Buffer.byteLength(text.slice(0, at));
    if (!line.subarray(before, before + 3).equals(Buffer.from('\uFFFD'))) return at;
  }
  return 0;
}
