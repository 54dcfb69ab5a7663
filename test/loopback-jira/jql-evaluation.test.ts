// What a query finds: random queries against a plain reading of the same conditions, and the rules of Jira that
// surprise: emptiness, casing, priorities, keys of moved issues, unknown values.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prepareJql, select } from './jql/run.ts';
import {
  addIssue,
  addIssues,
  addProject,
  annId,
  basicSite,
  botId,
  type IssueRecord,
  type JiraState,
} from './index.ts';
import { People } from './people.ts';

const day = 86_400_000;
const nowMs = Date.UTC(2026, 10, 22, 12);

function site(): JiraState {
  const state = basicSite();
  state.now = () => nowMs;
  addProject(state, 'OPS');
  const statuses = ['Backlog', 'In Progress', 'Done'];
  const labels = [[], ['agent-ready'], ['agent-ready', 'UI'], ['ui']];
  addIssues(state, 'PROJ', 24, (index) => ({
    summary: ['Fix the login page', 'Login is slow', 'Write docs'][index % 3] ?? '',
    status: statuses[index % 3] ?? '',
    priority: index % 6 === 5 ? null : (['Highest', 'High', 'Medium', 'Low', 'Lowest'][index % 5] ?? null),
    labels: labels[index % 4] ?? [],
    assigneeId: [null, botId, annId][(index >> 1) % 3] ?? null,
    type: index % 2 === 0 ? 'Task' : 'Bug',
    createdMs: nowMs - index * day,
  }));
  addIssues(state, 'OPS', 6, () => ({ createdMs: nowMs - 2 * day }));
  return state;
}

function find(state: JiraState, jql: string): string[] | string {
  const prepared = prepareJql(jql, { state, callerId: botId, visible: () => true });
  if (prepared.kind === 'refused') return prepared.problems.map(({ name }) => name).join(' ');
  return select(prepared.prepared, state.issues.values()).map(({ key }) => key);
}

type Condition = { readonly jql: string; readonly holds: (issue: IssueRecord) => boolean };

const state = site();
const statusIds = new Map([...state.statuses.values()].map(({ name, id }) => [name, id]));

const status = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('Backlog', 'In Progress', 'Done'), { minLength: 1 }),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([names, negative, upper]): Condition => {
    const wanted = names.map((name) => statusIds.get(name));
    const said = names.map((name) => `"${upper ? name.toUpperCase() : name}"`).join(', ');
    const jql = `status ${negative ? 'NOT IN' : 'IN'} (${said})`;
    return { jql, holds: ({ statusId }) => wanted.includes(statusId) !== negative };
  });
const label = fc
  .tuple(fc.constantFrom('agent-ready', 'ui', 'none-such'), fc.constantFrom('=', '!='))
  .map(([name, operator]): Condition => ({
    jql: `labels ${operator} ${name}`,
    holds: ({ labels }) =>
      labels.length > 0 && labels.some((one) => one.toLowerCase() === name) === (operator === '='),
  }));
const assignee = fc.constantFrom<Condition>(
  { jql: 'assignee = currentUser()', holds: ({ assigneeId }) => assigneeId === botId },
  { jql: 'assignee IS EMPTY', holds: ({ assigneeId }) => assigneeId === null },
  { jql: 'assignee is not null', holds: ({ assigneeId }) => assigneeId !== null },
  {
    jql: 'assignee != "Ann Example"',
    holds: ({ assigneeId }) => assigneeId !== null && assigneeId !== annId,
  },
  { jql: 'assignee IN (EMPTY, currentUser())', holds: ({ assigneeId }) => assigneeId !== annId },
);
const compare: Readonly<Record<string, (at: number, limit: number) => boolean>> = {
  '<': (at, limit) => at < limit,
  '<=': (at, limit) => at <= limit,
  '>': (at, limit) => at > limit,
  '>=': (at, limit) => at >= limit,
};
const created = fc
  .tuple(fc.integer({ min: 0, max: 25 }), fc.constantFrom(...Object.keys(compare)))
  .map(([days, operator]): Condition => ({
    jql: `created ${operator} -${days}d`,
    holds: ({ createdMs }) => compare[operator]?.(createdMs, nowMs - days * day) ?? false,
  }));
const priority = fc.constantFrom<Condition>(
  { jql: 'priority > Medium', holds: ({ priorityId }) => priorityId === '1' || priorityId === '2' },
  { jql: 'priority <= "low"', holds: ({ priorityId }) => priorityId === '4' || priorityId === '5' },
  { jql: 'priority = 1', holds: ({ priorityId }) => priorityId === '1' },
  { jql: 'issuetype = Bug', holds: ({ issueTypeId }) => issueTypeId === '10004' },
  { jql: 'summary ~ login', holds: ({ summary }) => /login/i.test(summary) },
);

