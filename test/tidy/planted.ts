// Runs the rules over a source that exists only in memory, and reduces findings to what a test compares.
import { checkAll } from './rules.ts';
import { parse } from './source.ts';

/** `line: rule: message` of every finding; an opening comment is added, as line 1, unless told not to. */
export function findingsIn(
  path: string,
  lines: string | readonly string[],
  opening = '// Planted.',
): string[] {
  const text = [opening, ...(typeof lines === 'string' ? [lines] : lines)].join('\n');
  return checkAll(parse(path, text)).map(({ line, rule, message }) => `${line}: ${rule}: ${message}`);
}
