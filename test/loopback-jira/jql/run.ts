// A query against a set of issues: parse, look up, filter, sort. Refuses like Jira does: a list of messages.
// Never throws for what a client wrote; what it returns on refusal is for a 400.
import { message, type Message } from '../messages.ts';
import type { IssueRecord } from '../model.ts';
import type { Query } from './ast.ts';
import { compileClause, type Matches } from './compile.ts';
import type { JqlContext } from './fields.ts';
import { compileOrder, type CompareIssues } from './order.ts';
import { parseJql } from './parse.ts';
import { JqlSyntaxError } from './syntax-error.ts';

export interface Prepared {
  readonly matches: Matches;
  readonly compare: CompareIssues;
}

export type Preparation =
  | { readonly kind: 'ready'; readonly prepared: Prepared; readonly query: Query }
  | { readonly kind: 'refused'; readonly problems: readonly Message[] };

export function prepareJql(jql: string, context: JqlContext): Preparation {
  const parsed = tryParse(jql);
  if ('problem' in parsed) return { kind: 'refused', problems: [parsed.problem] };
  const { query } = parsed;
  if (!query.where) return { kind: 'refused', problems: [message('unbounded')] };
  const problems: Message[] = [];
  const matches = compileClause(query.where, context, problems);
  const compare = compileOrder(query.orderBy, context, problems);
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'ready', prepared: { matches, compare }, query };
}

export function tryParse(jql: string): { query: Query } | { problem: Message } {
  try {
    return { query: parseJql(jql) };
  } catch (error) {
    if (error instanceof JqlSyntaxError) return { problem: error.said };
    throw error;
  }
}

/** All issues that match, sorted. */
export function select(prepared: Prepared, issues: Iterable<IssueRecord>): IssueRecord[] {
  const found: IssueRecord[] = [];
  for (const issue of issues) if (prepared.matches(issue)) found.push(issue);
  return found.sort(prepared.compare);
}
