// One rule of `tools.rules` against itself, and all of them against each other: conditions that its operations never
// have, a decision that nobody can be asked for, and rules that can never match.

import { isWriteOperation, TOOL_OPERATIONS, type ToolOperation } from '../contract/tool-operations.ts';
import type { ConditionField, ToolRule } from '../contract/tool-policy.ts';
import { CONDITIONS_OF, OPERATION_GROUPS } from '../contract/tool-policy-match.ts';
import type { RuleValues } from './build-tools.ts';
import type { CrossCheckContext } from './cross-checks.ts';
import { didYouMean } from './nearest.ts';
import { quoted } from './problem-list.ts';
import { unreachableRules } from './rule-reach.ts';
import { shownKey } from './setting-words.ts';

export interface RuleCheck {
  readonly values: RuleValues;
  readonly rule: ToolRule;
  /** `tools.rules[2]`. */
  readonly key: string;
  /** False: something about it was found wrong already. */
  readonly isWhole: boolean;
  readonly place: (...path: readonly string[]) => string;
}

type Report = (field: string, text: string) => void;

export function checkRule(
  check: RuleCheck,
  { problems }: CrossCheckContext,
  agentKinds: readonly string[],
): void {
  const { key, rule, place } = check;
  const say =
    (severity: 'error' | 'warning'): Report =>
    (field, text) => {
      problems[severity](
        `config.${key}.${field}`,
        `${place(...field.split('.'))}: ${shownKey(`${key}.${field}`)} ${text}`,
      );
    };
  const [refuse, warn] = [say('error'), say('warning')];
  if (rule.group !== '' && rule.decision !== 'approve') {
    const text = `${quoted(rule.group)} is asked by nobody: the decision is ${rule.decision}`;
    refuse('group', `${text}; remove it, or write decision: approve`);
  }
  const unasked = rule.operations.filter((operation) => !isWriteOperation(operation));
  if (rule.decision === 'approve' && unasked.length > 0) {
    const text = `approve is for writes alone, and the rule is about ${few(unasked)} too`;
    refuse('decision', `${text}; write operation: writes, or allow or deny`);
  }
  if (rule.limit !== null && rule.decision === 'deny') {
    warn('limit', 'does nothing: what is denied is never used; remove it');
  }
  checkConditions(check, refuse);
  const unknown = (check.values.when.agent ?? []).find(
    (kind) => !agentKinds.some((known) => known.toLowerCase() === kind.toLowerCase()),
  );
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, agentKinds);
    const text = `names ${quoted(unknown)}, and there is no agent adapter of that kind${hint}; correct or remove it`;
    warn('when.agent', text);
  }
}

function checkConditions({ rule, values }: RuleCheck, refuse: Report): void {
  const others = rule.operations.filter((operation) => operation !== 'transition_issue');
  if (rule.to !== null && others.length > 0) {
    const text = `is for transition_issue alone, and the rule is about ${few(others)}`;
    refuse('to', `${text}; remove it, or write operation: transition_issue`);
  }
  const isGroup = (word: string): boolean => Object.hasOwn(OPERATION_GROUPS, word);
  // What a person has named must have the condition; of `writes` it is enough that one has it.
  const named = rule.operations.filter((operation) => values.operation.includes(operation));
  for (const field of Object.keys(rule.when) as ConditionField[]) {
    const has = (operation: ToolOperation): boolean => CONDITIONS_OF[operation].includes(field);
    const lacking = named.filter((operation) => !has(operation));
    const none = values.operation.some(isGroup) && !rule.operations.some(has);
    if (lacking.length === 0 && !none) continue;
    const having = few(TOOL_OPERATIONS.filter(has));
    const who = lacking.length > 0 ? few(lacking) : values.operation.join(', ');
    refuse(`when.${field}`, `never holds for ${who}, only for ${having}; remove it, or write two rules`);
  }
}

/** A rule that can never match is one that somebody relies on in vain. */
export function checkReach(checks: readonly RuleCheck[], { problems }: CrossCheckContext): void {
  const ofRule = new Map(checks.map((check) => [check.rule, check]));
  for (const { rule, shadowedBy } of unreachableRules(checks.map((check) => check.rule))) {
    const check = ofRule.get(rule);
    if (check?.isWhole !== true) continue;
    const own = `${shownKey(check.key)} can never match: `;
    const why =
      shadowedBy.length === 0
        ? alone(rule)
        : `${shadowText(shadowedBy)}; move it up, narrow those, or remove it`;
    // Said already, of the condition itself.
    if (why !== null) problems.error(`config.${check.key}`, `${check.place()}: ${own}${why}`);
  }
}

function alone(rule: ToolRule): string | null {
  if (rule.when.issue?.includes('other') !== false) return null;
  return "an issue that is yet to be made is never the run's own; remove when.issue, or the rule";
}

function shadowText(rules: readonly ToolRule[]): string {
  const names = rules.map(({ number, name }) => (name === '' ? `${number}` : `${number} (${name})`));
  if (names.length === 1) return `rule ${names.join('')} comes first and takes all that it is about`;
  const last = names.pop() ?? '';
  return `rules ${names.join(', ')} and ${last} come first and together take all that it is about`;
}

const SHOWN = 4;

function few(operations: readonly ToolOperation[]): string {
  const more = operations.length - SHOWN;
  return operations.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
