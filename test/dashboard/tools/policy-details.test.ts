// `field=value` a line as an agent's details, and the lists of operations that the page goes by.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MESSAGE_OPERATIONS,
  READ_OPERATIONS,
  TOOL_OPERATIONS,
  WRITE_OPERATIONS,
} from '../../../src/contract/tool-operations.ts';
import { operationGroups, operationWords } from '../../../src/dashboard/tools/operations.ts';
import { detailFields, exampleFor, readDetails } from '../../../src/dashboard/tools/policy-details.ts';

describe('fields that are typed', () => {
  it.each([
    ['create_issue', '', {}],
    ['create_issue', ' priority = High \r\nsummary=a=b', { priority: 'High', summary: 'a=b' }],
    ['create_issue', 'labels=a, b,,\ncomponents=', { labels: ['a', 'b'], components: [] }],
    ['create_issue', 'summary=404\npriority=null', { summary: '404', priority: 'null' }],
    [
      'create_issues',
      'issueCount=4\nissues=[{"summary":"A"}]',
      { issueCount: 4, issues: [{ summary: 'A' }] },
    ],
    ['update_issue', 'customFields={"Points":3}', { customFields: { Points: 3 } }],
    ['fetch_issue', 'issueKey=SHOP-1', { issueKey: 'SHOP-1' }],
  ])('of %s: %j', (operation, text, details) => {
    expect(readDetails(operation, text)).toEqual({ kind: 'details', details });
  });

  it.each([
    ['add_comment', 'body', 'Line 1: expected field=value, e.g. priority=High.'],
    ['add_comment', '\n=x', 'Line 2: expected field=value, e.g. priority=High.'],
    ['add_comment', 'body=a\nbody=b', 'Line 2: body is said twice.'],
    ['add_comment', '__proto__=x', 'Line 1: add_comment has no field “__proto__”.'],
    ['search_issues', 'constructor=x', 'Line 1: search_issues has no field “constructor”.'],
    ['create_issues', 'issueCount=four', 'Line 1: issueCount takes JSON, e.g. 4.'],
  ])('that cannot be: of %s %j', (operation, text, message) => {
    expect(readDetails(operation, text)).toEqual({ kind: 'fault', message });
  });

  it('are read or refused, whatever they are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TOOL_OPERATIONS, 'constructor'), fc.string(), (operation, text) => {
        const read = readDetails(operation, text);
        if (read.kind === 'fault') expect(read.message).toMatch(/^Line \d+: /);
        else {
          const known = detailFields(operation).map(({ name }) => name);
          expect(known).toEqual(expect.arrayContaining(Object.keys(read.details)));
        }
      }),
    );
  });

  it.each(TOOL_OPERATIONS)('have an example that can be read: %s', (operation) => {
    expect(readDetails(operation, exampleFor(operation)).kind).toBe('details');
  });
});

describe('the operations', () => {
  it('are those that there are', () => {
    expect(operationGroups.map(({ operations }) => operations)).toEqual([
      WRITE_OPERATIONS,
      READ_OPERATIONS,
      MESSAGE_OPERATIONS,
    ]);
  });

  it('are said in few words, each of them once', () => {
    const texts = (operations: readonly string[]) => operationWords(operations).map(({ text }) => text);
    expect(texts(WRITE_OPERATIONS)).toEqual(['all writes']);
    expect(texts([...READ_OPERATIONS, 'add_comment'])).toEqual(['all reads', 'add_comment']);
    expect(texts(WRITE_OPERATIONS.slice(1))).toEqual(WRITE_OPERATIONS.slice(1));
    expect(texts(['new_one', 'notify_operator'])).toEqual(['new_one', 'notify_operator']);
  });
});
