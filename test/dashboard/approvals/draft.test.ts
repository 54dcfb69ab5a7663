// What a person makes of a proposal is sent as the API takes it: only what differs, and what the daemon makes of it is
// what the page showed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applied,
  currentOf,
  edit,
  keep,
  keepFirst,
  modifiedOf,
  newDraft,
  putBack,
  sayForAll,
  sayThemselves,
  type Asked,
  type Draft,
} from '../../../src/dashboard/approvals/draft.ts';
import { decisionOf } from '../../../src/dashboard/approvals/decision.ts';
import type { WireJson, WireJsonMap } from '../../../src/dashboard/wire-tools.ts';
import type { JsonMap, WriteAction } from '../../../src/contract/tool-operations.ts';
import { editDetails } from '../../../src/tools/operations/edit-details.ts';
import { newIssuesOf } from '../../../src/tools/operations/new-issues.ts';

const bulk: Asked = {
  action: 'create_issues',
  details: {
    projectKey: 'SHOP',
    issueType: 'Bug',
    priority: 'High',
    issueCount: 4,
    issues: [
      { summary: 'one' },
      { summary: 'two', priority: 'Low' },
      { summary: 'three', labels: ['a'] },
      { summary: 'four' },
    ],
  },
};
const set = (draft: Draft, asked: Asked, name: string, value: WireJson): Draft =>
  edit(draft, asked, { place: null, name, value });

describe('a draft', () => {
  it('changes nothing until something is changed, and nothing when all is put back', () => {
    const draft = newDraft(bulk);
    expect(modifiedOf(draft, bulk)).toEqual({});
    const changed = keep(set(draft, bulk, 'priority', 'Medium'), 1, false);
    expect(modifiedOf(putBack(keep(changed, 1, true), null, 'priority'), bulk)).toEqual({});
    expect(modifiedOf(set(changed, bulk, 'priority', 'High'), bulk)).not.toHaveProperty('priority');
  });

  it('says how many when the first few stay, and which when others do', () => {
    expect(modifiedOf(keepFirst(newDraft(bulk), 2), bulk)).toEqual({ issueCount: 2 });
    expect(modifiedOf(keep(newDraft(bulk), 0, false), bulk)).toEqual({
      issueCount: 3,
      issues: [{ summary: 'two', priority: 'Low' }, { summary: 'three', labels: ['a'] }, { summary: 'four' }],
    });
  });

  it('gives all tickets that stay when one of them was edited, whole', () => {
    const edited = edit(keepFirst(newDraft(bulk), 2), bulk, { place: 1, name: 'summary', value: 'zwei' });
    expect(modifiedOf(edited, bulk)).toEqual({
      issueCount: 2,
      issues: [{ summary: 'one' }, { summary: 'zwei', priority: 'Low' }],
    });
    // The edit of one that is left out is not sent.
    expect(modifiedOf(keepFirst(edited, 1), bulk)).toEqual({ issueCount: 1 });
  });

  it('begins with as many tickets as were asked for', () => {
    const few = { ...bulk, details: { ...bulk.details, issueCount: 2 } };
    expect(newDraft(few).tickets.map(({ kept }) => kept)).toEqual([true, true, false, false]);
    expect(modifiedOf(newDraft(few), few)).toEqual({});
    expect(modifiedOf(keepFirst(newDraft(few), 4), few)).toEqual({ issueCount: 4 });
  });

  it('takes a field out with null, but an assignment to nobody is a value', () => {
    expect(modifiedOf(set(newDraft(bulk), bulk, 'priority', null), bulk)).toEqual({ priority: null });
    expect(modifiedOf(set(newDraft(bulk), bulk, 'components', null), bulk)).toEqual({});
    const assign: Asked = { action: 'assign_issue', details: { issueKey: 'A-1', assignee: 'ben' } };
    const nobody = set(newDraft(assign), assign, 'assignee', null);
    expect(modifiedOf(nobody, assign)).toEqual({ assignee: null });
    expect(currentOf(nobody, assign, null, 'assignee')).toBeNull();
    const back: Asked = { action: 'assign_issue', details: { issueKey: 'A-1', assignee: null } };
    expect(modifiedOf(set(newDraft(back), back, 'assignee', 'ben'), back)).toEqual({ assignee: 'ben' });
  });

  it('lets what is said for all hold for those that said something else', () => {
    const all = set(newDraft(bulk), bulk, 'priority', 'Medium');
    expect(sayThemselves(all, bulk, 'priority')).toBe(1);
    const said = sayForAll(all, bulk, 'priority');
    expect(sayThemselves(said, bulk, 'priority')).toBe(0);
    expect(modifiedOf(said, bulk)).toMatchObject({
      priority: 'Medium',
      issues: [{}, { summary: 'two' }, {}, {}],
    });
    expect((modifiedOf(said, bulk)['issues'] as WireJsonMap[])[1]).not.toHaveProperty('priority');
  });

  it('of another operation that happens to hold issues is no list of tickets', () => {
    const odd: Asked = { action: 'create_issues', details: { issues: ['one', 2], issueCount: 2 } };
    expect(newDraft(odd).tickets).toEqual([]);
    expect(modifiedOf(newDraft(odd), odd)).toEqual({});
  });
});

describe('a decision', () => {
  it('sends only what differs, and no change of what is rejected', () => {
    expect(decisionOf('approved', {}, '  ')).toEqual({ status: 'approved' });
    expect(decisionOf('approved', { priority: null }, ' x ')).toEqual({
      status: 'approved',
      modifiedDetails: { priority: null },
      decisionNote: 'x',
    });
    expect(decisionOf('rejected', { priority: 'Low' }, '')).toEqual({ status: 'rejected' });
  });
});

const name = fc.constantFrom(
  'summary',
  'description',
  'priority',
  'labels',
  'customFields',
  '__proto__',
  'constructor',
);
const value = fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 3 }), fc.constant({ cf: 1 }));
const step = fc.oneof(
  fc.record({ kind: fc.constant('edit'), place: fc.option(fc.nat(3)), name, value: fc.option(value) }),
  fc.record({ kind: fc.constant('keep'), place: fc.nat(3), kept: fc.boolean() }),
  fc.record({ kind: fc.constant('first'), count: fc.integer({ min: 1, max: 4 }) }),
);

describe('whatever is done to a draft', () => {
  it('the daemon makes of it what the page showed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let draft = newDraft(bulk);
        for (const one of steps) {
          if ('kept' in one) draft = keep(draft, one.place, one.kept);
          else if ('count' in one) draft = keepFirst(draft, one.count);
          else draft = edit(draft, bulk, { place: one.place, name: one.name, value: one.value });
        }
        fc.pre(draft.tickets.some(({ kept }) => kept));
        const sent = JSON.parse(JSON.stringify(modifiedOf(draft, bulk))) as JsonMap;
        const { details, changed } = editDetails('create_issues', bulk.details, sent);
        const made = newIssuesOf({ operation: 'create_issues', details } as unknown as Extract<
          WriteAction,
          { operation: 'create_issues' }
        >);
        const common = applied(bulk.details, draft.fields);
        const { issues, issueCount: _, ...rest } = common;
        const shown = (issues as WireJsonMap[]).flatMap((ticket, at) => {
          const { kept, fields } = draft.tickets[at] ?? { kept: false, fields: {} };
          return kept ? [{ ...rest, ...applied(ticket, fields) }] : [];
        });
        expect(made).toEqual(shown);
        // Nothing is sent that the daemon would not call a change.
        expect(new Set(Object.keys(sent))).toEqual(new Set(Object.keys(changed ?? {})));
      }),
    );
  });
});
