// `sortie stats`: runs, outcomes, durations, tokens and cost by day, by agent and by label, read from the database
// itself, so that no daemon has to run; one that does is not disturbed.

import { Command } from 'commander';
import type { StatsGroup, StatsRow } from '../contract/observation.ts';
import type { StoreReader } from '../store/index.ts';
import { DEFAULT_WORKFLOW, messageOf, oneField, parse, printJson } from './command-line.ts';
import { openStore } from './open-store.ts';
import { statsCells } from './stats-cells.ts';
import { table } from './table.ts';
import { timeArgument } from './time-argument.ts';

interface StatsFlags {
  readonly workflow: string;
  readonly envFile?: string;
  readonly since?: number;
  readonly until?: number;
  readonly json?: true;
}

const DAY_MS = 86_400_000;
const DEFAULT_SPAN_MS = 30 * DAY_MS;

export async function main(args: readonly string[]): Promise<number> {
  const command = describeStats();
  const over = parse(command, args);
  if (over !== null) return over;
  const flags = command.opts<StatsFlags>();
  const nowMs = Date.now();
  const span = { sinceMs: flags.since ?? nowMs - DEFAULT_SPAN_MS, untilMs: flags.until ?? nowMs };
  if (span.untilMs <= span.sinceMs) {
    process.stderr.write('error: args: --until must lie after --since\n');
    return 1;
  }
  try {
    const opened = await openStore(flags);
    if (opened === null) return 1;
    const { store } = opened;
    try {
      const figures = await readFigures(store, span);
      if (flags.json === true) printJson(toJson(figures, span));
      else process.stdout.write(statsText(figures, span));
    } finally {
      await store.close();
    }
    return 0;
  } catch (error) {
    process.stderr.write(`error: ${oneField(messageOf(error))}\n`);
    return 1;
  }
}

export function describeStats(): Command {
  return new Command('sortie stats')
    .description('Prints figures over ended runs, from the database; also without a running daemon.')
    .option('--workflow <path>', 'whose database and tracker', DEFAULT_WORKFLOW)
    .option('--since <time>', 'ended at or after, ISO-8601 or e.g. -7d (default: -30d)', (text) =>
      timeArgument(text),
    )
    .option('--until <time>', 'ended before, ISO-8601 or e.g. -24h (default: now)', (text) =>
      timeArgument(text),
    )
    .option('--env-file <path>', 'file with SORTIE_* settings (SORTIE_ENV_FILE)')
    .option('--json', 'print JSON')
    .helpOption('-h, --help', 'print this help');
}

interface Span {
  readonly sinceMs: number;
  readonly untilMs: number;
}

interface Figures {
  readonly total: StatsRow | null;
  readonly byDay: readonly StatsRow[];
  readonly byAgent: readonly StatsRow[];
  readonly byLabel: readonly StatsRow[];
}

async function readFigures(store: StoreReader, span: Span): Promise<Figures> {
  const read = (group: StatsGroup, bucketMs: number | null): Promise<readonly StatsRow[]> =>
    store.stats({ ...span, bucketMs, group });
  const [total] = await read('none', null);
  return {
    total: total ?? null,
    byDay: await read('none', DAY_MS),
    byAgent: await read('agent', null),
    byLabel: await read('label', null),
  };
}

function toJson({ total, byDay, byAgent, byLabel }: Figures, { sinceMs, untilMs }: Span): object {
  const named = (key: string) => (row: StatsRow) => ({ [key]: row.group, ...rowJson(row) });
  return {
    since: new Date(sinceMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    total: total === null ? null : rowJson(total),
    by_day: byDay.map((row) => ({ day: dayOf(row), ...rowJson(row) })),
    by_agent: byAgent.map(named('agent_kind')),
    by_label: byLabel.map(named('label')),
  };
}

function rowJson(row: StatsRow): object {
  const { inputTokens, outputTokens, cacheReadTokens } = row.tokens;
  return {
    runs: row.runs,
    by_status: row.byStatus,
    tokens: {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
      cache_read_tokens: cacheReadTokens,
    },
    cost_usd: row.costUsd,
    cost_estimated: row.costEstimated,
    unpriced_runs: row.unpricedRuns,
    seconds_total: row.secondsTotal,
    seconds_p50: row.secondsP50,
    seconds_p95: row.secondsP95,
  };
}

function statsText({ total, byDay, byAgent, byLabel }: Figures, { sinceMs, untilMs }: Span): string {
  const span = `${new Date(sinceMs).toISOString().slice(0, 16)}Z to ${new Date(untilMs).toISOString().slice(0, 16)}Z`;
  if (total === null) return `no run ended from ${span}\n`;
  const section = (title: string, rows: readonly StatsRow[], name: (row: StatsRow) => string): string =>
    table(
      [title, 'RUNS', 'SUCCESS', 'P50', 'P95', 'TOKENS', 'COST', 'OTHERWISE'],
      rows.map((row) => [name(row), ...statsCells(row)]),
    );
  return [
    `ended from ${span}\n`,
    section('ALL', [total], () => 'all'),
    section('DAY (UTC)', byDay, dayOf),
    section('AGENT', byAgent, ({ group }) => group),
    section('LABEL', byLabel, ({ group }) => (group === '' ? '(none)' : group)),
  ].join('\n');
}

function dayOf({ startMs }: StatsRow): string {
  return new Date(startMs).toISOString().slice(0, 10);
}
