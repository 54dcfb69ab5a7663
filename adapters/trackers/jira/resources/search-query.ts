// A query that somebody else wrote, kept inside the project: its condition goes into parentheses that it must not be
// able to leave, its ORDER BY behind them. It is taken apart only as far as that needs; whether it means anything is
// for Jira to say.
import { TrackerError } from '../../../../src/contract/tracker.ts';
import { checkQueryFilter, quoteJql } from '../jql.ts';
import { searchPath } from './search.ts';

/** `projects` null = anywhere. Throws `tracker_payload_error` for a query that would not stay where it is put. */
export function boundedQuery(query: string, projects: readonly string[] | null): string {
  const { condition, order } = splitOrder(query);
  const nowhere = projects?.length === 0 ? 'it may look into no project; name at least one' : null;
  const problem = nowhere ?? checkQueryFilter(condition) ?? orderProblem(order);
  if (problem !== null) {
    const detail = `the query cannot be sent: ${problem}`;
    throw new TrackerError({ kind: 'tracker_payload_error', method: 'GET', path: searchPath, detail });
  }
  const [only] = projects ?? [];
  const within =
    projects?.length === 1 && only !== undefined
      ? `project = ${quoteJql(only)}`
      : `project IN (${(projects ?? []).map(quoteJql).join(', ')})`;
  const parts = projects === null ? [] : [within];
  if (condition.trim() !== '') parts.push(`(${condition.trim()})`);
  return [parts.join(' AND '), order.trim()].filter((part) => part !== '').join(' ');
}

/** At the first ORDER BY outside of quotes and brackets; a second one is refused with what follows the first. */
function splitOrder(query: string): { condition: string; order: string } {
  const token = /"(?:\\[^]|[^"\\])*"?|'(?:\\[^]|[^'\\])*'?|\\[^]|\border\s+by\b|[()[\]]|[^]/giu;
  let depth = 0;
  for (const { 0: text, index } of query.matchAll(token)) {
    if (text === '(' || text === '[') depth += 1;
    if (text === ')' || text === ']') depth -= 1;
    if (depth === 0 && /^order\s/i.test(text))
      return { condition: query.slice(0, index), order: query.slice(index) };
  }
  return { condition: query, order: '' };
}

/** Field names and directions; brackets are in those of custom fields, `cf[10010]`. */
function orderProblem(order: string): string | null {
  const fields = order.replace(/^\s*order\s+by/iu, '');
  return checkQueryFilter(fields);
}
