// What a person makes of the details of a proposal, and what counts as changed.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonMap } from '../../src/contract/tool-operations.ts';
import { checkAction } from '../../src/tools/operations/details.ts';
import { editDetails } from '../../src/tools/operations/edit-details.ts';
import { newIssuesOf } from '../../src/tools/operations/new-issues.ts';

const bulk = {
  projectKey: 'ENG',
  issueType: 'Bug',
  priority: 'High',
  issueCount: 3,
  issues: [{ summary: 'a' }, { summary: 'b', priority: 'Low' }, { summary: 'c' }],
};

it('replaces what is given and takes out what is null', () => {
  const details = { projectKey: 'ENG', issueType: 'Bug', summary: 'x', priority: 'High' };
  const { details: edited, changed } = editDetails('create_issue', details, { summary: 'y', priority: null });
  expect(edited).toEqual({ projectKey: 'ENG', issueType: 'Bug', summary: 'y' });
  expect(changed).toEqual({ summary: 'y', priority: null });
});

it('takes giving back what stood there for no change', () => {
  expect(editDetails('create_issues', bulk, structuredClone(bulk)).changed).toBeNull();
  expect(editDetails('create_issues', bulk, {}).changed).toBeNull();
});

it('keeps the first so many of a bulk, each with what is said for all', () => {
  const { details } = editDetails('create_issues', bulk, { issueCount: 2 });
  const made = newIssuesOf(checkAction('create_issues', details) as never);
  expect(made).toEqual([
    { projectKey: 'ENG', issueType: 'Bug', priority: 'High', summary: 'a' },
    { projectKey: 'ENG', issueType: 'Bug', priority: 'Low', summary: 'b' },
  ]);
});

it('counts a replaced list by its length, unless a count is given too', () => {
  const issues = [{ summary: 'only' }];
  expect(editDetails('create_issues', bulk, { issues }).changed).toEqual({ issues, issueCount: 1 });
  const { details } = editDetails('create_issues', bulk, { issues, issueCount: 2 });
  expect(() => checkAction('create_issues', details)).toThrow('is more than `issues` holds');
});

it('knows that assigning to nobody is a value', () => {
  const { details } = editDetails('assign_issue', { issueKey: 'ENG-1', assignee: 'Ann' }, { assignee: null });
  expect(checkAction('assign_issue', details).details).toEqual({ issueKey: 'ENG-1', assignee: null });
});

it('says exactly what changed: applied to the details again, it gives the same', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.string()));
  const map = fc.dictionary(fc.string(), value) as fc.Arbitrary<JsonMap>;
  fc.assert(
    fc.property(map, map, (details, edits) => {
      const once = editDetails('create_issue', details, edits);
      const again = editDetails('create_issue', details, once.changed ?? {});
      expect(again).toEqual(once);
    }),
  );
});
