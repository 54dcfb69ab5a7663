// The schemas as clients of agents take them: plain objects, closed, without unions, references or odd keywords.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { toolbox } from './toolbox.ts';

const parameters: Readonly<Record<string, { all: readonly string[]; required: readonly string[] }>> = {
  search: { all: ['jql', 'fields', 'maxResults', 'startAt'], required: ['jql'] },
  get_issue: { all: ['issueKey', 'expand', 'fields'], required: ['issueKey'] },
  create_issue: {
    all: [
      ...[
        'projectKey',
        'issueType',
        'summary',
        'description',
        'assignee',
        'priority',
        'labels',
        'components',
      ],
      ...['parentKey', 'customFields'],
    ],
    required: ['projectKey', 'issueType', 'summary'],
  },
  create_issues: {
    all: [
      ...[
        'projectKey',
        'issueType',
        'issueCount',
        'priority',
        'labels',
        'assignee',
        'components',
        'parentKey',
      ],
      ...['customFields', 'issues'],
    ],
    required: ['projectKey', 'issueType', 'issues'],
  },
  update_issue: {
    all: ['issueKey', 'action', 'fields', 'transitionName', 'transitionComment', 'customFields'],
    required: ['issueKey', 'action'],
  },
  manage_issue: {
    all: [
      ...[
        'issueKey',
        'action',
        'body',
        'timeSpent',
        'worklogComment',
        'targetIssueKey',
        'linkType',
        'labels',
      ],
      'accountId',
    ],
    required: ['issueKey', 'action'],
  },
  get_issues_by_project: { all: ['projectKey', 'maxResults'], required: ['projectKey'] },
  get_issues_by_user: { all: ['assigneeEmail', 'maxResults'], required: ['assigneeEmail'] },
  list_projects: { all: ['maxResults'], required: [] },
  get_user: { all: ['accountId'], required: ['accountId'] },
};

const keywords = new Set([
  ...['$schema', 'type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'description'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum'],
]);

interface Node {
  readonly [keyword: string]: unknown;
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: unknown;
  readonly description?: unknown;
}

function* nodes(node: Node, path = ''): Generator<readonly [string, Node]> {
  yield [path, node];
  for (const [name, child] of Object.entries(node.properties ?? {})) yield* nodes(child, `${path}.${name}`);
  if (node.items) yield* nodes(node.items, `${path}[]`);
}

it.each(Object.entries(parameters))('%s has the parameters of its page', async (name, { all, required }) => {
  const { tool } = await toolbox();
  for (const io of ['input', 'output'] as const) {
    const schema = z.toJSONSchema(tool(name).input, { io }) as Node;
    expect(Object.keys(schema.properties ?? {})).toEqual(all);
    expect(schema['required'] ?? []).toEqual(required);
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  }
});

it.each(Object.keys(parameters))('%s is a plain schema, each parameter with a description', async (name) => {
  const { tool } = await toolbox();
  const schema = z.toJSONSchema(tool(name).input) as Node;
  for (const [path, node] of nodes(schema)) {
    expect(
      Object.keys(node).filter((key) => !keywords.has(key)),
      path,
    ).toEqual([]);
    expect(typeof node.type, path).toBe('string');
    if (path !== '' && !path.endsWith('[]')) expect(node.description, path).toMatch(/^[^\n]{10,}$/);
    const open = path.endsWith('.customFields');
    if (node.type === 'object') expect(node.additionalProperties, path).toEqual(open ? {} : false);
  }
});

it('names the tools so that every client takes them', async () => {
  const { tool } = await toolbox();
  for (const name of Object.keys(parameters)) {
    const { name: whole, title, summary, operations } = tool(name);
    expect(whole).toMatch(/^[a-z_]{1,64}$/);
    expect(title).toMatch(/^[^\n]{5,60}$/);
    expect(summary).toMatch(/^[^\n]{10,100}$/);
    expect(operations.length).toBeGreaterThan(0);
  }
});
