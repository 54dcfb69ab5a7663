// Searching the file: words and "phrases" apart by white space, all of which must be in the identifier, title,
// description, labels or state, in any case; `state:x` and `label:x` (with quotes where there are spaces) must be the
// whole state and one whole label. Nothing else has a meaning: what looks like a filter and is none is a word.
import type { SearchOptions } from '../../../src/contract/tracker-capabilities.ts';
import type { Entry, IssueDocument } from './document.ts';
import { FileProblem, quoted } from './file-problem.ts';
import type { FileIssue } from './record.ts';

const queryLimit = 10_000;
const pageLimit = 1_000;

type Test = (issue: FileIssue) => boolean;

/** In the file's order. Throws FileProblem for a query or a cursor that cannot be read. */
export function search(
  document: IssueDocument,
  query: string,
  { limit, cursor, projects }: SearchOptions,
): { readonly entries: readonly Entry[]; readonly nextCursor: string | null } {
  const tests = readQuery(query);
  if (projects !== undefined) tests.push(({ identifier }) => projects.includes(projectOf(identifier)));
  const after = readCursor(cursor);
  const found = [...document.byId.values()].filter(
    ({ index, issue }) => index > after && tests.every((test) => test(issue)),
  );
  const entries = found.slice(0, Math.min(Math.max(1, Math.trunc(limit)), pageLimit));
  const last = entries.at(-1);
  return { entries, nextCursor: last && entries.length < found.length ? String(last.index) : null };
}

function readQuery(query: string): Test[] {
  if (query.length > queryLimit) throw bad(`is longer than ${queryLimit} characters`);
  const part = /(state|label):("[^"]*"|[^\s"]+)|("[^"]*")|([^\s"]+)|(")/giy;
  const tests: Test[] = [];
  const text = query.trim();
  for (;;) {
    part.lastIndex = afterSpace(text, part.lastIndex);
    if (part.lastIndex >= text.length) return tests;
    const [, filter, value = '', phrase, word] = part.exec(text) ?? [];
    if (filter !== undefined) tests.push(filterOf(filter.toLowerCase(), unquoted(value)));
    else if (phrase !== undefined || word !== undefined) tests.push(holding(unquoted(phrase ?? word ?? '')));
    else throw bad('has a quotation mark without its other half');
  }
}

function filterOf(filter: string, value: string): Test {
  const wanted = fold(value);
  return filter === 'state'
    ? ({ state }) => fold(state) === wanted
    : ({ labels }) => labels.some((label) => fold(label) === wanted);
}

function holding(text: string): Test {
  const wanted = fold(text);
  return ({ identifier, title, description, labels, state }) =>
    [identifier, title, description, state, ...labels].some((one) => fold(one).includes(wanted));
}

function afterSpace(text: string, index: number): number {
  let at = index;
  while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

/** What stands before the last dash: DEMO of DEMO-7. */
function projectOf(identifier: string): string {
  return identifier.slice(0, Math.max(0, identifier.lastIndexOf('-'))).toUpperCase();
}

function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return -1;
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new FileProblem('tracker_payload_error', `no page begins at ${quoted(cursor)}`);
}

function bad(what: string): FileProblem {
  const how = 'write words and "phrases", state:Done, label:urgent';
  return new FileProblem('tracker_payload_error', `the query ${what}; ${how}`);
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
