// Which rules can never match, because earlier ones take everything that they would. Exact: for each field only the words
// that rules mention count, and "any other"; a rule is reported only when no action whatever can reach it. The search is
// bounded, and a rule whose search is cut short is not reported.
//
// An action that reaches a rule may as well give nothing that the rule does not ask about: what is not given matches no
// earlier rule either. Only `issue` is always one of two. So an earlier rule counts only if it asks about no other field
// than this rule and `issue`. Each field then has a few ways to satisfy this rule, and each way is known by the set of
// earlier rules that it satisfies as well, a bit each. The rule is reached when one way a field leave no bit in common.

import type { ToolOperation } from '../contract/tool-operations.ts';
import type { ConditionField, ToolRule } from '../contract/tool-policy.ts';
import { CONDITIONS_OF, isAbout, issueValues, needsAll, SET_FIELDS } from '../contract/tool-policy-match.ts';

export interface UnreachableRule {
  readonly rule: ToolRule;
  /** Which rules together take what it is about; [] = nothing is like that at all, whatever the other rules say. */
  readonly shadowedBy: readonly ToolRule[];
}

/** Sets of earlier rules looked at for one rule and operation. */
const MAX_STEPS = 20_000;
/** Different words of one list that subsets are made of. */
const MAX_SUBSET_WORDS = 12;

export function unreachableRules(rules: readonly ToolRule[]): readonly UnreachableRule[] {
  return rules.flatMap((rule, index) => {
    const earlier = rules.slice(0, index);
    if (canMatch(rule, earlier)) return [];
    return [{ rule, shadowedBy: neededOf(rule, earlier) }];
  });
}

/** One that takes all of it is named alone; otherwise those that cannot be left out. */
function neededOf(rule: ToolRule, earlier: readonly ToolRule[]): readonly ToolRule[] {
  if (!canMatch(rule, [])) return [];
  const alone = earlier.find((one) => !canMatch(rule, [one]));
  if (alone !== undefined) return [alone];
  let needed = earlier;
  for (const one of [...earlier].reverse()) {
    const rest = needed.filter((other) => other !== one);
    if (!canMatch(rule, rest)) needed = rest;
  }
  return needed;
}

function canMatch(rule: ToolRule, earlier: readonly ToolRule[]): boolean {
  const operations = new Set<ToolOperation>(rule.operations);
  if (operations.has('create_issue')) operations.add('create_issues');
  return [...operations].some((operation) => isReached(rule, operation, earlier));
}

type Asked = ConditionField | 'to';

function isReached(rule: ToolRule, operation: ToolOperation, earlier: readonly ToolRule[]): boolean {
  if (!isPossible(rule, operation)) return false;
  const asked = new Set<Asked>([...askedBy(rule), 'issue']);
  const rivals = earlier.filter(
    (one) => isAbout(one, operation) && isPossible(one, operation) && askedBy(one).every((f) => asked.has(f)),
  );
  const ways: bigint[][] = [];
  for (const field of asked) {
    const found = waysOf(field, rule, operation, rivals);
    if (found === null) return true;
    ways.push(found);
  }
  return someWayIsFree(
    ways,
    maskOf(rivals, () => true),
  );
}

/** Whether one choice a field leaves no rival that all of them satisfy. True as well when it takes too long to say. */
function someWayIsFree(ways: readonly (readonly bigint[])[], all: bigint): boolean {
  let left = new Set([all]);
  let steps = 0;
  for (const choices of [...ways].sort((a, b) => a.length - b.length)) {
    const next = new Set<bigint>();
    for (const mask of left) {
      for (const choice of choices) {
        next.add(mask & choice);
        steps += 1;
        if (steps > MAX_STEPS) return true;
      }
    }
    left = next;
  }
  return left.has(0n);
}

/** For each way to satisfy the rule's condition on a field: the rivals whose condition it satisfies. null = too many. */
function waysOf(
  field: Asked,
  rule: ToolRule,
  operation: ToolOperation,
  rivals: readonly ToolRule[],
): bigint[] | null {
  const listed = listOf(rule, field);
  if (field === 'issue') {
    const values = issueValues(operation).filter((value) => listed?.includes(value) ?? true);
    return values.map((value) => maskOf(rivals, (one) => holds(one, field, [value])));
  }
  const words = distinct(listed ?? [], field, rivals);
  if (field !== 'to' && needsAll(rule, field)) {
    if (words.length > MAX_SUBSET_WORDS) return null;
    return subsetsOf(words).map((subset) => maskOf(rivals, (one) => holds(one, field, subset)));
  }
  // In a set, something that no rule lists keeps away the rules that need all of it listed.
  const company = field !== 'to' && SET_FIELDS.includes(field) ? [null] : [];
  return words.map((word) => maskOf(rivals, (one) => holds(one, field, [word, ...company])));
}

/** Words that the same rivals list are the same to them. */
function distinct(words: readonly string[], field: Asked, rivals: readonly ToolRule[]): readonly string[] {
  const byRivals = new Map<bigint, string>();
  for (const word of words)
    byRivals.set(
      maskOf(rivals, (one) => listOf(one, field)?.includes(word) ?? false),
      word,
    );
  return [...byRivals.values()];
}

/** `null` among the values is a word that nobody lists. */
function holds(rule: ToolRule, field: Asked, values: readonly (string | null)[]): boolean {
  const listed = listOf(rule, field);
  if (listed === null) return true;
  const isListed = (value: string | null): boolean => value !== null && listed.includes(value);
  return field !== 'to' && needsAll(rule, field) ? values.every(isListed) : values.some(isListed);
}

function isPossible(rule: ToolRule, operation: ToolOperation): boolean {
  const has = (field: Asked): boolean =>
    field === 'to' ? operation === 'transition_issue' : CONDITIONS_OF[operation].includes(field);
  const issue = rule.when.issue;
  return (
    askedBy(rule).every(has) &&
    (issue === undefined || issueValues(operation).some((value) => issue.includes(value)))
  );
}

function askedBy(rule: ToolRule): readonly Asked[] {
  const fields = Object.keys(rule.when) as ConditionField[];
  return rule.to === null ? fields : [...fields, 'to'];
}

function listOf(rule: ToolRule, field: Asked): readonly string[] | null {
  return (field === 'to' ? rule.to : rule.when[field]) ?? null;
}

function maskOf(rivals: readonly ToolRule[], has: (rule: ToolRule) => boolean): bigint {
  return rivals.reduce((mask, rule, index) => (has(rule) ? mask | (1n << BigInt(index)) : mask), 0n);
}

/** None of them empty. */
function subsetsOf(words: readonly string[]): string[][] {
  const subsets = words.reduce<string[][]>(
    (all, word) => [...all, ...all.map((subset) => [...subset, word])],
    [[]],
  );
  return subsets.slice(1);
}
