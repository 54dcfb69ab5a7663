// What the policy says where none of 100 rules matches, so that every one was looked at, against a loop that compares
// the operation and one value of each. Pure: no clock but ours.

import type { ToolRule, ToolSettings } from '../src/contract/tool-policy.ts';
import type { ActionFacts } from '../src/tools/ports.ts';
import { builtPolicy } from './built.ts';
import type { Bench } from './sample.ts';

const RULES = 100;
const ROUNDS = 30;
const WARM_UP_ROUNDS = 10;
const DECISIONS = 1_000;

const facts: ActionFacts = {
  operation: 'update_issue',
  fields: {
    issue: ['own'],
    project: ['bench'],
    labels: ['backend', 'checkout'],
    priority: ['high'],
    fields: ['labels', 'priority', 'story points'],
    agent: ['claude-code'],
  },
  to: [],
};

/** Half are about the operation, and of those each fails at its last condition. */
const rules = Array.from({ length: RULES }, (_, place): ToolRule => ({
  number: place + 1,
  name: '',
  operations: place % 2 === 0 ? ['update_issue', 'create_issue'] : ['transition_issue'],
  decision: place % 3 === 0 ? 'allow' : 'approve',
  group: '',
  to: null,
  when: { project: ['bench', 'shop'], labels: [`team-${place}`] },
  limit: null,
}));

const settings: ToolSettings = {
  enabled: true,
  readDefault: 'allow',
  writeDefault: 'approve',
  rules,
  projects: [],
  approval: { timeoutMs: 86_400_000, onTimeout: 'expire', waitMs: 60_000 },
  maxMessagesPerRun: 5,
  callsPerMinute: 300,
  auditRetentionDays: 365,
};

export async function measurePolicy({ record }: Bench): Promise<void> {
  const { decide } = await builtPolicy();
  const ours = (): boolean => decide(settings, facts, { count: () => 0 }).ruleNumber === 0;
  const floor = (): boolean => !rules.some(looksRight);
  for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
    for (const [side, decision] of [
      ['ours', ours],
      ['floor', floor],
    ] as const) {
      const startMs = performance.now();
      for (let count = 0; count < DECISIONS; count += 1) {
        if (!decision()) throw new Error('a rule matches that must not');
      }
      const us = ((performance.now() - startMs) * 1_000) / DECISIONS;
      if (round > 0) record('tools: a decision over 100 rules', 'us', side, us);
    }
  }
}

function looksRight({ operations, when }: ToolRule): boolean {
  if (!operations.includes(facts.operation)) return false;
  return facts.fields.labels?.some((label) => when.labels?.includes(label)) ?? false;
}
