// The fields that JQL can ask for: which operators they take, how a value in a query is resolved (null when
// the site has no such value, which makes the whole query a 400), what an issue has, and how they sort.
import type { IssueRecord } from '../model.ts';
import type { JiraState } from '../state.ts';
import type { Operand, Operator } from './ast.ts';
import { issueFields } from './issue-fields.ts';
import { siteFields } from './site-fields.ts';
import { textFields } from './text-fields.ts';

export interface JqlContext {
  readonly state: JiraState;
  /** For currentUser(); null when nobody is logged in. */
  readonly callerId: string | null;
  readonly visible: (issue: IssueRecord) => boolean;
}

interface Named {
  /** Lower case; the first is the one in messages. */
  readonly names: readonly string[];
  /** Ascending; absent when the field cannot be sorted by. */
  readonly compare?: (a: IssueRecord, b: IssueRecord, context: JqlContext) => number;
  /** Which way ORDER BY goes when the query does not say. */
  readonly defaultDirection?: 'asc' | 'desc';
}

/** Compared by identity: `=`, `!=`, IN, and EMPTY where it can be empty. */
export interface SetField extends Named {
  readonly kind: 'set';
  /** What the issue has, lower case where casing does not count; [] when empty. */
  readonly values: (issue: IssueRecord, context: JqlContext) => readonly string[];
  readonly resolve: (value: Operand & { kind: 'value' }, context: JqlContext) => readonly string[] | null;
  /** Position for `<` and `>`, of a resolved value. Absent: not supported. */
  readonly rank?: (value: string, context: JqlContext) => number;
}

/** Compared as an instant in milliseconds. */
export interface DateField extends Named {
  readonly kind: 'date';
  readonly instant: (issue: IssueRecord) => number | null;
}

/** Searched in with `~`. */
export interface TextField extends Named {
  readonly kind: 'text';
  readonly text: (issue: IssueRecord, context: JqlContext) => string;
}

export type JqlField = SetField | DateField | TextField;

const fields: readonly JqlField[] = [...siteFields, ...issueFields, ...textFields];

const byName = new Map(fields.flatMap((field) => field.names.map((name) => [name, field] as const)));

export function findField(name: string, state: JiraState): JqlField | null {
  const lower = name.toLowerCase();
  return byName.get(lower) ?? customField(lower, state);
}

export function operatorsOf(field: JqlField): readonly Operator[] {
  if (field.kind === 'text') return ['~', '!~', 'is', 'is not'];
  const equality: Operator[] = ['=', '!=', 'in', 'not in', 'is', 'is not'];
  const ordered = field.kind === 'date' || field.rank !== undefined;
  return ordered ? [...equality, '<', '<=', '>', '>='] : equality;
}

function customField(lower: string, state: JiraState): JqlField | null {
  const found = [...state.fields.values()].find(
    ({ custom, clauseNames }) => custom && clauseNames.some((name) => name.toLowerCase() === lower),
  );
  if (!found) return null;
  return {
    kind: 'set',
    names: [lower],
    values: ({ custom }) => {
      const value = custom[found.id];
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return value == null ? [] : [text.toLowerCase()];
    },
    resolve: ({ text }) => [text.toLowerCase()],
  };
}
