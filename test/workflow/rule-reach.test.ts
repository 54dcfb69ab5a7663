// Rules that can never match: exactly those that decide no action of a small world, whatever the rules are; and a rule
// that is named as the reason is one.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ToolOperation } from '../../src/contract/tool-operations.ts';
import type { ConditionField, ToolRule } from '../../src/contract/tool-policy.ts';
import { CONDITIONS_OF, issueValues, type MatchFacts } from '../../src/contract/tool-policy-match.ts';
import { decide } from '../../src/tools/policy/index.ts';
import { unreachableRules } from '../../src/workflow/rule-reach.ts';
import { toolRule, toolSettings } from './tool-settings.ts';

const operations = [
  'create_issue',
  'create_issues',
  'update_issue',
  'add_labels',
  'transition_issue',
  'search_issues',
] as const satisfies readonly ToolOperation[];
const never = { count: () => 0 };

function subsets<Value>(values: readonly Value[]): Value[][] {
  return values.reduce<Value[][]>((all, value) => [...all, ...all.map((one) => [...one, value])], [[]]);
}

/** Every action there can be: each field absent, with the words that rules use, and with one that none uses. */
const everyAction: readonly MatchFacts[] = operations.flatMap((operation) => {
  const has = (field: ConditionField): boolean => CONDITIONS_OF[operation].includes(field);
  const issues = has('issue') ? issueValues(operation).map((one) => [one]) : [[]];
  const priorities = has('priority') ? subsets(['high', 'low', 'odd']) : [[]];
  const labels = has('labels') ? subsets(['x', 'y', 'z']) : [[]];
  const targets = operation === 'transition_issue' ? subsets(['done', 'open', 'odd']) : [[]];
  return issues.flatMap((issue) =>
    priorities.flatMap((priority) =>
      labels.flatMap((label) =>
        targets.map((to) => ({ operation, to, fields: { issue, priority, labels: label } })),
      ),
    ),
  );
});

const words = <Value extends string>(...all: Value[]) => fc.subarray(all, { minLength: 1 });
const someRule: fc.Arbitrary<ToolRule> = fc
  .record({
    operations: words(...operations),
    decision: fc.constantFrom('allow', 'approve', 'deny'),
    to: fc.option(words('done', 'open'), { freq: 3 }),
    when: fc.record(
      { issue: words('own', 'other'), priority: words('high', 'low'), labels: words('x', 'y') },
      { requiredKeys: [] },
    ),
  })
  .map((change) => toolRule(change));
const someRules = fc
  .array(someRule, { minLength: 1, maxLength: 6 })
  .map((rules) => rules.map((rule, index) => ({ ...rule, number: index + 1 })));

/** Rules that ask little of one operation: such ones often take everything together. */
const plainRules = fc
  .array(fc.constantFrom({ issue: ['own'] }, { issue: ['other'] }, { priority: ['high'] }, {}), {
    minLength: 3,
    maxLength: 6,
  })
  .map((all) =>
    all.map((when, index) => toolRule({ number: index + 1, operations: ['update_issue'], when })),
  );

function decidingRules(rules: readonly ToolRule[]): Set<number> {
  return new Set(everyAction.map((facts) => decide(toolSettings({ rules }), facts, never).ruleNumber));
}

it('finds exactly the rules that decide nothing', () => {
  let found = 0;
  fc.assert(
    fc.property(someRules, (rules) => {
      const deciding = decidingRules(rules);
      const unreachable = unreachableRules(rules).map(({ rule }) => rule.number);
      found += unreachable.length;
      expect(unreachable).toEqual(rules.map(({ number }) => number).filter((one) => !deciding.has(one)));
    }),
    { numRuns: 400 },
  );
  expect(found).toBeGreaterThan(50);
});

