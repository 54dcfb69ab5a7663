// `sortie explain KEY --operation OP`: what the policy would say to a call of a run on that issue, and by which rule.

import type { Json, JsonMap } from '../contract/tool-operations.ts';
import type { DaemonClient } from './client/daemon-client.ts';
import { oneField, printJson } from './command-line.ts';
import { withSettings, type Setting } from './set-argument.ts';

interface PolicyAnswer {
  readonly decision: string;
  readonly rule: string;
  readonly group: string;
  readonly limit_exceeded?: string | null;
}

export async function explainOperation(
  client: DaemonClient,
  asked: {
    readonly issue: string;
    readonly operation: string;
    readonly settings: readonly Setting[];
    readonly json: boolean;
  },
): Promise<number> {
  const details: Readonly<Record<string, Json>> = withSettings({} as JsonMap, asked.settings);
  const answer = await client.post<PolicyAnswer>(
    '/api/v1/tools/policy',
    { operation: asked.operation, details, issue_identifier: asked.issue },
    ['decision', 'rule', 'group'],
  );
  if (asked.json) printJson(answer);
  else process.stdout.write(policyText(asked, answer));
  return 0;
}

const WORDS: Readonly<Record<string, string>> = {
  allow: 'done at once',
  approve: 'done when a person has approved it',
  deny: 'refused',
};

function policyText(asked: { issue: string; operation: string }, answer: PolicyAnswer): string {
  const { decision, rule, group, limit_exceeded: limit = null } = answer;
  const lines = [
    `${asked.operation} by a run of ${asked.issue}: ${decision}`,
    `  ${WORDS[decision] ?? decision}, by ${rule}`,
    ...(decision === 'approve'
      ? [`  decided by ${group === '' ? 'anybody who may use the API' : `the group ${group}`}`]
      : []),
    ...(limit === null ? [] : [`  refused for now: its limit of ${limit} is used up`]),
  ];
  return lines.map((line) => `${oneField(line)}\n`).join('');
}
