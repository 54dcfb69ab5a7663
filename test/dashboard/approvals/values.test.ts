// The small words of a proposal: lists with what comes and goes, refusals by field, filters by address.
import { describe, expect, it } from 'vitest';
import { readFilters, writeFilters } from '../../../src/dashboard/approvals/approval-filters.ts';
import { beforeOf, listParts, shortValue } from '../../../src/dashboard/approvals/before-values.ts';
import { fieldsOf } from '../../../src/dashboard/approvals/fields.ts';
import { isSameJson } from '../../../src/dashboard/approvals/json-values.ts';
import { wordsByField } from '../../../src/dashboard/approvals/refusal.ts';
import { WRITE_OPERATIONS } from '../../../src/contract/tool-operations.ts';
import { detailsSchemas } from '../../../src/tools/operations/details.ts';

const fates = (...given: Parameters<typeof listParts>): string[] =>
  listParts(...given).map(({ text, fate }) => `${text} ${fate}`);

describe('a list beside what stands there', () => {
  it('is replaced, added to or taken from, as the operation means it', () => {
    expect(fates('update_issue', ['a', 'b'], ['b', 'c'])).toEqual(['a goes', 'b stays', 'c comes']);
    expect(fates('add_labels', ['a'], ['a', 'b'])).toEqual(['a stays', 'b comes']);
    expect(fates('remove_labels', ['a', 'b'], ['b'])).toEqual(['a stays', 'b goes']);
    expect(fates('create_issue', undefined, ['a'])).toEqual(['a stays']);
    expect(fates('update_issue', null, ['a'])).toEqual(['a comes']);
  });
});

describe('what stands there', () => {
  it('is the state for a move, and no inherited name', () => {
    const before = { at: '', state: 'To Do', updated_at: '', fields: { labels: ['a'] } };
    expect(beforeOf({ action: 'transition_issue', before }, 'to')).toBe('To Do');
    expect(beforeOf({ action: 'update_issue', before }, 'labels')).toEqual(['a']);
    expect(beforeOf({ action: 'update_issue', before }, 'constructor')).toBeUndefined();
    expect(beforeOf({ action: 'create_issue', before: null }, 'labels')).toBeUndefined();
  });

  it('is said in a word', () => {
    expect([undefined, null, '', 'x', [], ['a', 'b'], 5, { a: [1] }].map(shortValue)).toEqual([
      'not set',
      'nobody',
      'empty',
      'x',
      'none',
      'a, b',
      '5',
      '{"a":[1]}',
    ]);
  });
});

describe('the fields of each operation', () => {
  it('are those that the daemon takes', () => {
    for (const operation of WRITE_OPERATIONS) {
      const schema = detailsSchemas[operation] as unknown as { readonly shape: Record<string, unknown> };
      const known = Object.keys(schema.shape).filter((name) => name !== 'issues' && name !== 'issueCount');
      expect(
        fieldsOf(operation, {})
          .map(({ name }) => name)
          .sort(),
      ).toEqual(known.sort());
    }
  });

  it('are edited by what they hold', () => {
    const kinds = fieldsOf('create_issue', {
      summary: 'a\nb',
      priority: 3,
      labels: 'odd',
      description: 'x',
      customFields: {},
      later: [],
    });
    expect(Object.fromEntries(kinds.map(({ name, kind }) => [name, kind]))).toMatchObject({
      summary: 'text',
      priority: 'json',
      labels: 'line',
      description: 'text',
      customFields: 'json',
      components: 'list',
      later: 'list',
    });
  });
});

describe('a refusal', () => {
  it('stands with the fields that it names', () => {
    const message =
      'create_issues: issues.3.labels.0: is blank; priority: is blank; priority: too long; and 2 more';
    const words = wordsByField({ code: 'invalid_details', message });
    expect([...words]).toEqual([
      ['issues.3.labels', 'is blank'],
      ['priority', 'is blank; too long'],
    ]);
    expect(wordsByField({ code: 'policy_denied', message }).size).toBe(0);
  });
});

describe('the filters', () => {
  it('survive the address, and what nobody knows is no filter', () => {
    expect(readFilters(writeFilters({ status: 'pending', identifier: 'A&B 1' }))).toEqual({
      status: 'pending',
      identifier: 'A&B 1',
    });
    expect(readFilters('?status=nonsense&other=1')).toEqual({ status: '', identifier: '' });
    expect(writeFilters({ status: '', identifier: '' })).toBe('');
  });
});

describe('equal JSON', () => {
  it('has the same fields, in any order, and nothing inherited', () => {
    expect(isSameJson({ a: 1, b: [{}] }, { b: [{}], a: 1 })).toBe(true);
    expect(isSameJson({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(isSameJson([1], { 0: 1 })).toBe(false);
    expect(isSameJson(JSON.parse('{"__proto__":1}') as never, { toString: 1 } as never)).toBe(false);
  });
});
