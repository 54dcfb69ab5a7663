// Takes secrets out of values before people see them: by what a key is declared to be, by the secret values that are
// known, and by the shapes in which people write a credential where none belongs (a URL with a password, a script that
// sets a token). It errs towards hiding. Works on whole texts, before they are quoted or cut.

import { looksSecret } from '../contract/secret-names.ts';
import type { BlockOwner } from './adapter-block.ts';
import { isPlainMap } from './problem-list.ts';
import { yamlLine } from './yaml-line.ts';

export const MASK = '***';

export interface Mask {
  /** Of a setting that is a secret itself: nothing of it. "" stays: it is not set. */
  whole(value: unknown): string;
  /** The value with the secrets in its texts, keys of maps included, blotted out. */
  within(value: unknown): unknown;
  /** The same for commands and scripts, which may set variables. */
  script(value: unknown): unknown;
}

/** Shorter ones would blot out half of what is shown; the log's redactor leaves them, too. */
const LEAST_LENGTH = 4;
const LEAST_PART_LENGTH = 8;
const userInUrl = /\/\/[^\s/@'"]+@/g;
const assignment = /([A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD)[A-Z0-9_]*=)("[^"]*"|'[^']*'|[^\s"'$;&|]+)/gi;

export function createMask(secrets: ReadonlySet<string>): Mask {
  const known = [...secrets].flatMap(partsOf).filter(({ length }) => length >= LEAST_LENGTH);
  const text = (value: string): string => blot(value, known).replace(userInUrl, `//${MASK}@`);
  return {
    whole: (value) => (value === undefined || value === null || value === '' ? '' : MASK),
    within: (value) => mapTexts(value, text),
    script: (value) => mapTexts(value, (one) => text(one).replace(assignment, `$1${MASK}`)),
  };
}

/** The token of `name:token` and the lines of a private key turn up by themselves. */
function partsOf(secret: string): string[] {
  const half = secret.slice(secret.indexOf(':') + 1).trim();
  const lines = secret.split('\n').map((line) => line.trim());
  return [secret, secret.trim(), ...[half, ...lines].filter(({ length }) => length >= LEAST_PART_LENGTH)];
}

/** One line for a key of an adapter's block. What nested maps may hold is known by their names only. */
export function blockMask(owner: BlockOwner, key: string, value: unknown, mask: Mask): string {
  const isSecret = owner.secretSettings?.includes(key) ?? false;
  // In the place of a file there may be its text, with headers and environments of servers.
  const isFile = (owner.pathSettings?.includes(key) ?? false) && !Array.isArray(value);
  const isInline = isFile && (isPlainMap(value) || (typeof value === 'string' && /^\s*\{/.test(value)));
  if (isSecret || isInline) return mask.whole(value);
  return yamlLine(mask.within(byName(key, value)));
}

/** Numbers stay: `input_tokens: 1200` is none. */
function byName(key: string, value: unknown): unknown {
  if (/^(?:env|headers|authorization|cookie|credentials?)$/i.test(key) && value !== '') return MASK;
  if (typeof value === 'string' && value !== '' && looksSecret(key)) return MASK;
  if (Array.isArray(value)) return value.map((item: unknown) => byName(key, item));
  if (!isPlainMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, byName(name, entry)]));
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, change));
  if (!isPlainMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [change(key), mapTexts(entry, change)]),
  );
}

/** Secrets may overlap: what any of them covers goes, so that no tail of one stays behind. */
function blot(text: string, secrets: readonly string[]): string {
  const covered = new Set<number>();
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1)) {
      for (let index = at; index < at + secret.length; index += 1) covered.add(index);
    }
  }
  if (covered.size === 0) return text;
  let result = '';
  for (let index = 0; index < text.length; index += 1) {
    if (!covered.has(index)) result += text.charAt(index);
    else if (!covered.has(index - 1)) result += MASK;
  }
  return result;
}
