// Arbitrary rules and actions in a small vocabulary, so that they meet often.
import fc from 'fast-check';
import type { ToolOperation } from '../../../src/contract/tool-operations.ts';
import type { ToolRule } from '../../../src/contract/tool-policy.ts';
import type { ActionFacts, RuleUse } from '../../../src/tools/ports.ts';
import { toolRule } from '../../workflow/tool-settings.ts';

const operations = [
  'fetch_issue',
  'create_issue',
  'create_issues',
  'update_issue',
  'transition_issue',
  'add_labels',
  'notify_operator',
] as const satisfies readonly ToolOperation[];

const some = (...words: string[]) => fc.subarray(words, { minLength: 1 });
const when = fc.record(
  { issue: some('own', 'other'), priority: some('high', 'low'), labels: some('a', 'b') },
  { requiredKeys: [] },
);

export const someRule: fc.Arbitrary<ToolRule> = fc
  .record({
    operations: fc.subarray([...operations], { minLength: 1 }),
    decision: fc.constantFrom('allow', 'approve', 'deny'),
    group: fc.constantFrom('', '', 'leads', 'ops'),
    to: fc.option(some('done', 'open'), { freq: 4 }),
    when,
    limit: fc.option(
      fc.record({ count: fc.integer({ min: 1, max: 3 }), per: fc.constantFrom('run', 'day') }),
    ),
  })
  .map((change) => toolRule({ ...change, group: change.decision === 'approve' ? change.group : '' }));

/** With the numbers of their places. */
export function rulesFrom(all: readonly ToolRule[]): ToolRule[] {
  return all.map((rule, index) => ({ ...rule, number: index + 1 }));
}

export const someFacts: fc.Arbitrary<ActionFacts> = fc.record({
  operation: fc.constantFrom(...operations),
  to: fc.subarray(['done', 'open', 'odd']),
  fields: fc.record({
    issue: fc.constantFrom(['own'], ['other']),
    priority: fc.subarray(['high', 'low', 'odd']),
    labels: fc.subarray(['a', 'b', 'c']),
  }),
});

export const never: RuleUse = { count: () => 0 };
