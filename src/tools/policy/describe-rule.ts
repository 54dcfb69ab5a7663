// How rules, defaults and limits are named in answers, logs, the audit and `explain`: the same words everywhere, so that
// people can search for them. Text only; decides nothing.

import { isWriteOperation, MESSAGE_OPERATIONS, type ToolOperation } from '../../contract/tool-operations.ts';
import type { RuleLimit, ToolRule } from '../../contract/tool-policy.ts';
import { needsAll, OPERATION_GROUPS } from '../../contract/tool-policy-match.ts';
import type { ConditionField } from '../../contract/tool-policy.ts';

/** `rule 3`, or `rule 3 (name)`. */
export function ruleLabel({ number, name }: Pick<ToolRule, 'number' | 'name'>): string {
  return name === '' ? `rule ${number}` : `rule ${number} (${name})`;
}

/** Where no rule matches. */
export function defaultLabel(operation: ToolOperation): string {
  if (isWriteOperation(operation)) return 'default for writes';
  const isMessage = (MESSAGE_OPERATIONS as readonly string[]).includes(operation);
  return isMessage ? 'default for messages' : 'default for reads';
}

/** As people write it: `5/run`. */
export function limitText({ count, per }: RuleLimit): string {
  return `${count}/${per}`;
}

/** e.g. `rule 3 (leads): approve by leads: create_issue when priority is highest or high, at most 5/run`. */
export function describeRule(rule: ToolRule): string {
  const by = rule.group === '' ? '' : ` by ${rule.group}`;
  const conditions = Object.entries(rule.when).map(([name, values]) => {
    const field = name as ConditionField;
    const holds = needsAll(rule, field) ? 'are all among' : 'is';
    return `${field} ${holds} ${values.join(needsAll(rule, field) ? ', ' : ' or ')}`;
  });
  const to = rule.to === null ? '' : ` to ${rule.to.join(' or ')}`;
  const when = conditions.length === 0 ? '' : ` when ${conditions.join(' and ')}`;
  const limit = rule.limit === null ? '' : `, at most ${limitText(rule.limit)}`;
  return `${ruleLabel(rule)}: ${rule.decision}${by}: ${operationsText(rule.operations)}${to}${when}${limit}`;
}

function operationsText(operations: readonly ToolOperation[]): string {
  const group = Object.entries(OPERATION_GROUPS).find(
    ([, all]) => all.length === operations.length && all.every((one) => operations.includes(one)),
  );
  return group === undefined ? operations.join(', ') : group[0];
}
