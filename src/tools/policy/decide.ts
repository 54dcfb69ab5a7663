// What the policy says to an action: the first rule that matches, else the default for reads or for writes. Pure: how
// often a rule was used is asked of the caller. What only a person could allow, but nobody can be asked about, is denied.

import { isWriteOperation, type ToolOperation } from '../../contract/tool-operations.ts';
import type { PolicyVerdict, RuleLimit, ToolDecision, ToolSettings } from '../../contract/tool-policy.ts';
import { ruleMatches } from '../../contract/tool-policy-match.ts';
import type { ActionFacts, RuleUse } from '../ports.ts';
import { defaultLabel, ruleLabel } from './describe-rule.ts';

export function decide(settings: ToolSettings, facts: ActionFacts, use: RuleUse): PolicyVerdict {
  const { operation } = facts;
  const rule = settings.rules.find((one) => ruleMatches(one, facts));
  if (rule === undefined) {
    const decision = possible(operation, defaultFor(settings, operation));
    return { decision, rule: defaultLabel(operation), ruleNumber: 0, group: '', limitExceeded: null };
  }
  const { number, limit } = rule;
  const decision = possible(operation, rule.decision);
  const isUsedUp = decision !== 'deny' && limit !== null && use.count(number, limit.per) >= limit.count;
  return {
    decision,
    rule: ruleLabel(rule),
    ruleNumber: number,
    group: decision === 'approve' ? rule.group : '',
    limitExceeded: isUsedUp ? limit : null,
  };
}

/**
 * Of several things that are asked for as one: the strictest verdict, and of equal ones the first. Each counts for the
 * limit of its rule. Two that only different groups may allow are denied, since one person's yes cannot be both.
 */
export function decideAll(
  settings: ToolSettings,
  facts: readonly ActionFacts[],
  use: RuleUse,
): PolicyVerdict {
  const counting = countingOn(use);
  const verdicts = facts.map((one) => {
    const verdict = decide(settings, one, counting);
    counting.took(verdict.ruleNumber);
    return verdict;
  });
  const [first] = verdicts;
  if (first === undefined) throw new Error('invariant: the policy was asked about nothing');
  const strictest = verdicts.reduce(
    (found, one) => (strictness(one) > strictness(found) ? one : found),
    first,
  );
  if (strictest.decision !== 'approve' || strictest.limitExceeded !== null) return strictest;
  return withOneGroup(strictest, verdicts);
}

function withOneGroup(strictest: PolicyVerdict, verdicts: readonly PolicyVerdict[]): PolicyVerdict {
  const asked = verdicts.filter(({ decision, group }) => decision === 'approve' && group !== '');
  const [first] = asked;
  if (first === undefined) return strictest;
  const other = asked.find(({ group }) => group !== first.group);
  if (other === undefined) return first;
  const rule = `${first.rule} asks ${first.group}, and ${other.rule} asks ${other.group}: ask for them one by one`;
  return { ...first, decision: 'deny', rule, group: '' };
}

/** A limit that is used up refuses what a person could otherwise allow. */
function strictness({ decision, limitExceeded }: PolicyVerdict): number {
  if (decision === 'deny') return 3;
  if (limitExceeded !== null) return 2;
  return decision === 'approve' ? 1 : 0;
}

function defaultFor(settings: ToolSettings, operation: ToolOperation): ToolDecision {
  if (isWriteOperation(operation)) return settings.writeDefault;
  return operation === 'notify_operator' ? 'allow' : settings.readDefault;
}

/** Only a write can wait for a person. The settings are refused before; this holds whatever they say. */
function possible(operation: ToolOperation, decision: ToolDecision): ToolDecision {
  return decision === 'approve' && !isWriteOperation(operation) ? 'deny' : decision;
}

interface CountingUse extends RuleUse {
  took(ruleNumber: number): void;
}

function countingOn(use: RuleUse): CountingUse {
  const more = new Map<number, number>();
  return {
    count: (ruleNumber: number, per: RuleLimit['per']) =>
      use.count(ruleNumber, per) + (more.get(ruleNumber) ?? 0),
    took: (ruleNumber) => more.set(ruleNumber, (more.get(ruleNumber) ?? 0) + 1),
  };
}
