// All rules at once, for the search in rule-reach.ts: which of them list a word, ask about a field, or are about an
// operation, each as one number with a bit a rule. Made once for all searches; decides nothing.

import { TOOL_OPERATIONS, type ToolOperation } from '../contract/tool-operations.ts';
import { CONDITION_FIELDS, type ConditionField, type ToolRule } from '../contract/tool-policy.ts';
import { CONDITIONS_OF, isAbout, issueValues, needsAll } from '../contract/tool-policy-match.ts';

/** What a rule can ask about. */
export type Asked = ConditionField | 'to';
export const ASKED: readonly Asked[] = [...CONDITION_FIELDS, 'to'];

export interface FieldIndex {
  /** Rules that ask nothing about the field. */
  readonly free: bigint;
  /** Rules that want all values of it listed. */
  readonly wantAll: bigint;
  /** Rules that list a word. */
  readonly listing: ReadonlyMap<string, bigint>;
}

export interface RuleIndex {
  readonly fields: ReadonlyMap<Asked, FieldIndex>;
  /** Rules that can hold for an operation. */
  readonly about: ReadonlyMap<ToolOperation, bigint>;
}

export function indexRules(rules: readonly ToolRule[]): RuleIndex {
  const maskOf = (has: (rule: ToolRule) => boolean): bigint =>
    rules.reduce((mask, rule, index) => (has(rule) ? mask | bit(index) : mask), 0n);
  const fieldIndex = (field: Asked): FieldIndex => {
    const listing = new Map<string, bigint>();
    for (const [index, rule] of rules.entries()) {
      for (const word of listOf(rule, field) ?? []) listing.set(word, (listing.get(word) ?? 0n) | bit(index));
    }
    return {
      free: maskOf((rule) => listOf(rule, field) === null),
      wantAll: maskOf((rule) => field !== 'to' && needsAll(rule, field)),
      listing,
    };
  };
  return {
    fields: new Map(ASKED.map((field) => [field, fieldIndex(field)])),
    about: new Map(
      TOOL_OPERATIONS.map((operation) => [
        operation,
        maskOf((rule) => isAbout(rule, operation) && isPossible(rule, operation)),
      ]),
    ),
  };
}

export function bit(index: number): bigint {
  return 1n << BigInt(index);
}

export function listOf(rule: ToolRule, field: Asked): readonly string[] | null {
  return (field === 'to' ? rule.to : rule.when[field]) ?? null;
}

/** Whether the operation ever has what the rule asks about. */
function isPossible(rule: ToolRule, operation: ToolOperation): boolean {
  const { issue } = rule.when;
  const has = (field: Asked): boolean =>
    field === 'to' ? operation === 'transition_issue' : CONDITIONS_OF[operation].includes(field);
  return (
    ASKED.every((field) => listOf(rule, field) === null || has(field)) &&
    (issue === undefined || issueValues(operation).some((value) => issue.includes(value)))
  );
}
