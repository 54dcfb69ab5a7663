// Rendering: strict, with the file's line and column in every error, and with issue text as data only.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Issue } from '../../src/contract/issue.ts';
import type { PromptVariables } from '../../src/contract/prompt.ts';
import type { PromptTemplate } from '../../src/contract/settings.ts';
import { createTemplate, renderPrompt, toTemplateIssue, WorkflowError } from '../../src/workflow/index.ts';
import { samples } from '../../src/workflow/sample-issue.ts';
import { issueShape } from '../../src/workflow/template-shape.ts';

const variables = samples[0]!.variables;

function prompt(source: string, firstLine = 1): PromptTemplate {
  return { source, path: '/w/WORKFLOW.md', firstLine };
}

function render(source: string, change: Partial<Issue> = {}, more: Partial<PromptVariables> = {}): string {
  return createTemplate(prompt(source)).render({
    ...variables,
    ...more,
    issue: { ...variables.issue, ...change },
  });
}

it('gives a template the snake_case issue, the attempt and the run', () => {
  const source = [
    '{{ issue.identifier }} {{ issue.issue_type }} {{ issue.branch_name }} {{ issue.priority }} {{ issue.created_at }}',
    '{{ issue.labels | join: "," }} {{ issue.parent.identifier }}',
    '{% for c in issue.comments %}{{ c.author }}: {{ c.body }} ({{ c.created_at }}){% endfor %}',
    '{% for b in issue.blocked_by %}{{ b.identifier }}={{ b.state }}{% endfor %}',
    '{{ attempt }} {{ run.turn_number }}/{{ run.max_turns }} {{ run.is_continuation }}',
    '[{{ ci_failure }}{{ review_comments }}{% if ci_failure %}never{% endif %}]',
  ].join('\n');
  const run = { turnNumber: 2, maxTurns: 5, isContinuation: true };
  expect(render(source, {}, { attempt: 3, run }).split('\n')).toEqual([
    'SAMPLE-1 Task sample-1 2 2026-01-01T00:00:00Z',
    'backend,sample SAMPLE-0',
    'Kim: A comment. (2026-01-02T00:00:00Z)',
    'SAMPLE-2=Done',
    '3 2/5 true',
    '[]',
  ]);
});

it('knows the same fields statically as it renders', () => {
  const fields = issueShape.kind === 'record' ? Object.keys(issueShape.fields) : [];
  expect(Object.keys(toTemplateIssue(variables.issue))).toEqual(fields);
});

it('renders what is absent as nothing: no parent, no priority, comments that were not fetched', () => {
  const source =
    '[{{ issue.parent.identifier }}{{ issue.priority }}{% for c in issue.comments %}x{% endfor %}]';
  expect(render(source, { parent: null, priority: null, comments: null })).toBe('[]');
});

it.each([
  ['a\n b {{ isue.title }}', 'undefined variable: isue', 11, 7],
  ['{{ issue.titel }}', 'undefined variable: issue.titel', 10, 4],
  ['a\n{% if nope %}x{% endif %}', 'undefined variable: nope', 11, 7],
  ['{% liquid\n  echo issue.nope\n%}', 'undefined variable: issue.nope', 11, 8],
  ['{{ issue.comments[7].body }}', 'undefined variable: issue.comments.7', 10, 4],
  ['{{ issue.constructor }}', 'undefined variable: issue.constructor', 10, 4],
  ['{{ issue.__proto__ }}', 'undefined variable: issue.__proto__', 10, 4],
  ['x {{ issue.title | nope }}', 'undefined filter: nope', 10, 3],
])('fails %j with the place in the file', (source, text, line, column) => {
  try {
    createTemplate(prompt(source, 10)).render(variables);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(WorkflowError);
    expect(error).toMatchObject({ line, column });
    expect((error as Error).message).toBe(`/w/WORKFLOW.md:${line}:${column}: ${text}; correct the template`);
  }
});

it.each([
  ['\n{% if issue %}', /:11:1: tag .* not closed/],
  ['{{ ', /:10:1: output .* not closed/],
  ['{% nope %}', /:10:1: tag "nope" not found/],
  ['{% include "a" %}', /:10:1: the tag "include" is not supported/],
  ['{% render "/etc/passwd" %}', /:10:1: the tag "render" is not supported/],
  ['{% layout "a" %}', /:10:1: the tag "layout" is not supported/],
  ['{% if true %}'.repeat(101) + '{% endif %}'.repeat(101), /:10: nested more than 100 deep/],
  ['{{ ' + 'issue['.repeat(2000), /:10: nested more than 100 deep/],
  [`{% liquid\n${'if true\n'.repeat(5000)}%}`, /:10: nested more than 100 deep/],
  ['{% if true %}'.repeat(80_000), /:10: nested more than 100 deep/],
])('refuses to parse %j', (source, message) => {
  expect(() => createTemplate(prompt(source, 10))).toThrow(message);
  expect(() => createTemplate(prompt(source, 10))).toThrow(
    expect.objectContaining({ kind: 'template_parse_error' }),
  );
});

it('is the render function of the worker, and answers "" for nothing', async () => {
  const template = prompt('{% unless run.is_continuation %}{{ issue.title }}{% endunless %}');
  expect(await renderPrompt(template, variables)).toBe('A sample issue');
  const run = { turnNumber: 2, maxTurns: 5, isContinuation: true };
  expect(await renderPrompt(template, { ...variables, run })).toBe('');
  await expect(renderPrompt(prompt('{{ nope }}'), variables)).rejects.toMatchObject({
    kind: 'template_render_error',
  });
});

it('prints any issue text as it is, whatever it looks like, and through every list', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          '{{ issue.id }}',
          '{% raw %}',
          '{%',
          '%}',
          '{{',
          '}}',
          '{% endfor %}',
          '{% assign issue = 1 %}',
          '| nope',
          '\n',
          "'",
          '"',
          '$HOME',
          '---',
        ),
      )
      .map((parts) => parts.join('')),
  );
  const template = createTemplate(
    prompt(
      '<{{ issue.title }}|{{ issue.description }}|{% for c in issue.comments %}{{ c.body }}{% endfor %}|{% for l in issue.labels %}{{ l }}{% endfor %}|{{ issue.parent.identifier }}|{% capture x %}{{ issue.state }}{% endcapture %}{{ x }}>',
    ),
  );
  fc.assert(
    fc.property(hostile, hostile, (one, two) => {
      const issue: Issue = {
        ...variables.issue,
        title: one,
        description: two,
        comments: [{ id: '1', author: one, body: two, createdAt: '' }],
        labels: [one],
        parent: { id: '1', identifier: two },
        state: one,
      };
      expect(template.render({ ...variables, issue })).toBe(`<${one}|${two}|${two}|${one}|${two}|${one}>`);
    }),
  );
});

it('leaves the issue that it was given as it was', () => {
  const before = structuredClone(variables);
  render('{% increment run %}{% assign attempt = 7 %}{{ issue.labels | push: "x" | reverse | join }}');
  expect(variables).toEqual(before);
});
