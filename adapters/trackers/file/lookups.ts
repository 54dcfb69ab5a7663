// Finding issues in a document that was read: by state, id and identifier. What is handed out is the caller's own.
import type { Issue } from '../../../src/contract/issue.ts';
import { copyIssue, type Entry, type IssueDocument } from './document.ts';
import { FileProblem, quoted } from './file-problem.ts';

export function inStates(document: IssueDocument, states: readonly string[]): Issue[] {
  const wanted = new Set(states.map((state) => state.toLowerCase()));
  const issues: Issue[] = [];
  for (const entry of document.byId.values()) {
    if (wanted.has(entry.issue.state.toLowerCase())) issues.push(copyIssue(document, entry, false));
  }
  return issues;
}

export function statesOf(entries: ReadonlyMap<string, Entry>, keys: readonly string[]): Map<string, string> {
  const states = new Map<string, string>();
  for (const key of keys) {
    const entry = entries.get(key);
    if (entry) states.set(key, entry.issue.state);
  }
  return states;
}

export function entryOf({ byId }: IssueDocument, id: string): Entry {
  const entry = byId.get(id);
  if (entry) return entry;
  throw new FileProblem('tracker_not_found', `no issue has the id ${quoted(id)}`);
}

/** The file may tell identifiers apart by case alone: the exact one goes before any other. */
export function entryNamed({ byIdentifier }: IssueDocument, identifier: string): Entry {
  const exact = byIdentifier.get(identifier);
  if (exact) return exact;
  const folded = identifier.toLowerCase();
  for (const [name, entry] of byIdentifier) if (name.toLowerCase() === folded) return entry;
  throw new FileProblem('tracker_not_found', `no issue has the identifier ${quoted(identifier)}`);
}

export function sameState(states: readonly string[], state: string): boolean {
  return states.some((one) => one.toLowerCase() === state.toLowerCase());
}
