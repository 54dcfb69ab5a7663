// A parsed query to a test of one issue. Values are resolved once; all that do not exist are reported together.
// NOT is pushed down to the operators, as Jira does, so an empty field matches neither `=` nor `!=`.
import { message, type Message } from '../messages.ts';
import type { IssueRecord } from '../model.ts';
import type { Clause, Operand, Operator, Term } from './ast.ts';
import { readJqlDate } from './dates.ts';
import {
  findField,
  operatorsOf,
  type DateField,
  type JqlContext,
  type SetField,
  type TextField,
} from './fields.ts';
import { textMatcher } from './text-match.ts';

export type Matches = (issue: IssueRecord) => boolean;

const opposite: Readonly<Record<Operator, Operator>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  '~': '!~',
  '!~': '~',
  in: 'not in',
  'not in': 'in',
  is: 'is not',
  'is not': 'is',
};

const never: Matches = () => false;

/** What is wrong is added to `problems`; with any, the result means nothing. */
export function compileClause(clause: Clause, context: JqlContext, problems: Message[]): Matches {
  return compile(clause, false, context, problems);
}

function compile(clause: Clause, negated: boolean, context: JqlContext, problems: Message[]): Matches {
  if (clause.kind === 'not') return compile(clause.clause, !negated, context, problems);
  if (clause.kind === 'term') return compileTerm(clause, negated, context, problems);
  const parts = clause.clauses.map((part) => compile(part, negated, context, problems));
  const every = (clause.kind === 'and') !== negated;
  return every ? (issue) => parts.every((part) => part(issue)) : (issue) => parts.some((part) => part(issue));
}

function compileTerm(term: Term, negated: boolean, context: JqlContext, problems: Message[]): Matches {
  const field = findField(term.field, context.state);
  if (!field) {
    problems.push(message('jqlNoField', term.field));
    return never;
  }
  if (!operatorsOf(field).includes(term.operator)) {
    problems.push(message('jqlOperator', term.operator.toUpperCase(), term.field));
    return never;
  }
  const operator = negated ? opposite[term.operator] : term.operator;
  const said = { field: term.field, operator, operand: term.operand };
  switch (field.kind) {
    case 'set':
      return compileSet(field, said, context, problems);
    case 'date':
      return compileDate(field, said, context, problems);
    case 'text':
      return compileText(field, said, context);
  }
}

type Said = Pick<Term, 'field' | 'operator' | 'operand'>;

function compileSet(field: SetField, said: Said, context: JqlContext, problems: Message[]): Matches {
  const { operator, operand } = said;
  const items = operand.kind === 'list' ? operand.items : [operand];
  const withEmpty = items.some(({ kind }) => kind === 'empty');
  const wanted = new Set(items.flatMap((item) => resolveItem(field, item, said, context, problems)));
  const has: Matches = (issue) => {
    const values = field.values(issue, context);
    return values.length === 0 ? withEmpty : values.some((value) => wanted.has(value));
  };
  const lacks: Matches = (issue) => {
    const values = field.values(issue, context);
    return values.length === 0 ? false : !values.some((value) => wanted.has(value));
  };
  if (operator === '=' || operator === 'in' || operator === 'is') return has;
  if (operator === '!=' || operator === 'not in' || operator === 'is not') return lacks;
  const { rank } = field;
  const [limit] = wanted;
  if (!rank || limit === undefined) return never;
  const bound = rank(limit, context);
  return (issue) =>
    field.values(issue, context).some((value) => holds(operator, rank(value, context), bound));
}

function resolveItem(
  field: SetField,
  item: Operand,
  said: Said,
  context: JqlContext,
  problems: Message[],
): readonly string[] {
  if (item.kind === 'empty') return [];
  if (item.kind === 'function') {
    if (item.name.toLowerCase() === 'currentuser') return context.callerId === null ? [] : [context.callerId];
    problems.push(message('jqlFunction', item.name));
    return [];
  }
  if (item.kind === 'list') return [];
  const found = field.resolve(item, context);
  if (found) return found;
  const isIssue = field.names.includes('issuekey') || field.names.includes('parent');
  problems.push(message(isIssue ? 'jqlNoIssue' : 'jqlNoValue', item.text, said.field));
  return [];
}

function compileDate(field: DateField, said: Said, context: JqlContext, problems: Message[]): Matches {
  const { operator, operand } = said;
  const items = operand.kind === 'list' ? operand.items : [operand];
  const withEmpty = items.some(({ kind }) => kind === 'empty');
  const dates: number[] = [];
  for (const item of items) {
    if (item.kind === 'empty') continue;
    const instant = readJqlDate(item, context.state.now());
    if (instant !== null) dates.push(instant);
    else problems.push(message('jqlDate', item.kind === 'value' ? item.text : item.kind, said.field));
  }
  return (issue) => {
    const instant = field.instant(issue);
    const negative = operator === '!=' || operator === 'not in' || operator === 'is not';
    if (instant === null) return withEmpty && !negative;
    if (negative) return !dates.includes(instant);
    if (operator === '=' || operator === 'in' || operator === 'is') return dates.includes(instant);
    return dates.some((limit) => holds(operator, instant, limit));
  };
}

function compileText(field: TextField, { operator, operand }: Said, context: JqlContext): Matches {
  if (operator === 'is' || operator === 'is not') {
    return (issue) => (field.text(issue, context).trim() === '') === (operator === 'is');
  }
  const matches = textMatcher(operand.kind === 'value' ? operand.text : '');
  return (issue) => {
    const text = field.text(issue, context);
    return text.trim() !== '' && matches(text) === (operator === '~');
  };
}

function holds(operator: Operator, value: number, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    default:
      return false;
  }
}
