// `sortie outbox`: writes to the tracker, what waits and why.

import { clientCommand } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { printJson } from './command-line.ts';
import { wantsJson, withFormat, type FormatFlags } from './format-option.ts';
import { limitArgument } from './limit-argument.ts';
import { duration, table } from './table.ts';

interface OutboxFlags extends FormatFlags {
  readonly all?: true;
  readonly issue?: string;
  readonly limit: number;
}

/** The API's answer, as far as it is printed. */
interface Outbox {
  readonly writes: readonly {
    readonly operation: string;
    readonly origin: string;
    readonly issue_identifier: string;
    readonly run_issue_identifier: string | null;
    readonly status: string;
    readonly tries: number;
    readonly requested_at: string;
    readonly due_at: string | null;
    readonly detail: string;
    readonly summary: string;
  }[];
  readonly next_cursor: string | null;
}

const PAGE = 500;

export async function main(args: readonly string[]): Promise<number> {
  return runClient<OutboxFlags>(describeOutbox(), args, async (client, flags) => {
    const writes: Outbox['writes'][number][] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: String(Math.min(PAGE, flags.limit - writes.length)) });
      query.set('status', flags.all === true ? 'all' : 'open');
      if (flags.issue !== undefined) query.set('identifier', flags.issue);
      if (cursor !== null) query.set('cursor', cursor);
      const page: Outbox = await client.get(`/api/v1/outbox?${query.toString()}`, ['writes', 'next_cursor']);
      writes.push(...page.writes);
      cursor = page.writes.length === 0 ? null : page.next_cursor;
    } while (cursor !== null && writes.length < flags.limit);
    if (wantsJson(flags)) printJson({ writes, next_cursor: cursor });
    else process.stdout.write(outboxText(writes, Date.now(), cursor !== null));
    return 0;
  });
}

export function describeOutbox() {
  return withFormat(
    clientCommand('outbox', 'Prints what waits to be written to the tracker, and why it waits.'),
  )
    .option('--all', 'also what has ended, newest first')
    .option('--issue <identifier>', 'about one issue, or asked for by its runs')
    .option('--limit <count>', 'how many', limitArgument, 100);
}

/** An agent writes to its own issue unless it is said. */
function askedBy({ origin, issue_identifier, run_issue_identifier: own }: Outbox['writes'][number]): string {
  if (origin !== 'agent') return 'sortie';
  return own === null || own === issue_identifier ? 'agent' : `agent of ${own}`;
}

function outboxText(writes: Outbox['writes'], nowMs: number, hasMore: boolean): string {
  if (writes.length === 0) return 'no writes\n';
  const text = table(
    ['ASKED', 'STATUS', 'ISSUE', 'BY', 'WRITE', 'SAYS', 'TRIES', 'DUE', 'WHY'],
    writes.map((write) => [
      duration(nowMs - Date.parse(write.requested_at)),
      write.status,
      write.issue_identifier,
      askedBy(write),
      write.operation,
      write.summary,
      String(write.tries),
      write.due_at === null ? '' : duration(Date.parse(write.due_at) - nowMs),
      write.detail,
    ]),
  );
  return hasMore ? `${text}there are more: --limit\n` : text;
}
