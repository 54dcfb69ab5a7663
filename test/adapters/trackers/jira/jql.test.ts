// Queries in the seed's words; any name survives them, and no filter gets out of its parentheses.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  byIdsJql,
  byKeysJql,
  byStatesJql,
  candidatesJql,
  checkQueryFilter,
  countJql,
  dispatchOrderJql,
  inBatches,
  quoteJql,
} from '../../../../adapters/trackers/jira/jql.ts';
import { parseJql } from '../../../loopback-jira/jql/parse.ts';

const scope = { project: 'PROJ', states: ['To Do', 'In Progress'], filter: '' };
const filtered = { ...scope, filter: "labels = 'agent-ready' AND component = 'Backend'" };

it('asks in the words of the seed', () => {
  expect(candidatesJql(scope)).toBe(
    'project = "PROJ" AND status IN ("To Do", "In Progress") ORDER BY priority ASC, created ASC',
  );
  expect(candidatesJql(filtered)).toBe(
    `project = "PROJ" AND status IN ("To Do", "In Progress") AND (labels = 'agent-ready' AND component = 'Backend') ORDER BY priority ASC, created ASC`,
  );
  expect(byStatesJql({ ...filtered, states: ['Done'] })).toBe(
    `project = "PROJ" AND status IN ("Done") AND (labels = 'agent-ready' AND component = 'Backend') ORDER BY created ASC`,
  );
  expect(byIdsJql(['10001', '10002'])).toBe('id IN (10001, 10002) ORDER BY key ASC');
  expect(byKeysJql(['PROJ-1', 'DO-2'])).toBe('key IN ("PROJ-1", "DO-2") ORDER BY key ASC');
});

it('asks for candidates in dispatch order, whole or by the names of their priorities', () => {
  const base = 'project = "PROJ" AND status IN ("To Do", "In Progress")';
  expect(dispatchOrderJql(scope, { kind: 'all' })).toBe(`${base} ORDER BY priority DESC, created ASC`);
  expect(dispatchOrderJql(scope, { kind: 'named', name: 'Show "Stopper"' })).toBe(
    `${base} AND priority = "Show \\"Stopper\\"" ORDER BY created ASC`,
  );
  expect(dispatchOrderJql(scope, { kind: 'rest', names: ['A', 'B'] })).toBe(
    `${base} AND (priority NOT IN ("A", "B") OR priority IS EMPTY) ORDER BY priority DESC, created ASC`,
  );
  expect(countJql(scope)).toBe(base);
});

it('has no query for nothing', () => {
  const nothing = { ...scope, states: [] };
  expect([candidatesJql(nothing), byStatesJql(nothing), countJql(nothing)]).toEqual([null, null, null]);
  expect([byIdsJql([]), byKeysJql([]), byIdsJql(['PROJ-1', '1e3', '-1', '1 OR 1=1', ''])]).toEqual([
    null,
    null,
    null,
  ]);
});

it('leaves out ids that are no numbers Jira can have', () => {
  const ids = ['10001', 'PROJ-1', '9223372036854775807', '9223372036854775808', '٣', '007'];
  expect(byIdsJql(ids)).toBe('id IN (10001, 9223372036854775807, 007) ORDER BY key ASC');
});

it('escapes what a string of JQL cannot hold as it is', () => {
  expect(quoteJql('Ready "QA"')).toBe('"Ready \\"QA\\""');
  expect(quoteJql('a\\b')).toBe('"a\\\\b"');
  expect(quoteJql('a\tb\nc\rd\u0000')).toBe('"a\\tb\\nc\\u000dd\\u0000"');
  expect(quoteJql('\ud800')).toBe('"\\ud800"');
  expect(quoteJql('\ufdd0\uffff')).toBe('"\\ufdd0\\uffff"');
  expect(quoteJql('日本語 🚀')).toBe('"日本語 🚀"');
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: fc.constantFrom('"', "'", '\\', '(', ')', ' ', 'a', '\n', '\u2028', ','), minLength: 1 }),
);

