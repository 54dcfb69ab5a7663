// A value as YAML writes it on one line, for people. Long ones are cut, and say so; nothing here hides a secret, so
// that is done before.

import { stringify } from 'yaml';

/** A script of a hook may be long; what is shown of it is enough to know it again. */
const SHOWN_LENGTH = 2_000;

/** "" for what is not set. */
export function yamlLine(value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  const text = stringify(value, {
    blockQuote: false,
    collectionStyle: 'flow',
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    flowCollectionPadding: false,
    lineWidth: 0,
    singleQuote: false,
  }).replace(/\n$/, '');
  const line = /[\p{Cc}\u2028\u2029]/u.test(text) ? json(value) : text;
  return line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)}…` : line;
}

/** JSON is YAML as well, and knows an escape for every character. */
function json(value: unknown): string {
  const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[\p{Cc}\u2028\u2029]/gu, escaped);
}