/** Both readings of a compound. NOT is pushed down by Jira; emptiness makes it other than logic's. */
const condition = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.oneof(status, label, assignee, created, priority),
    fc
      .tuple(fc.array(tie('any'), { minLength: 2, maxLength: 3 }), fc.constantFrom('AND', 'or', '&&', 'OR'))
      .map(([parts, word]): Condition => {
        const every = word === 'AND' || word === '&&';
        return {
          jql: `(${parts.map(({ jql }) => jql).join(` ${word} `)})`,
          holds: (issue) =>
            every ? parts.every((part) => part.holds(issue)) : parts.some((part) => part.holds(issue)),
        };
      }),
    status.map(({ jql, holds }): Condition => ({ jql: `NOT (${jql})`, holds: (issue) => !holds(issue) })),
  ),
})).any;

it('finds exactly the issues for which the condition holds', () => {
  fc.assert(
    fc.property(condition, ({ jql, holds }) => {
      const expected = [...state.issues.values()].filter(holds).map(({ key }) => key);
      const found = find(state, jql);
      expect(new Set(found), jql).toEqual(new Set(expected));
      expect(found).toHaveLength(expected.length);
    }),
    { numRuns: 400 },
  );
});

it('pushes NOT down to the operator, so that an empty field never matches', () => {
  expect(find(state, 'NOT assignee = "Ann Example"')).toEqual(find(state, 'assignee != "Ann Example"'));
  const twice = 'NOT (labels = ui OR NOT status = Done)';
  expect(find(state, twice)).toEqual(find(state, 'labels != ui AND status = Done'));
});

it('sorts priority ascending from the lowest, and by created in between', () => {
  const down = find(state, 'project = PROJ ORDER BY priority DESC, created ASC') as string[];
  const rank = (key: string): number => state.priorityRank(state.findByKey(key)?.priorityId ?? null);
  const age = (key: string): number => state.findByKey(key)?.createdMs ?? 0;
  const sorted = [...down].sort((a, b) => rank(a) - rank(b) || age(a) - age(b));
  expect(down).toEqual(sorted);
  expect(rank(down[0] ?? '')).toBe(0);
  const up = find(state, 'project = PROJ ORDER BY priority ASC') as string[];
  expect(rank(up.at(-1) ?? '')).toBe(0);
});

it('sorts keys by number', () => {
  expect((find(state, 'project = PROJ ORDER BY key ASC') as string[]).slice(0, 11).at(-1)).toBe('PROJ-11');
});

it('refuses a whole query for one unknown key, id, status, priority, type, project or field', () => {
  expect(find(state, 'key IN ("PROJ-1", "PROJ-999")')).toBe('jqlNoIssue');
  const { id } = state.findByKey('PROJ-1') ?? { id: '' };
  expect(find(state, `id IN (${id}, 99999999)`)).toBe('jqlNoIssue');
  expect(find(state, `id IN ("${id}")`)).toBe('jqlNoIssue');
  expect(find(state, 'status IN (Done, Nope) AND priority = Nope2')).toBe('jqlNoValue jqlNoValue');
  expect(find(state, 'project = NOPE')).toBe('jqlNoValue');
  expect(find(state, 'nope = 1')).toBe('jqlNoField');
  expect(find(state, 'status ~ Done')).toBe('jqlOperator');
  expect(find(state, 'summary = Done')).toBe('jqlOperator');
  expect(find(state, 'created > soon')).toBe('jqlDate');
});

it('refuses queries without a restriction, and more than seven ORDER BY fields', () => {
  expect(find(state, 'ORDER BY key')).toBe('unbounded');
  expect(find(state, '')).toBe('unbounded');
  const eight = 'key, created, updated, priority, status, summary, issuetype, project';
  expect(find(state, `project = PROJ ORDER BY ${eight}`)).toBe('tooManyOrders');
});

it('finds a moved issue by its old key and its new one', () => {
  const moving = site();
  const { id } = addIssue(moving, 'PROJ');
  const old = moving.issue(id).key;
  const { key } = new People(moving).relocate(old, 'OPS');
  expect(find(moving, `key = ${old}`)).toEqual([key]);
  expect(find(moving, `key IN (${key})`)).toEqual([key]);
});

it('searches words in any order, beginnings, phrases, and in comments', () => {
  const texts = site();
  const { key } = addIssue(texts, 'PROJ', { summary: 'The quick brown fox', description: 'jumps' });
  new People(texts).comment(key, 'over the lazy dog');
  expect(find(texts, 'summary ~ "fox quick"')).toEqual([key]);
  expect(find(texts, 'summary ~ "brow*"')).toEqual([key]);
  expect(find(texts, String.raw`summary ~ "\"quick brown\""`)).toEqual([key]);
  expect(find(texts, String.raw`summary ~ "\"brown quick\""`)).toEqual([]);
  expect(find(texts, 'text ~ jumps AND text ~ lazy')).toEqual([key]);
});
