// What the first prompt says of the tools: which there are, what the policy says to writes in general, and what people
// have decided since the last run of this issue. Summaries hold an agent's words: they are quoted there.

import type { Approval } from '../../contract/approval.ts';
import { TOOL_SERVER_NAME } from '../../contract/agent-tools.ts';
import { isAbout } from '../../contract/tool-policy-match.ts';
import { WRITE_OPERATIONS, type WriteOperation } from '../../contract/tool-operations.ts';
import type { ToolDecision, ToolSettings } from '../../contract/tool-policy.ts';
import type { EngineTool } from '../calls/tool.ts';
import { oneLine } from '../one-line.ts';

/** People's notes may be pages; a prompt has other things to say. */
const NOTE_LIMIT = 300;

export function briefing(facts: {
  readonly tools: Iterable<EngineTool>;
  readonly settings: ToolSettings;
  /** Those that the next run has not been told of. */
  readonly decided: readonly Approval[];
  /** Of this issue, still waiting. */
  readonly waiting: readonly Approval[];
}): string {
  const tools = [...facts.tools];
  const parts = [
    `Tools of the MCP server \`${TOOL_SERVER_NAME}\` (call them; never use credentials of your own):`,
    ...tools.map(({ name, summary }) => `- ${name}: ${summary}`),
    ...policyLines(tools, facts.settings),
  ];
  if (facts.decided.length > 0)
    parts.push(
      '',
      'Decided by people since the last run, on what earlier runs asked for:',
      ...facts.decided.map(decidedLine),
    );
  if (facts.waiting.length > 0)
    parts.push(
      '',
      'Asked for by earlier runs and still waiting for a person; do not ask again:',
      ...facts.waiting.map(waitingLine),
    );
  return parts.join('\n');
}

function policyLines(tools: readonly EngineTool[], settings: ToolSettings): readonly string[] {
  const offered = new Set(tools.flatMap(({ operations }) => operations));
  const writes = WRITE_OPERATIONS.filter((operation) => offered.has(operation));
  const groups = new Map<string, WriteOperation[]>();
  for (const operation of writes) {
    const what = [...possibleDecisions(operation, settings)].sort().join('/');
    groups.set(what, [...(groups.get(what) ?? []), operation]);
  }
  const lines: string[] = [];
  for (const [what, operations] of groups) {
    const list = operations.join(', ');
    if (what === 'approve')
      lines.push(`A person must allow: ${list}. Such a call may answer "pending" with an id.`);
    else if (what === 'deny') lines.push(`Not allowed: ${list}.`);
    else if (what !== 'allow')
      lines.push(`Depends on what exactly is asked for (may be denied, or need a person): ${list}.`);
  }
  return lines;
}

/** By the rules up to the first that holds whatever is asked for. */
function possibleDecisions(operation: WriteOperation, settings: ToolSettings): ReadonlySet<ToolDecision> {
  const found = new Set<ToolDecision>();
  for (const rule of settings.rules) {
    if (!isAbout(rule, operation)) continue;
    found.add(rule.decision);
    if (rule.to === null && Object.keys(rule.when).length === 0) return found;
  }
  return found.add(settings.writeDefault);
}

function decidedLine({
  summary,
  status,
  decidedBy,
  decisionNote,
  modifiedDetails,
  result,
}: Approval): string {
  const note = decisionNote === '' ? '' : ` (${oneLine(decisionNote, NOTE_LIMIT)})`;
  if (status === 'expired') return `- ${summary}: expired, nobody decided in time`;
  if (status === 'rejected') return `- ${summary}: rejected by ${decidedBy}${note}`;
  const edited = modifiedDetails === null ? '' : ` after changing ${Object.keys(modifiedDetails).join(', ')}`;
  const became =
    result === null || result.status === 'applying'
      ? 'being applied'
      : `${result.status}: ${oneLine(result.message, NOTE_LIMIT)}`;
  return `- ${summary}: approved by ${decidedBy}${edited}${note}; ${became}`;
}

function waitingLine({ id, summary }: Approval): string {
  return `- ${summary} (request_status ${id})`;
}
