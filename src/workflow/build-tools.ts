// `tools` as checked data: rules numbered as people count them, groups of operations spelt out, and every word that is
// compared without regard to case in lower case. Decides nothing.

import { TOOL_OPERATIONS, type ToolOperation } from '../contract/tool-operations.ts';
import type { ConditionField, RuleLimit, ToolRule, ToolSettings } from '../contract/tool-policy.ts';
import { OPERATION_GROUPS } from '../contract/tool-policy-match.ts';
import type { FrontMatterValues } from './settings-schema.ts';

type ToolValues = FrontMatterValues['tools'];
export type RuleValues = ToolValues['rules'][number];

export function buildTools(values: ToolValues): ToolSettings {
  return {
    enabled: values.enabled,
    readDefault: values.read_default,
    writeDefault: values.default,
    rules: values.rules.map(buildRule),
    projects: [...new Set(values.projects.map((key) => key.toUpperCase()))],
    approval: {
      timeoutMs: values.approval.timeout_ms,
      onTimeout: values.approval.on_timeout,
      waitMs: Math.min(values.approval.wait_ms, values.approval.timeout_ms),
    },
    maxMessagesPerRun: values.max_messages_per_run,
    callsPerMinute: values.calls_per_minute,
    auditRetentionDays: values.audit_retention_days,
  };
}

export function buildRule(rule: RuleValues, index: number): ToolRule {
  const { name, operation, decision, group, to, when, limit } = rule;
  const given = Object.entries(when).filter(([, listed]) => listed !== undefined);
  return {
    number: index + 1,
    name,
    operations: operationsOf(operation),
    decision,
    group,
    to: to === undefined ? null : lowered(to),
    when: Object.fromEntries(given.map(([field, listed]) => [field, lowered(listed ?? [])])) as Partial<
      Record<ConditionField, readonly string[]>
    >,
    limit: limit === undefined ? null : limitOf(limit),
  };
}

/** In the order of the catalogue, each once. */
function operationsOf(words: readonly string[]): readonly ToolOperation[] {
  const asked = new Set(
    words.flatMap((word): readonly string[] =>
      Object.hasOwn(OPERATION_GROUPS, word)
        ? OPERATION_GROUPS[word as keyof typeof OPERATION_GROUPS]
        : [word],
    ),
  );
  return TOOL_OPERATIONS.filter((operation) => asked.has(operation));
}

function lowered(words: readonly string[]): readonly string[] {
  return [...new Set(words.map((word) => word.trim().toLowerCase()))];
}

function limitOf(text: string): RuleLimit {
  const [count = '', per = ''] = text.split('/');
  return { count: Number(count), per: per.trim() as RuleLimit['per'] };
}
