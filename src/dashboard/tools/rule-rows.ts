// The policy as it is read: the rules from the top, then what holds where none matched. Pure.

import { words } from '../phrases.ts';
import type { Tone } from '../tone.ts';
import type { Tools } from '../wire-tools.ts';

export interface Condition {
  readonly field: string;
  /** How the values stand to what is asked for. */
  readonly how: string;
  readonly values: readonly string[];
}

export interface RuleRow {
  readonly key: string;
  /** null = a default. */
  readonly number: number | null;
  /** "" = nobody has given it one. */
  readonly name: string;
  readonly operations: readonly string[];
  /** [] = always. */
  readonly conditions: readonly Condition[];
  readonly decision: string;
  readonly group: string;
  readonly limit: string | null;
}

export function ruleRows(tools: Tools): readonly RuleRow[] {
  const fallback = (key: string, name: string, decision: string): RuleRow => ({
    key,
    number: null,
    name,
    operations: [],
    conditions: [],
    decision,
    group: '',
    limit: null,
  });
  return [
    ...tools.rules.map((rule) => ({
      key: `rule ${rule.number}`,
      number: rule.number,
      name: rule.name,
      operations: rule.operations,
      conditions: conditionsOf(rule),
      decision: rule.decision,
      group: rule.group,
      limit: rule.limit,
    })),
    fallback('writes', 'Default for writes', tools.write_default),
    fallback('reads', 'Default for reads', tools.read_default),
    // No setting says it: who may not be told anything needs a rule.
    fallback('messages', 'Default for messages', 'allow'),
  ];
}

/** What an action has several of at once: a rule that allows must list all of them. */
const SETS = new Set(['labels', 'components', 'fields']);

function conditionsOf({ to, when, decision }: Tools['rules'][number]): readonly Condition[] {
  return [
    ...(to === null ? [] : [{ field: 'to', how: 'is', values: to }]),
    ...Object.entries(when).map(([field, values]) => ({
      field: words(field).toLowerCase(),
      how: !SETS.has(field) ? 'is' : decision === 'allow' ? 'only' : 'any of',
      values,
    })),
  ];
}

interface Words {
  readonly label: string;
  readonly tone: Tone;
}

const decisions: Readonly<Record<string, Words>> = {
  allow: { label: 'Allowed', tone: 'good' },
  approve: { label: 'A person decides', tone: 'warn' },
  deny: { label: 'Denied', tone: 'bad' },
};

export function decisionWords(decision: string): Words {
  return (
    (Object.hasOwn(decisions, decision) ? decisions[decision] : undefined) ?? {
      label: words(decision),
      tone: 'calm',
    }
  );
}
