// `--set field=value`: what it means, what it leaves alone, and what it refuses.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf, collectSettings, withSettings } from '../../src/cli/set-argument.ts';
import type { JsonMap } from '../../src/contract/tool-operations.ts';

const details: JsonMap = {
  summary: 'Old',
  priority: 'High',
  issueCount: 3,
  labels: ['a', 'b'],
  issues: [{ summary: 'one' }, { summary: 'two', labels: ['x'] }, { summary: 'three' }],
};

function set(...args: string[]): JsonMap {
  const settings = args.reduce(
    (before, arg) => [...collectSettings(arg, before)],
    [] as ReturnType<typeof collectSettings>,
  );
  return changesOf(details, withSettings(details, settings));
}

describe('--set', () => {
  it.each([
    [['priority=Low'], { priority: 'Low' }],
    [['priority=High'], {}],
    [['issueCount=4'], { issueCount: 4 }],
    [['summary=404'], { summary: '404' }],
    [['summary=true'], { summary: 'true' }],
    [['summary="404"'], { summary: '404' }],
    [['summary=a=b'], { summary: 'a=b' }],
    [['summary='], { summary: '' }],
    [['summary=null'], { summary: null }],
    [['labels=["c"]'], { labels: ['c'] }],
    [['labels.1=c', 'labels.2=d'], { labels: ['a', 'c', 'd'] }],
    [['labels.0=null'], { labels: ['b'] }],
    [['assignee=anna', 'assignee=ben'], { assignee: 'ben' }],
    [['customFields.points=5'], { customFields: { points: 5 } }],
    [
      ['issues.0=null', 'issues.1.summary=zwei', 'issues.2=null'],
      { issues: [{ summary: 'zwei', labels: ['x'] }] },
    ],
    [['issues.1.labels=null'], { issues: [{ summary: 'one' }, { summary: 'two' }, { summary: 'three' }] }],
    [['summary={not json'], { summary: '{not json' }],
  ])('%j gives %j', (args, changes) => {
    expect(set(...args)).toEqual(changes);
  });

  it.each([
    'priority',
    '=x',
    '.a=1',
    'a..b=1',
    'a.=1',
    '__proto__.x=1',
    'a.constructor=1',
    'prototype=1',
    '',
  ])('refuses %j', (argument) => {
    expect(() => collectSettings(argument, [])).toThrow('expected field=value');
  });

  it.each([
    ['issues.5.summary=x', 'issues.5.summary: 5 is no place of a list of 3'],
    ['issues.first=x', 'first is no place of a list'],
    ['summary.a=x', 'summary holds no fields'],
    ['issues.0.summary.a=x', 'issues.0.summary holds no fields'],
  ])('refuses %s where there is no such place', (argument, words) => {
    expect(() => set(argument)).toThrow(words);
  });

  it('never changes what it is given, nor anything that all objects have', () => {
    const before = JSON.stringify(details);
    const name = fc.constantFrom(
      'issues',
      'labels',
      '0',
      '1',
      'summary',
      'toString',
      'hasOwnProperty',
      'new',
    );
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('.'));
    fc.assert(
      fc.property(path, fc.jsonValue({ maxDepth: 2 }), (where, value) => {
        try {
          set(`${where}=${JSON.stringify(value)}`);
        } catch (error) {
          expect(String(error)).toMatch(/^Error: --set [^\n]+$/);
        }
        expect(JSON.stringify(details)).toBe(before);
        expect(Object.keys(Object.prototype)).toEqual([]);
        expect(typeof {}.toString).toBe('function');
      }),
    );
  });

  it('says only what has changed, and applied again gives the same', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
          fc.jsonValue(),
        ),
        fc.jsonValue(),
        (given, value) => {
          const before = JSON.parse(JSON.stringify(given)) as JsonMap;
          const after = withSettings(before, collectSettings(`field=${JSON.stringify(value)}`, []));
          const changes = changesOf(before, after);
          expect(Object.keys(changes).every((name) => name === 'field')).toBe(true);
        },
      ),
    );
  });
});
