// ORDER BY to one comparison. Priority ascending is lowest first, as in Jira. Ties end at the issue's id, so
// that the order is total and a page can start exactly after the last issue of the page before.
import { message, type Message } from '../messages.ts';
import type { IssueRecord } from '../model.ts';
import type { OrderBy } from './ast.ts';
import { findField, type JqlContext } from './fields.ts';

export type CompareIssues = (a: IssueRecord, b: IssueRecord) => number;

export const maximumOrders = 7;
const defaultOrder: readonly OrderBy[] = [{ field: 'created', direction: 'desc' }];

export function compileOrder(
  orders: readonly OrderBy[],
  context: JqlContext,
  problems: Message[],
): CompareIssues {
  if (orders.length > maximumOrders) problems.push(message('tooManyOrders', orders.length, maximumOrders));
  const compares = (orders.length === 0 ? defaultOrder : orders).flatMap((order): CompareIssues[] => {
    const field = findField(order.field, context.state);
    if (!field?.compare) {
      problems.push(message(field ? 'jqlNoOrder' : 'jqlNoField', order.field));
      return [];
    }
    const { compare } = field;
    const sign = (order.direction ?? field.defaultDirection ?? 'asc') === 'asc' ? 1 : -1;
    return [(a, b) => sign * compare(a, b, context)];
  });
  return (a, b) => {
    for (const compare of compares) {
      const difference = compare(a, b);
      if (difference !== 0) return difference;
    }
    return Number(a.id) - Number(b.id);
  };
}