it('names as the reason rules that suffice, and none that can be left out', () => {
  let several = 0;
  fc.assert(
    fc.property(fc.oneof(someRules, plainRules), (rules) => {
      for (const { rule, shadowedBy } of unreachableRules(rules)) {
        expect(shadowedBy.every((one) => one.number < rule.number)).toBe(true);
        expect(decidingRules([...shadowedBy, rule]).has(rule.number)).toBe(false);
        for (const one of shadowedBy) {
          const rest = [...shadowedBy.filter((other) => other !== one), rule];
          expect(decidingRules(rest).has(rule.number)).toBe(true);
        }
        if (shadowedBy.length > 1) several += 1;
      }
    }),
    { numRuns: 300 },
  );
  expect(several).toBeGreaterThan(5);
});

function unreachable(...changes: Partial<ToolRule>[]): string[] {
  const rules = changes.map((change, index) => toolRule({ ...change, number: index + 1 }));
  return unreachableRules(rules).map(
    ({ rule, shadowedBy }) => `${rule.number}: ${shadowedBy.map(({ number }) => number).join()}`,
  );
}
const labels = (...listed: string[]) => ({ operations: ['add_labels'] as const, when: { labels: listed } });

it('knows that a set of labels may hold some that a rule lists and some that it does not', () => {
  // Every add of x or y is denied before; what is left holds neither.
  expect(
    unreachable(
      { ...labels('x', 'y'), decision: 'deny' },
      { ...labels('x'), decision: 'approve' },
      { ...labels('z') },
    ),
  ).toEqual(['2: 1']);
  // x alone is allowed, x with others goes on to the second.
  expect(unreachable({ ...labels('x') }, { ...labels('x'), decision: 'approve' })).toEqual([]);
  // What holds only x or y is allowed by the first: nothing but that is what the second would allow.
  expect(unreachable({ ...labels('x', 'y') }, { ...labels('x') })).toEqual(['2: 1']);
  // x and y together pass the first two, each of which wants its own alone.
  expect(unreachable({ ...labels('x') }, { ...labels('y') }, { ...labels('x', 'y') })).toEqual([]);
  expect(
    unreachable(
      { ...labels('x'), decision: 'deny' },
      { ...labels('y'), decision: 'deny' },
      { ...labels('x', 'y') },
    ),
  ).toEqual(['3: 1,2']);
});

it('knows that an issue is the own one or another, and that one to be made is another', () => {
  expect(unreachable({ when: { issue: ['own'] } }, { when: { issue: ['other'] } }, {})).toEqual(['3: 1,2']);
  expect(unreachable({ operations: ['create_issue'], when: { issue: ['own'] } })).toEqual(['1: ']);
  expect(
    unreachable(
      { operations: ['create_issue'], when: { issue: ['other'] } },
      { operations: ['create_issue'] },
    ),
  ).toEqual(['2: 1']);
});

it('counts a rule for single creations as one for many, and not the reverse', () => {
  expect(unreachable({ operations: ['create_issue'] }, { operations: ['create_issues'] })).toEqual(['2: 1']);
  expect(unreachable({ operations: ['create_issues'] }, { operations: ['create_issue'] })).toEqual([]);
});

it('names one rule that suffices alone rather than several that do together', () => {
  const [own, other] = [{ when: { issue: ['own'] } }, { when: { issue: ['other'] } }];
  expect(unreachable(own, {}, other, {})).toEqual(['3: 2', '4: 2']);
});

it('answers soon, and reports nothing that it is not sure of, when there are many words', () => {
  const many = Array.from({ length: 120 }, (_, index) => `label-${index}`);
  const rules = Array.from({ length: 200 }, (_, index) =>
    toolRule({
      number: index + 1,
      operations: ['add_labels', 'update_issue', 'create_issue'],
      decision: index % 3 === 0 ? 'allow' : 'deny',
      when: {
        labels: many.filter((_label, at) => (at * 7 + index) % 5 > 1),
        components: many.filter((_label, at) => (at * 11 + index) % 7 > 2),
      },
    }),
  ).map((rule) => (rule.number % 2 === 0 ? { ...rule, operations: ['update_issue'] as const } : rule));
  const startedAt = performance.now();
  for (const { rule, shadowedBy } of unreachableRules(rules)) expect(shadowedBy).not.toContain(rule);
  expect(performance.now() - startedAt).toBeLessThan(30_000);
});
