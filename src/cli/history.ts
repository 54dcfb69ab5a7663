// `sortie history`: ended runs, newest first, from the running daemon.

import { Option } from 'commander';
import { RUN_STATUSES } from '../contract/store.ts';
import { clientCommand, type ClientFlags } from './client/flags.ts';
import { runClient } from './client/run-client.ts';
import { printJson } from './command-line.ts';
import { limitArgument } from './limit-argument.ts';
import { duration, money, table, tokens } from './table.ts';
import { timeArgument } from './time-argument.ts';

interface HistoryFlags extends ClientFlags {
  readonly limit: number;
  readonly issue?: string;
  readonly status?: string;
  readonly agent?: string;
  readonly state?: string;
  readonly text?: string;
  readonly since?: number;
  readonly until?: number;
}

/** The API's answer, as far as it is printed. */
interface HistoryAnswer {
  readonly runs: readonly {
    readonly issue_identifier: string;
    readonly attempt: number;
    readonly status: string | null;
    readonly agent_kind: string;
    readonly started_at: string;
    readonly completed_at: string | null;
    readonly seconds_running: number;
    readonly turns_completed: number;
    readonly tokens: { readonly total_tokens: number };
    readonly cost_usd: number | null;
    readonly cost_estimated: boolean;
    readonly error: string | null;
    readonly title: string;
  }[];
  readonly next_cursor: string | null;
}

const PAGE = 500;

export async function main(args: readonly string[]): Promise<number> {
  return runClient<HistoryFlags>(describeHistory(), args, async (client, flags) => {
    const runs: HistoryAnswer['runs'][number][] = [];
    let cursor: string | null = null;
    do {
      const query = queryOf(flags, Math.min(PAGE, flags.limit - runs.length), cursor);
      const page: HistoryAnswer = await client.get(`/api/v1/history?${query.toString()}`, [
        'runs',
        'next_cursor',
      ]);
      runs.push(...page.runs);
      cursor = page.runs.length === 0 ? null : page.next_cursor;
    } while (cursor !== null && runs.length < flags.limit);
    if (flags.json === true) printJson({ runs, next_cursor: cursor });
    else process.stdout.write(historyText(runs));
    return 0;
  });
}

export function describeHistory() {
  return clientCommand('history', 'Prints ended runs, newest first.')
    .option('--limit <count>', 'how many', limitArgument, 50)
    .option('--issue <identifier>', 'of one issue')
    .addOption(new Option('--status <status>', 'that ended so').choices([...RUN_STATUSES]))
    .option('--agent <kind>', 'by this kind of agent')
    .option('--state <state>', 'of issues that were in this state when dispatched')
    .option('--text <text>', 'with this text in identifier, title or error')
    .option('--since <time>', 'started at or after, ISO-8601 or e.g. -7d', (text) => timeArgument(text))
    .option('--until <time>', 'started before, ISO-8601 or e.g. -24h', (text) => timeArgument(text));
}

function queryOf(flags: HistoryFlags, limit: number, cursor: string | null): URLSearchParams {
  const { issue: identifier, status, agent, state, text } = flags;
  const query = new URLSearchParams({ limit: String(limit) });
  const [since, until] = [flags.since, flags.until].map((ms) =>
    ms === undefined ? undefined : new Date(ms).toISOString(),
  );
  const filters = { identifier, status, agent, state, text, since, until, cursor: cursor ?? undefined };
  for (const [name, value] of Object.entries(filters)) if (value !== undefined) query.set(name, value);
  return query;
}

/** "" while it runs, and when nobody timed it: the daemon died meanwhile, or it never began. */
function timeOf({ status, seconds_running }: HistoryAnswer['runs'][number]): string {
  const wasBrokenOff = status === null || status === 'interrupted' || status === 'cancelled';
  return seconds_running === 0 && wasBrokenOff ? '' : duration(seconds_running * 1000);
}

function historyText(runs: HistoryAnswer['runs']): string {
  if (runs.length === 0) return 'no runs\n';
  return table(
    ['STARTED', 'ISSUE', 'TRY', 'STATUS', 'AGENT', 'TIME', 'TURNS', 'TOKENS', 'COST', 'ERROR OR TITLE'],
    runs.map((run) => [
      run.started_at.slice(0, 16).replace('T', ' '),
      run.issue_identifier,
      String(run.attempt),
      run.status ?? 'running',
      run.agent_kind,
      timeOf(run),
      String(run.turns_completed),
      tokens(run.tokens.total_tokens),
      money(run.cost_usd, run.cost_estimated),
      run.error ?? run.title,
    ]),
  );
}
