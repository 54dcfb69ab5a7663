// Whatever JSON a model sends: the schema refuses it, or the plan takes it, or a ToolFault of one line says why not.
// Nothing is ever sent while planning.
import fc, { type Arbitrary } from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ToolFault } from '../../../../../src/contract/agent-tools.ts';
import { toolbox } from './toolbox.ts';

const names = [
  ...['search', 'get_issue', 'create_issue', 'create_issues', 'update_issue', 'manage_issue'],
  ...['get_issues_by_project', 'get_issues_by_user', 'list_projects', 'get_user'],
];

/** What such a parameter may well hold, and what it had better not. */
const words = fc.oneof(
  fc.constantFrom(
    ...[
      'PROJ-1',
      'proj-2',
      '10001',
      'PROJ',
      'OTHER-1',
      'project = PROJ',
      'x) OR (project = OTHER',
      '"',
      '(',
      '[',
      '\\',
    ],
    ...[
      'ORDER BY key',
      'order by (',
      '*all',
      '-comment',
      'summary, status',
      'Story Points',
      'project',
      '2h 30m',
    ],
    ...[
      'ann@example.com',
      ' ',
      '\u0000',
      '\ud800',
      '\u2028',
      '__proto__',
      'constructor',
      'changelog',
      'toString',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

interface Node {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: Node;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

/** What a parameter of this name should be: planning must be reached, too. */
const right: Readonly<Record<string, string>> = {
  ...{ issueKey: 'PROJ-1', targetIssueKey: 'PROJ-2', parentKey: 'PROJ-3', projectKey: 'PROJ' },
  ...{
    fields: 'summary, Story Points',
    expand: 'changelog',
    jql: 'labels = x ORDER BY key',
    timeSpent: '1h',
  },
  ...{ assigneeEmail: 'ann@example.com', accountId: '5b10ac8d82e05b22cc7d4ef5' },
};

/** JSON that the schema mostly accepts. */
function fitting(node: Node, name = ''): Arbitrary<unknown> {
  if (node.enum) return fc.constantFrom(...node.enum);
  if (node.type === 'string') {
    return fc.oneof(
      { weight: 5, arbitrary: fc.constant(right[name] ?? 'word') },
      { weight: 1, arbitrary: words },
    );
  }
  if (node.type === 'integer') return fc.integer({ min: node.minimum ?? 0, max: node.maximum ?? 100 });
  if (node.type === 'array') return fc.array(fitting(node.items ?? {}), { maxLength: 4 });
  const { properties = {}, required = [] } = node;
  if (Object.keys(properties).length === 0) {
    const keys = fc.oneof(
      { weight: 3, arbitrary: fc.constant('Story Points') },
      { weight: 1, arbitrary: words },
    );
    return fc.dictionary(keys, fc.jsonValue(), { maxKeys: 2 });
  }
  const parts = Object.entries(properties).map(([name, child]) => [name, fitting(child, name)] as const);
  const optional = Object.keys(properties).filter((one) => !required.includes(one));
  const few = fc.oneof(
    fc.subarray(optional, { maxLength: Math.min(2, optional.length) }),
    fc.subarray(optional),
  );
  return fc
    .tuple(fc.record(Object.fromEntries(parts)), few)
    .map(([all, chosen]) =>
      Object.fromEntries(Object.entries(all).filter(([one]) => [...required, ...chosen].includes(one))),
    );
}

it.each(names)('%s plans, or says in one line why it does not', async (name) => {
  const { tool, plan, jira, schema } = await toolbox();
  const { input } = tool(name);
  let planned = 0;
  const places = fc.record({
    projects: fc.constantFrom(null, [], ['PROJ'], ['PROJ', 'OTHER']),
    schema: fc.constantFrom(null, schema),
  });
  fc.assert(
    fc.property(fitting(z.toJSONSchema(input) as Node), places, (args, place) => {
      const json = JSON.parse(JSON.stringify(args)) as Record<string, unknown>;
      if (!input.safeParse(json).success) return;
      try {
        const { kind } = plan(name, json, place);
        expect(['read', 'write']).toContain(kind);
        planned += 1;
      } catch (error) {
        if (!(error instanceof ToolFault)) throw error;
        expect(error.message).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);
        expect(error.message.length).toBeLessThan(1_000);
      }
    }),
    { numRuns: 500 },
  );
  expect(planned).toBeGreaterThan(5);
  expect(jira.requests).toEqual([]);
});

it.each(names)('%s refuses fields that it does not have, and wrong types', async (name) => {
  const { tool } = await toolbox();
  const { input } = tool(name);
  const schema = z.toJSONSchema(input) as Node;
  const known = new Set(Object.keys(schema.properties ?? {}));
  const [sample] = fc
    .sample(fitting(schema), 200)
    .map((args) => JSON.parse(JSON.stringify(args)) as Record<string, unknown>)
    .filter((args) => input.safeParse(args).success);
  if (sample === undefined) throw new Error('no sample');
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (field, value) => {
      fc.pre(!known.has(field) && field !== '__proto__');
      expect(input.safeParse({ ...sample, [field]: value }).success).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...known), fc.constantFrom(null, true, -1, 1.5), (field, value) => {
      expect(input.safeParse({ ...sample, [field]: value }).success).toBe(false);
    }),
  );
  for (const none of [null, [], 'jql', 1]) expect(input.safeParse(none).success).toBe(false);
});
