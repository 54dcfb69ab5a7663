// Settings of agents' tools as a front matter without `tools` gives them; a test says what is different.

import type { ToolRule, ToolSettings } from '../../src/contract/tool-policy.ts';

export function toolSettings(change: Partial<ToolSettings> = {}): ToolSettings {
  return {
    enabled: true,
    readDefault: 'allow',
    writeDefault: 'approve',
    rules: [],
    projects: [],
    approval: { timeoutMs: 86_400_000, onTimeout: 'expire', waitMs: 60_000 },
    maxMessagesPerRun: 5,
    callsPerMinute: 300,
    auditRetentionDays: 365,
    ...change,
  };
}

/** A rule that takes every comment; numbered by whoever puts it into a list. */
export function toolRule(change: Partial<ToolRule> = {}): ToolRule {
  return {
    number: 1,
    name: '',
    operations: ['add_comment'],
    decision: 'allow',
    group: '',
    to: null,
    when: {},
    limit: null,
    ...change,
  };
}
