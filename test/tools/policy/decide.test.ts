// What the policy says: the first rule that matches, else the default for what is asked; and the words for it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TOOL_OPERATIONS, isWriteOperation } from '../../../src/contract/tool-operations.ts';
import { TOOL_DECISIONS, type ToolRule } from '../../../src/contract/tool-policy.ts';
import { ruleMatches } from '../../../src/contract/tool-policy-match.ts';
import { decide, describeRule } from '../../../src/tools/policy/index.ts';
import { toolRule, toolSettings } from '../../workflow/tool-settings.ts';
import { never, rulesFrom, someFacts, someRule } from './some-rules.ts';

it('lets the first rule that matches decide, and says which it was', () => {
  fc.assert(
    fc.property(fc.array(someRule, { maxLength: 8 }), someFacts, (all, facts) => {
      const rules = rulesFrom(all);
      const verdict = decide(toolSettings({ rules }), facts, never);
      const first = rules.find((rule) => ruleMatches(rule, facts));
      expect(verdict.ruleNumber).toBe(first?.number ?? 0);
      if (first !== undefined) {
        expect(verdict.rule).toBe(`rule ${first.number}`);
        if (isWriteOperation(facts.operation)) expect(verdict.decision).toBe(first.decision);
      }
    }),
  );
});

it('never changes what was decided by a rule when another is added at the end', () => {
  fc.assert(
    fc.property(fc.array(someRule, { maxLength: 6 }), someRule, someFacts, (all, more, facts) => {
      const before = decide(toolSettings({ rules: rulesFrom(all) }), facts, never);
      const after = decide(toolSettings({ rules: rulesFrom([...all, more]) }), facts, never);
      if (before.ruleNumber !== 0) expect(after).toEqual(before);
      else expect([0, all.length + 1]).toContain(after.ruleNumber);
    }),
  );
});

it('has separate defaults for reads and for writes, and none for messages, which are allowed', () => {
  const decision = fc.constantFrom(...TOOL_DECISIONS);
  fc.assert(
    fc.property(
      fc.constantFrom('allow' as const, 'deny' as const),
      decision,
      fc.constantFrom(...TOOL_OPERATIONS),
      (readDefault, writeDefault, operation) => {
        const facts = { operation, fields: {}, to: [] };
        const said = decide(toolSettings({ readDefault, writeDefault }), facts, never);
        const [expected, rule] = isWriteOperation(operation)
          ? [writeDefault, 'default for writes']
          : operation === 'notify_operator'
            ? ['allow', 'default for messages']
            : [readDefault, 'default for reads'];
        expect(said).toEqual({ decision: expected, rule, ruleNumber: 0, group: '', limitExceeded: null });
      },
    ),
  );
});

it('denies what a person would have to allow but nobody can be asked about', () => {
  const rules = [toolRule({ operations: ['fetch_issue', 'notify_operator'], decision: 'approve' })];
  for (const operation of ['fetch_issue', 'notify_operator', 'get_user'] as const) {
    const settings = toolSettings({ rules, readDefault: 'approve' });
    expect(decide(settings, { operation, fields: {}, to: [] }, never).decision).toBe('deny');
  }
});

function holds(
  change: Partial<ToolRule>,
  fields: Record<string, readonly string[]>,
  to: readonly string[] = [],
) {
  const rule = toolRule({ operations: ['update_issue', 'transition_issue'], ...change });
  return ruleMatches(rule, { operation: to.length > 0 ? 'transition_issue' : 'update_issue', fields, to });
}

it('takes any of several words for one thing', () => {
  expect(
    holds({ when: { assignee: ['ann@x.example'] } }, { assignee: ['5b10', 'ann', 'ann@x.example'] }),
  ).toBe(true);
  expect(holds({ to: ['done'] }, {}, ['close issue', 'done'])).toBe(true);
  expect(holds({ to: ['done'] }, {}, ['reopen', 'open'])).toBe(false);
});

it('needs every condition to hold, and none holds for what is not given', () => {
  const when = { priority: ['high'], issue: ['own'] };
  expect(holds({ when }, { priority: ['high'], issue: ['own'] })).toBe(true);
  expect(holds({ when }, { priority: ['high'], issue: ['other'] })).toBe(false);
  expect(holds({ when }, { issue: ['own'] })).toBe(false);
  expect(holds({ when: { labels: ['a'] } }, { labels: [] })).toBe(false);
});

it('allows only what is listed, and restricts as soon as one thing is', () => {
  for (const field of ['labels', 'components', 'fields'] as const) {
    const when = { [field]: ['a', 'b'] };
    const both = { [field]: ['a', 'c'] };
    expect(holds({ when, decision: 'allow' }, { [field]: ['b', 'a'] })).toBe(true);
    expect(holds({ when, decision: 'allow' }, both)).toBe(false);
    expect(holds({ when, decision: 'approve' }, both)).toBe(true);
    expect(holds({ when, decision: 'deny' }, both)).toBe(true);
    expect(holds({ when, decision: 'deny' }, { [field]: ['c'] })).toBe(false);
  }
});

it('holds no condition that an operation cannot be relied upon to have, even where it is given', () => {
  const rule = toolRule({ operations: ['fetch_issue', 'search_issues'], when: { project: ['eng'] } });
  const facts = { fields: { project: ['eng'] }, to: [] };
  expect(ruleMatches(rule, { ...facts, operation: 'fetch_issue' })).toBe(true);
  expect(ruleMatches(rule, { ...facts, operation: 'search_issues' })).toBe(false);
});

it('knows a custom field by its id and by its name', () => {
  const facts = {
    operation: 'update_issue' as const,
    fields: { fields: ['customfield_10016', 'summary'] },
    aliases: { customfield_10016: 'story points' },
    to: [],
  };
  const rule = (listed: string[]) => toolRule({ operations: ['update_issue'], when: { fields: listed } });
  expect(ruleMatches(rule(['story points', 'summary']), facts)).toBe(true);
  expect(ruleMatches(rule(['customfield_10016', 'summary']), facts)).toBe(true);
  expect(ruleMatches(rule(['story points']), facts)).toBe(false);
  expect(ruleMatches({ ...rule(['story points']), decision: 'deny' }, facts)).toBe(true);
});

it('holds a rule for one creation against each issue of many, and not the reverse', () => {
  const facts = { operation: 'create_issues' as const, fields: {}, to: [] };
  expect(ruleMatches(toolRule({ operations: ['create_issue'] }), facts)).toBe(true);
  expect(
    ruleMatches(toolRule({ operations: ['create_issues'] }), { ...facts, operation: 'create_issue' }),
  ).toBe(false);
});

it('describes a rule in one line that says all of it', () => {
  expect(
    describeRule(
      toolRule({
        number: 3,
        name: 'urgent',
        operations: ['create_issue'],
        decision: 'approve',
        group: 'leads',
        when: { priority: ['highest', 'high'], issue: ['other'] },
        limit: { count: 5, per: 'run' },
      }),
    ),
  ).toBe(
    'rule 3 (urgent): approve by leads: create_issue when priority is highest or high and issue is other, at most 5/run',
  );
  expect(describeRule(toolRule({ operations: ['transition_issue'], decision: 'deny', to: ['done'] }))).toBe(
    'rule 1: deny: transition_issue to done',
  );
  expect(describeRule(toolRule({ operations: ['add_labels'], when: { labels: ['a', 'b'] } }))).toBe(
    'rule 1: allow: add_labels when labels are all among a, b',
  );
  expect(describeRule(toolRule({ operations: TOOL_OPERATIONS }))).toBe('rule 1: allow: all');
});
