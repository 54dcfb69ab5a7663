// Queries of others: bounded to the project, whatever they say, with their own order.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boundedQuery } from '../../../../adapters/trackers/jira/resources/search-query.ts';

it.each([
  ['labels = x', 'project = "P" AND (labels = x)'],
  ['labels = x ORDER BY created DESC', 'project = "P" AND (labels = x) ORDER BY created DESC'],
  ['labels = x order  by cf[10010] ASC', 'project = "P" AND (labels = x) order  by cf[10010] ASC'],
  ['summary ~ "order by"', 'project = "P" AND (summary ~ "order by")'],
  ['ORDER BY rank', 'project = "P" ORDER BY rank'],
  ['', 'project = "P"'],
  ['a = 1 OR b = 2', 'project = "P" AND (a = 1 OR b = 2)'],
])('%j becomes %j', (query, expected) => {
  expect(boundedQuery(query, ['P'])).toBe(expected);
});

it('adds no project when any will do', () => {
  expect(boundedQuery('labels = x ORDER BY created', null)).toBe('(labels = x) ORDER BY created');
});

it.each(['a = 1) OR (b = 2', 'a = "1', "a = '1", '(a = 1', 'a = 1 ORDER BY created) OR (x = 1', '[a'])(
  'refuses %j',
  (query) => {
    expect(() => boundedQuery(query, ['P'])).toThrow(
      /tracker_payload_error: GET \S+: the query cannot be sent/,
    );
  },
);

it('never lets a condition out of its parentheses', () => {
  const part = fc.constantFrom('(', ')', '"', "'", '\\', ' ', 'a', '=', 'OR', 'ORDER BY', '[', ']', '\n');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const query = parts.join('');
      let jql: string;
      try {
        jql = boundedQuery(query, ['P']);
      } catch {
        return;
      }
      // Read as Jira does: strings first, then brackets. Back at depth 0 only ORDER BY may follow.
      const rest = jql.replace(/^project = "P"(?: AND )?/, '').trim();
      let depth = 0;
      for (const { 0: token, index } of rest.matchAll(
        /"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|\\[^]|[^]/gu,
      )) {
        if (token === '(' || token === '[') depth += 1;
        if (token === ')' || token === ']') depth -= 1;
        expect(depth).toBeGreaterThanOrEqual(0);
        if (depth === 0 && token === ')') {
          expect(rest.slice(index + 1)).toMatch(/^\s*(?:$|order\s+by)/i);
          break;
        }
        if (depth === 0) {
          expect(rest.slice(index)).toMatch(/^order\s+by/i);
          break;
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
