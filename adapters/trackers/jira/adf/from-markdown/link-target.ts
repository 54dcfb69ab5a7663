// What stands behind `](`: an address and perhaps a title. Scanned by hand and with a limit, because the pattern
// that Markdown libraries use for it takes cubic time on `[a](b[a](b…`. An address over the limit is no address.
import { unescapeMarkdown } from './entities.ts';

/** Browsers and Jira refuse longer ones; it also bounds the work for each `](`. */
const addressLimit = 2_048;
const titleLimit = 1_024;
/** CommonMark allows any number, its reference implementation 32. */
const bracketLimit = 32;

export interface LinkTarget {
  readonly href: string;
  readonly title: string;
  /** Index behind the closing bracket. */
  readonly end: number;
}

/** `index` is that of the opening bracket. */
export function linkTargetAt(text: string, index: number): LinkTarget | undefined {
  if (text[index] !== '(') return undefined;
  const start = afterSpace(text, index + 1);
  const addressEnd = text[start] === '<' ? endOfEnclosed(text, start) : endOfBare(text, start);
  if (addressEnd === undefined) return undefined;
  const written = text.slice(start, addressEnd);
  const href = unescapeMarkdown(written.startsWith('<') ? written.slice(1, -1) : written);
  const next = afterSpace(text, addressEnd);
  if (text[next] === ')') return { href, title: '', end: next + 1 };
  const titleEnd = next > addressEnd ? endOfTitle(text, next) : undefined;
  if (titleEnd === undefined) return undefined;
  const end = afterSpace(text, titleEnd);
  if (text[end] !== ')') return undefined;
  const title = unescapeMarkdown(text.slice(next + 1, titleEnd - 1)).replace(/\s+/g, ' ');
  return { href, title, end: end + 1 };
}

const spaces = /[ \t\n]{0,256}/y;

function afterSpace(text: string, index: number): number {
  spaces.lastIndex = index;
  return index + (spaces.exec(text)?.[0].length ?? 0);
}

function endOfEnclosed(text: string, start: number): number | undefined {
  for (let index = start + 1; index < Math.min(text.length, start + addressLimit); index += 1) {
    const char = text[index];
    if (char === '>') return index + 1;
    if (char === '<' || char === '\n') return undefined;
    if (char === '\\') index += 1;
  }
  return undefined;
}

function endOfBare(text: string, start: number): number | undefined {
  let depth = 0;
  let index = start;
  for (; index < text.length; index += 1) {
    if (index - start > addressLimit) return undefined;
    const char = text[index] ?? '';
    if (char <= ' ') break;
    if (char === '\\') index += 1;
    else if (char === '(') depth += 1;
    else if (char === ')' && depth === 0) break;
    else if (char === ')') depth -= 1;
    if (depth > bracketLimit) return undefined;
  }
  return depth === 0 ? Math.min(index, text.length) : undefined;
}

function endOfTitle(text: string, start: number): number | undefined {
  const quote = text[start];
  if (quote !== '"' && quote !== "'" && quote !== '(') return undefined;
  const closing = quote === '(' ? ')' : quote;
  for (let index = start + 1; index < Math.min(text.length, start + titleLimit); index += 1) {
    if (text[index] === closing) return index + 1;
    if (text[index] === '\\') index += 1;
  }
  return undefined;
}
