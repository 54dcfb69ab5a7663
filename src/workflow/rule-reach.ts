// Which rules can never match, because earlier ones take everything that they would. Exact: for each field only the words
// that rules mention count, and "any other"; a rule is reported only when no action whatever can reach it. The search is
// bounded, and a rule whose search is cut short is not reported.
//
// An action that reaches a rule may as well give nothing that the rule does not ask about: what is not given matches no
// earlier rule either. Only `issue` is always one of two. So an earlier rule counts only if it asks about no other field
// than this rule and `issue`. Each field then has a few ways to satisfy this rule, and each way is known by the set of
// earlier rules that it satisfies as well, a bit each. The rule is reached when one way a field leave no bit in common.

import type { ToolOperation } from '../contract/tool-operations.ts';
import type { ToolRule } from '../contract/tool-policy.ts';
import { issueValues, needsAll, SET_FIELDS } from '../contract/tool-policy-match.ts';
import { ASKED, bit, indexRules, listOf, type Asked, type FieldIndex, type RuleIndex } from './rule-index.ts';

export interface UnreachableRule {
  readonly rule: ToolRule;
  /** Which rules together take what it is about; [] = nothing is like that at all, whatever the other rules say. */
  readonly shadowedBy: readonly ToolRule[];
}

/** Sets of earlier rules looked at for one rule and operation: what people write needs a few dozen. */
const MAX_STEPS = 3_000;
/** The same for all rules together, so that no file keeps the daemon busy for more than a moment. */
const MAX_ALL_STEPS = 100_000;
/** Different words of one list that subsets are made of. */
const MAX_SUBSET_WORDS = 8;

export function unreachableRules(rules: readonly ToolRule[]): readonly UnreachableRule[] {
  const search = new Search(rules);
  return rules.flatMap((rule, place) => {
    if (search.canMatch(place, bit(place) - 1n)) return [];
    return [{ rule, shadowedBy: search.neededFor(place).map((index) => rules[index] as ToolRule) }];
  });
}

class Search {
  readonly #rules: readonly ToolRule[];
  readonly #index: RuleIndex;
  #stepsLeft = MAX_ALL_STEPS;

  constructor(rules: readonly ToolRule[]) {
    this.#rules = rules;
    this.#index = indexRules(rules);
  }

  /** Whether the rule can decide when of the others only `earlier` are there. True as well when it takes too long. */
  canMatch(place: number, earlier: bigint): boolean {
    const rule = this.#rules[place] as ToolRule;
    const operations = new Set<ToolOperation>(rule.operations);
    if (operations.has('create_issue')) operations.add('create_issues');
    return [...operations].some((operation) => this.#isReached(place, operation, earlier));
  }

  /** One that takes all is named alone; otherwise those that cannot be left out. */
  neededFor(place: number): readonly number[] {
    if (!this.canMatch(place, 0n)) return [];
    const earlier = [...Array(place).keys()];
    const alone = earlier.find((one) => !this.canMatch(place, bit(one)));
    if (alone !== undefined) return [alone];
    let needed = bit(place) - 1n;
    for (const one of earlier.reverse()) {
      if (!this.canMatch(place, needed & ~bit(one))) needed &= ~bit(one);
    }
    return earlier.reverse().filter((one) => (needed & bit(one)) !== 0n);
  }

  #isReached(place: number, operation: ToolOperation, earlier: bigint): boolean {
    const rule = this.#rules[place] as ToolRule;
    const about = this.#index.about.get(operation) ?? 0n;
    if ((about & bit(place)) === 0n) return false;
    let rivals = earlier & about;
    const asked: Asked[] = [];
    for (const field of ASKED) {
      if (field === 'issue' || listOf(rule, field) !== null) asked.push(field);
      else rivals &= this.#index.fields.get(field)?.free ?? 0n;
    }
    if (rivals === 0n) return true;
    const ways: (readonly bigint[])[] = [];
    for (const field of asked) {
      const index = this.#index.fields.get(field) as FieldIndex;
      const found = waysOf({ field, rule, operation, index, rivals });
      if (found === null) return true;
      ways.push(found);
    }
    ways.sort((a, b) => a.length - b.length);
    return this.#someWayIsFree(ways, rivals);
  }

  /** Whether one choice a field leaves no rival that all of them satisfy. */
  #someWayIsFree(ways: readonly (readonly bigint[])[], rivals: bigint): boolean {
    let steps = 0;
    const seen = new Set<string>();
    const isFree = (mask: bigint, depth: number): boolean => {
      if (mask === 0n) return true;
      const choices = ways[depth];
      if (choices === undefined) return false;
      const key = `${depth}:${mask.toString(36)}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return choices.some((choice) => {
        steps += 1;
        this.#stepsLeft -= 1;
        return steps > MAX_STEPS || this.#stepsLeft < 0 || isFree(mask & choice, depth + 1);
      });
    };
    return isFree(rivals, 0);
  }
}

interface Question {
  readonly field: Asked;
  readonly rule: ToolRule;
  readonly operation: ToolOperation;
  readonly index: FieldIndex;
  readonly rivals: bigint;
}

/** For each way to satisfy the rule's condition on a field: the rivals that it satisfies as well. null = too many. */
function waysOf({ field, rule, operation, index, rivals }: Question): readonly bigint[] | null {
  const { free, wantAll, listing } = index;
  const listed = listOf(rule, field);
  const words =
    field === 'issue'
      ? issueValues(operation).filter((value) => listed?.includes(value) ?? true)
      : (listed ?? []);
  // Words that the same rivals list are the same to them.
  const listings = [...new Set(words.map((word) => (listing.get(word) ?? 0n) & rivals))];
  const isSet = field !== 'to' && SET_FIELDS.includes(field);
  if (isSet && needsAll(rule, field)) {
    if (listings.length > MAX_SUBSET_WORDS) return null;
    return subsetsOf(listings).map((subset) => {
      const any = subset.reduce((all, one) => all | one, 0n);
      const every = subset.reduce((all, one) => all & one, rivals);
      return rivals & (free | (any & ~wantAll) | (every & wantAll));
    });
  }
  // To a set something can be added that no rule lists, which keeps away those that want all of it listed.
  return listings.map((one) => rivals & (free | (isSet ? one & ~wantAll : one)));
}

/** None of them empty. */
function subsetsOf<Value>(values: readonly Value[]): Value[][] {
  const subsets = values.reduce<Value[][]>(
    (all, value) => [...all, ...all.map((subset) => [...subset, value])],
    [[]],
  );
  return subsets.slice(1);
}
