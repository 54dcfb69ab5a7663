// `sortie approvals list` and `sortie approvals show ID`.

import { approvalText, type ShownApproval } from './approval-text.ts';
import { clientCommand } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { printJson } from './command-line.ts';
import { approvalPage, findApproval } from './find-approval.ts';
import { wantsJson, withFormat, type FormatFlags } from './format-option.ts';
import { limitArgument } from './limit-argument.ts';
import { duration, table } from './table.ts';

interface ListFlags extends FormatFlags {
  readonly all?: true;
  readonly issue?: string;
  readonly limit: number;
}

const PAGE = 500;

export async function list(args: readonly string[]): Promise<number> {
  return runClient<ListFlags>(describeList(), args, async (client, flags) => {
    const approvals: ShownApproval[] = [];
    let cursor: string | null = '';
    do {
      const page = await approvalPage(client, {
        status: flags.all === true ? '' : 'pending',
        identifier: flags.issue ?? '',
        limit: String(Math.min(PAGE, flags.limit - approvals.length)),
        cursor,
      });
      approvals.push(...page.approvals);
      cursor = page.approvals.length === 0 ? null : page.next_cursor;
    } while (cursor !== null && approvals.length < flags.limit);
    if (wantsJson(flags)) printJson({ approvals, next_cursor: cursor });
    else process.stdout.write(listText(approvals, Date.now(), flags.all === true, cursor !== null));
    return 0;
  });
}

export function describeList() {
  return withFormat(
    clientCommand('approvals list', 'Prints what agents want to write and people must decide.'),
  )
    .option('--all', 'also what was decided and what has expired')
    .option('--issue <identifier>', 'of runs of one issue')
    .option('--limit <count>', 'how many', limitArgument, 100);
}

function listText(
  approvals: readonly ShownApproval[],
  nowMs: number,
  all: boolean,
  hasMore: boolean,
): string {
  if (approvals.length === 0) return all ? 'no proposals\n' : 'nothing waits for a decision\n';
  const rows = approvals.map((approval) => [
    approval.id.slice(0, 8),
    approval.status,
    approval.issue_identifier,
    approval.group,
    duration(nowMs - Date.parse(approval.requested_at)),
    approval.status === 'pending' ? duration(Date.parse(approval.expires_at) - nowMs) : '',
    approval.decided_by ?? '',
    approval.summary,
  ]);
  const text = table(['ID', 'STATUS', 'ISSUE', 'GROUP', 'ASKED', 'LEFT', 'BY', 'WHAT'], rows);
  return hasMore ? `${text}there are more: --limit\n` : text;
}

export async function show(args: readonly string[]): Promise<number> {
  const command = describeShow();
  return runClient<FormatFlags>(command, args, async (client, flags) => {
    const approval = await findApproval(client, command.processedArgs[0] as string);
    if (wantsJson(flags)) printJson(approval);
    else process.stdout.write(approvalText(approval));
    return 0;
  });
}

export function describeShow() {
  return withFormat(
    clientCommand(
      'approvals show',
      'Prints one proposal: what is there, what the agent asks for (→ or +), what a person made of it.',
    ),
  ).argument('<id>', 'its id, or the beginning of it');
}
