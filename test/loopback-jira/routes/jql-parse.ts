// The parser as an endpoint: the structure of each query, or what is wrong with it in the account's language.
import { z } from 'zod';
import { sees } from '../accounts.ts';
import { violation } from '../answer.ts';
import type { Clause, Operand, Query } from '../jql/ast.ts';
import { compileClause } from '../jql/compile.ts';
import type { JqlContext } from '../jql/fields.ts';
import { compileOrder } from '../jql/order.ts';
import { tryParse } from '../jql/run.ts';
import { message, say, type Message } from '../messages.ts';
import { choice } from '../parameters.ts';
import { route } from '../route.ts';
import { parsedQueries, queriesToParse } from '../shapes/jql.ts';

function operandOf(operand: Operand): unknown {
  switch (operand.kind) {
    case 'value':
      return { value: operand.text };
    case 'list':
      return { values: operand.items.map(operandOf) };
    case 'function':
      return { function: operand.name, arguments: operand.args };
    case 'empty':
      return { keyword: 'empty' };
  }
}

function clauseOf(clause: Clause): unknown {
  if (clause.kind === 'not') return { operator: 'not', clauses: [clauseOf(clause.clause)] };
  if (clause.kind !== 'term') return { operator: clause.kind, clauses: clause.clauses.map(clauseOf) };
  const { field, operator, operand } = clause;
  return { field: { name: field }, operator, operand: operandOf(operand) };
}

function structureOf({ where, orderBy }: Query): Record<string, unknown> {
  const fields = orderBy.map(({ field, direction }) => ({
    field: { name: field },
    ...(direction === null ? {} : { direction }),
  }));
  return {
    ...(where ? { where: clauseOf(where) } : {}),
    ...(fields.length > 0 ? { orderBy: { fields } } : {}),
  };
}

function problemsOf({ where, orderBy }: Query, context: JqlContext): Message[] {
  const problems: Message[] = [];
  if (where) compileClause(where, context, problems);
  compileOrder(orderBy, context, problems);
  return problems;
}

const parse = route({
  method: 'POST',
  path: '/jql/parse',
  query: z.strictObject({ validation: choice(['strict', 'warn', 'none']) }),
  body: queriesToParse,
  answers: { 200: parsedQueries },
  writes: false,
  handle: ({ site, caller, query, body }) => {
    const { validation } = query;
    if (validation === undefined) {
      throw violation('query: validation is required', message('required', 'validation'));
    }
    const context: JqlContext = {
      state: site.state,
      callerId: caller.account?.accountId ?? null,
      visible: (issue) => sees(caller, issue, site.state.projects),
    };
    const said = (problems: readonly Message[]): string[] =>
      problems.map((problem) => say(problem, site.settings.language));
    const queries = body.queries.map((text) => {
      const parsed = tryParse(text);
      if ('problem' in parsed) return { query: text, errors: said([parsed.problem]) };
      const structure = structureOf(parsed.query);
      const problems = validation === 'none' ? [] : problemsOf(parsed.query, context);
      if (problems.length === 0) return { query: text, structure };
      return { query: text, ...(validation === 'warn' ? { structure } : {}), errors: said(problems) };
    });
    return { status: 200, body: { queries } };
  },
});

export const jqlRoutes = [parse];
