// Limits of rules, and several things that are asked for as one.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PolicyVerdict, RuleLimit } from '../../../src/contract/tool-policy.ts';
import { decide, decideAll } from '../../../src/tools/policy/index.ts';
import type { ActionFacts, RuleUse } from '../../../src/tools/ports.ts';
import { toolRule, toolSettings } from '../../workflow/tool-settings.ts';
import { never, rulesFrom, someFacts, someRule } from './some-rules.ts';

const used = (times: number): RuleUse => ({ count: () => times });
const comment: ActionFacts = { operation: 'add_comment', fields: {}, to: [] };
const created = (priority: string): ActionFacts => ({
  operation: 'create_issues',
  fields: { priority: [priority] },
  to: [],
});

it('takes a rule as often as its limit says, and then refuses instead of trying the next rule', () => {
  const limit: RuleLimit = { count: 2, per: 'run' };
  const settings = toolSettings({ rules: rulesFrom([toolRule({ limit }), toolRule()]) });
  expect(decide(settings, comment, used(1))).toMatchObject({ decision: 'allow', limitExceeded: null });
  expect(decide(settings, comment, used(2))).toEqual({
    decision: 'allow',
    rule: 'rule 1',
    ruleNumber: 1,
    group: '',
    limitExceeded: limit,
  });
});

it('asks how often only of rules that have a limit, by their number and time', () => {
  const asked: unknown[] = [];
  const use: RuleUse = { count: (...question) => asked.push(question) * 0 };
  const limit: RuleLimit = { count: 1, per: 'hour' };
  const rules = rulesFrom([
    toolRule({ operations: ['add_labels'], limit }),
    toolRule({ limit }),
    toolRule({ operations: ['add_worklog'] }),
  ]);
  for (const operation of ['add_comment', 'add_worklog', 'link_issues'] as const) {
    decide(toolSettings({ rules }), { ...comment, operation }, use);
  }
  expect(asked).toEqual([[2, 'hour']]);
});

it('counts each issue of many for the limit of the rule that it meets', () => {
  const rules = rulesFrom([
    toolRule({ operations: ['create_issue'], when: { priority: ['low'] }, limit: { count: 3, per: 'day' } }),
    toolRule({ operations: ['create_issue'] }),
  ]);
  const settings = toolSettings({ rules });
  const ask = (...priorities: string[]): PolicyVerdict =>
    decideAll(settings, priorities.map(created), used(1));
  expect(ask('low', 'high', 'low', 'high')).toMatchObject({ limitExceeded: null, ruleNumber: 1 });
  expect(ask('low', 'low', 'high', 'low')).toMatchObject({ limitExceeded: { count: 3 }, ruleNumber: 1 });
});

it('takes the strictest verdict of several, and of equal ones the first', () => {
  const strictness = ({ decision, limitExceeded }: PolicyVerdict): number =>
    decision === 'deny' ? 3 : limitExceeded !== null ? 2 : decision === 'approve' ? 1 : 0;
  fc.assert(
    fc.property(
      fc.array(someRule, { maxLength: 5 }),
      fc.array(someFacts, { minLength: 1, maxLength: 4 }),
      (all, facts) => {
        const rules = rulesFrom(all).map((rule) => ({ ...rule, limit: null }));
        const settings = toolSettings({ rules });
        const each = facts.map((one) => decide(settings, one, never));
        const strictest = each.reduce((found, one) => (strictness(one) > strictness(found) ? one : found));
        const groups = new Set(each.filter(({ group }) => group !== '').map(({ group }) => group));
        const together = decideAll(settings, facts, never);
        if (strictest.decision === 'approve' && groups.size > 1) expect(together.decision).toBe('deny');
        else expect(together.decision).toBe(strictest.decision);
        if (together.decision === 'approve') expect(together.group).toBe([...groups][0] ?? '');
        if (together.decision !== 'approve' && groups.size < 2) expect(together).toEqual(strictest);
      },
    ),
  );
});

it('says of one thing what it says of it alone, with limits too', () => {
  fc.assert(
    fc.property(fc.array(someRule, { maxLength: 5 }), someFacts, fc.nat(4), (all, facts, times) => {
      const settings = toolSettings({ rules: rulesFrom(all) });
      expect(decideAll(settings, [facts], used(times))).toEqual(decide(settings, facts, used(times)));
    }),
  );
});

it('prefers the group that somebody asked for to none, and denies what two groups would have to allow', () => {
  const rules = rulesFrom([
    toolRule({
      operations: ['create_issue'],
      decision: 'approve',
      group: 'leads',
      when: { priority: ['high'] },
    }),
    toolRule({
      name: 'ops',
      operations: ['create_issue'],
      decision: 'approve',
      group: 'ops',
      when: { priority: ['low'] },
    }),
  ]);
  const settings = toolSettings({ rules });
  expect(decideAll(settings, [created('odd'), created('high')], never)).toMatchObject({
    decision: 'approve',
    group: 'leads',
    ruleNumber: 1,
  });
  expect(decideAll(settings, [created('low'), created('high')], never)).toEqual({
    decision: 'deny',
    rule: 'rule 2 (ops) asks ops, and rule 1 asks leads: ask for them one by one',
    ruleNumber: 2,
    group: '',
    limitExceeded: null,
  });
});

it('is a mistake of the caller to ask about nothing', () => {
  expect(() => decideAll(toolSettings(), [], never)).toThrow('invariant');
});