it('lets any name of a state, project, key and priority survive', () => {
  fc.assert(
    fc.property(anyText, fc.array(anyText, { minLength: 1, maxLength: 5 }), (project, states) => {
      const jql = candidatesJql({ project, states, filter: 'labels = x' }) ?? '';
      expect(decodeURIComponent(encodeURIComponent(jql))).toBe(jql);
      const { where, orderBy } = parseJql(jql);
      if (where?.kind !== 'and') throw new Error(`not a conjunction: ${jql}`);
      const [first, second] = where.clauses;
      expect(first).toMatchObject({ field: 'project', operand: { kind: 'value', text: project } });
      const items = states.map((text) => ({ kind: 'value', text }));
      expect(second).toMatchObject({ field: 'status', operator: 'in', operand: { kind: 'list', items } });
      expect(orderBy.map(({ field }) => field)).toEqual(['priority', 'created']);
    }),
    { numRuns: 500 },
  );
});

it.each([
  '',
  'labels = x',
  '(a = 1 OR b = 2) AND c in (1, 2)',
  'cf[10001] = "x"',
  'summary ~ "a) OR (b"',
  "summary ~ 'it\\'s (here'",
  'summary ~ "say \\"(\\""',
  'summary ~ a\\"b',
  'summary ~ "ORDER BY x"',
  'reorder = by AND order.by = 1',
  'assignee in membersOf("jira-users")',
  'text ~ "\\\\"',
])('takes the filter %s', (filter) => {
  expect(checkQueryFilter(filter)).toBeNull();
});

it.each([
  ['x) OR (y', 'column 2: ) closes nothing'],
  ['(a = 1', 'column 1: ( is not closed'],
  ['a in (1, 2', 'column 6: ( is not closed'],
  ['cf[1) = 2', 'column 5: ) does not close the [ of column 3'],
  ['a = "x', 'column 5: the quote " is not closed'],
  ['a = "x\\"', 'column 5: the quote " is not closed'],
  ['a = "x\\', 'column 5: the quote " is not closed'],
  ["a = 'x\\\\\\'", "column 5: the quote ' is not closed"],
  ['a = 1 ORDER BY created', 'column 7: ORDER BY is not allowed'],
  ['a = 1 order\n\tby created', 'column 7: ORDER BY is not allowed'],
  ['a="1"ORDER BY created', 'column 6: ORDER BY is not allowed'],
  ['(a = 1)order by(created)', 'column 8: ORDER BY is not allowed'],
  ['ORDER BY', 'column 1: ORDER BY is not allowed'],
  ['ORDER BY"created"', 'column 1: ORDER BY is not allowed'],
])('refuses the filter %j', (filter, problem) => {
  expect(checkQueryFilter(filter)).toMatch(new RegExp(`^${problem.replace(/[()[\]\\]/g, '\\$&')}`));
});

it('takes no filter that could change what stands around it', () => {
  const part = fc.constantFrom('a = 1', ' ', '(', ')', '"', "'", '\\', ' OR ', ' AND ', ' order ', ' by ', 'x', '[', ']', 'b in (1)'); // prettier-ignore
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const filter = parts.join('');
      fc.pre(filter.trim() !== '' && checkQueryFilter(filter) === null);
      let parsed;
      try {
        parsed = parseJql(candidatesJql({ ...scope, filter }) ?? '');
      } catch {
        return; // Jira answers 400, and no issue of another project comes back.
      }
      expect(parsed.where).toMatchObject({
        kind: 'and',
        clauses: [{ field: 'project' }, { field: 'status' }, {}],
      });
      expect(parsed.orderBy).toHaveLength(2);
    }),
    { numRuns: 2_000 },
  );
});

it('makes batches of 40 that hold each value once', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 200 }), (values) => {
      const batches = inBatches(values);
      expect(batches.flat()).toEqual([...new Set(values)]);
      expect(batches.every((batch) => batch.length > 0 && batch.length <= 40)).toBe(true);
      expect(batches.slice(0, -1).every((batch) => batch.length === 40)).toBe(true);
    }),
  );
});
