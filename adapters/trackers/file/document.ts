// The whole file, read: its issues by id and by identifier, and the records that were left out. Fails whole on
// text that is not a JSON array, and on an id or identifier that two records claim, because a write could then
// meet the wrong one. Documents are kept between reads: they are never changed, callers get copies.
import type { Blocker, Issue } from '../../../src/contract/issue.ts';
import { FileProblem, quoted } from './file-problem.ts';
import { elementsOf, findMember, membersOf, placeOf, type Span } from './json-text.ts';
import { decodeText, parseStrictJson } from './json-syntax.ts';
import { isObject, readRecord, RecordProblem, typeName, type FileIssue } from './record.ts';

export interface LeftOut {
  /** 0-based place in the array. */
  readonly index: number;
  readonly field: string;
  readonly problem: string;
}

export interface Entry {
  readonly index: number;
  readonly issue: FileIssue;
}

export interface IssueDocument {
  readonly text: string;
  readonly byId: ReadonlyMap<string, Entry>;
  readonly byIdentifier: ReadonlyMap<string, Entry>;
  readonly leftOut: readonly LeftOut[];
}

/** Throws FileProblem (`tracker_payload_error`). */
export function readDocument(bytes: Buffer): IssueDocument {
  const text = decodeText(bytes);
  const records = parseStrictJson(text);
  if (!Array.isArray(records)) {
    const detail = `line 1 column 1: must be a JSON array of issues, is ${typeName(records)}`;
    throw new FileProblem('tracker_payload_error', detail);
  }
  const notIntegers = prioritiesWithFraction(records, text);
  const byId = new Map<string, Entry>();
  const byIdentifier = new Map<string, Entry>();
  const leftOut: LeftOut[] = [];
  records.forEach((record: unknown, index) => {
    try {
      const issue = readRecord(record);
      const entry = { index, issue: notIntegers.has(index) ? { ...issue, priority: null } : issue };
      byId.set(issue.id, entry);
      byIdentifier.set(issue.identifier, entry);
    } catch (error) {
      if (!(error instanceof RecordProblem)) throw error;
      leftOut.push({ index, field: error.field, problem: error.message });
    }
  });
  // Fewer names than records that were read, or a record left out that may share its name: look closely.
  const read = records.length - leftOut.length;
  if (leftOut.length > 0 || byId.size < read || byIdentifier.size < read) {
    refuseDuplicates(records, 'id', text);
    refuseDuplicates(records, 'identifier', text);
  }
  return { text, byId, byIdentifier, leftOut };
}

/** Where the record stands in the text. */
export function recordSpan(document: IssueDocument, index: number): Span {
  const span = elementsOf(document.text, document.text.indexOf('['))[index];
  if (!span) throw new Error(`invariant: record ${index} is not in the text it was read from`);
  return span;
}

/** A fresh copy that is the caller's own. */
export function copyIssue(document: IssueDocument, { issue }: Entry, withComments: boolean): Issue {
  return {
    ...issue,
    labels: [...issue.labels],
    parent: issue.parent && { ...issue.parent },
    comments: withComments ? issue.comments.map((comment) => ({ ...comment })) : null,
    blockedBy: issue.blockedBy.map((blocker) => completeBlocker(document, blocker)),
  };
}

/** What the entry itself does not say is taken from the issue of this file that it names. */
function completeBlocker(document: IssueDocument, blocker: Blocker): Blocker {
  const named = document.byId.get(blocker.id) ?? document.byIdentifier.get(blocker.identifier);
  if (!named) return { ...blocker };
  return {
    id: blocker.id || named.issue.id,
    identifier: blocker.identifier || named.issue.identifier,
    state: blocker.state || named.issue.state,
  };
}

function refuseDuplicates(records: readonly unknown[], key: 'id' | 'identifier', text: string): void {
  const seen = new Map<string, number>();
  records.forEach((record, index) => {
    const value = isObject(record) ? record[key] : undefined;
    if (typeof value !== 'string' || value === '') return;
    const first = seen.get(value);
    if (first === undefined) {
      seen.set(value, index);
      return;
    }
    const start = elementsOf(text, text.indexOf('['))[index]?.start ?? 0;
    const both = `the records with index ${first} and ${index} both have the ${key} ${quoted(value)}`;
    throw new FileProblem('tracker_payload_error', `${placeOf(text, start)}: ${both}; make them differ`);
  });
}

/**
 * The records whose priority is written `1.0` or `2e0`: a JSON number without being a JSON integer, which
 * JSON.parse does not tell. The first test is all that most files need.
 */
function prioritiesWithFraction(records: readonly unknown[], text: string): ReadonlySet<number> {
  const suspicious = /"priority"\s*:\s*-?\d+[.eE]/;
  const found = new Set<number>();
  // The key itself may be written with escapes of its letters (\u0070 and so on).
  const escapes = text.includes('\\u00');
  if (!escapes && !suspicious.test(text)) return found;
  elementsOf(text, text.indexOf('[')).forEach((span, index) => {
    const record = records[index];
    if (!isObject(record) || !Number.isInteger(record['priority'])) return;
    const slice = text.slice(span.start, span.end);
    if (!slice.includes('\\u00') && !suspicious.test(slice)) return;
    const value = findMember(membersOf(text, span.start), 'priority')?.value;
    if (value && /[.eE]/.test(text.slice(value.start, value.end))) found.add(index);
  });
  return found;
}
