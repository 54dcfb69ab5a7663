// What the daemon's tools say of themselves, for the page: rules of every sort, and a hostile variant of all of it.

import type { ToolListing } from '../../../src/contract/agent-tools.ts';
import { TOOL_OPERATIONS, WRITE_OPERATIONS } from '../../../src/contract/tool-operations.ts';
import type { ToolRule } from '../../../src/contract/tool-policy.ts';
import { listing } from '../../http/fake-proposals.ts';

export function rule(number: number, over: Partial<ToolRule> = {}): ToolRule {
  return {
    number,
    name: '',
    operations: ['add_comment'],
    decision: 'allow',
    group: '',
    to: null,
    when: {},
    limit: null,
    ...over,
  };
}

export function listingWith(over: Partial<ToolListing['settings']>, rest: Partial<ToolListing> = {}) {
  const base = listing();
  return { ...base, ...rest, settings: { ...base.settings, ...over } };
}

/** As a team would write them. */
export const everyday: readonly ToolRule[] = [
  rule(1, {
    name: 'big ones need a lead',
    operations: ['create_issue'],
    decision: 'approve',
    group: 'leads',
    when: { priority: ['highest', 'high'] },
  }),
  rule(2, { operations: ['transition_issue'], decision: 'deny', to: ['done'] }),
  rule(3, { name: 'own comments', when: { issue: ['own'] }, limit: { count: 5, per: 'run' } }),
  rule(4, { operations: ['add_labels', 'remove_labels'], when: { labels: ['backend', 'needs tests'] } }),
  rule(5, {
    operations: [...WRITE_OPERATIONS, 'fetch_comments'],
    decision: 'approve',
    when: { fields: ['a'] },
  }),
  rule(6, { operations: TOOL_OPERATIONS, decision: 'deny', when: { agent: ['codex'] } }),
];

export const image = '<img src=x onerror="window.owned=1">';

/** Whatever a site or a WORKFLOW.md could hold. */
export function hostileListing(): ToolListing {
  const text = `${image} \u202Eevil\u0000`;
  return listingWith(
    {
      rules: [
        rule(1, {
          name: text,
          operations: ['transition_issue'],
          decision: 'approve',
          group: text,
          to: [text],
          when: { [image]: [text, '__proto__'] } as unknown as ToolRule['when'],
        }),
      ],
      projects: [image, 'javascript:window.owned=1'],
    },
    {
      url: image,
      schemaError: text,
      tools: [
        {
          name: image,
          title: text,
          description: `# Big\n[click](javascript:window.owned=1)\n<script>window.owned=1</script>\n${'z'.repeat(9_000)}`,
          input: {
            type: 'object',
            required: [image, 7],
            properties: {
              [image]: { type: [image, 'null'], description: text },
              constructor: { enum: Array.from({ length: 40 }, (_, at) => `${image}${at}`) },
              __proto: null,
              list: ['x'],
            },
          },
          operations: ['fetch_issue'],
        },
      ],
    },
  );
}
