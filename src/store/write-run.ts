// How the facts of a run become rows. Each is safe to apply twice, because a write whose answer was lost is
// sent again; one about a run that is not in the store, or has ended, changes nothing and is no error.
import { sql } from 'kysely';
import type { RunStatus, StoreWrite } from '../contract/store.ts';
import type { RunRow } from './schema.ts';
import {
  costOrNull,
  count,
  foldedText,
  identifierKey,
  integer,
  outsideText,
  realOrNull,
  storedLabels,
} from './storable.ts';
import { rememberIssue, type WriteContext } from './write-issue.ts';

type Write<Kind extends StoreWrite['kind']> = Extract<StoreWrite, { kind: Kind }>;

export async function startRun(context: WriteContext, write: Write<'run_started'>): Promise<void> {
  await rememberIssue(context, write, {});
  await context.db
    .insertInto('runs')
    .values({
      run_id: write.runId,
      tracker_id: context.trackerId,
      issue_id: write.issueId,
      identifier: write.identifier,
      identifier_key: identifierKey(write.identifier),
      title: outsideText(write.title, context.redact),
      attempt: count(write.attempt),
      failures: count(write.failures),
      status: null,
      error: '',
      evidence: '',
      agent_kind: write.agentKind,
      session_id: write.sessionId,
      workspace_path: null,
      started_at_ms: integer(write.startedAtMs),
      completed_at_ms: null,
      seconds_running: 0,
      turns: 0,
      input_tokens: 0,
      output_tokens: 0,
      cache_read_tokens: 0,
      cost_usd: null,
      cost_estimated: 0,
      issue_state: outsideText(write.issueState, context.redact),
      issue_labels: storedLabels(write.issueLabels, context.redact),
      issue_url: outsideText(write.issueUrl, context.redact),
      ordered: write.ordered === true ? 1 : 0,
    })
    .onConflict((conflict) => conflict.column('run_id').doNothing())
    .execute();
}

export async function addProcess(context: WriteContext, write: Write<'run_process'>): Promise<void> {
  const { pid, processGroup, startTime } = write.process;
  await context.db
    .insertInto('run_processes')
    .columns(['run_id', 'pid', 'process_group', 'start_time'])
    .expression((from) =>
      from
        .selectFrom('runs')
        .select((column) => [
          'run_id',
          column.val(integer(pid)).as('pid'),
          column.val(integer(processGroup)).as('process_group'),
          column.val(startTime).as('start_time'),
        ])
        .where('tracker_id', '=', context.trackerId)
        .where('run_id', '=', write.runId)
        .where('status', 'is', null),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function setRunSession(context: WriteContext, write: Write<'run_session'>): Promise<void> {
  await context.db
    .updateTable('runs')
    .set({ session_id: write.sessionId })
    .where('tracker_id', '=', context.trackerId)
    .where('run_id', '=', write.runId)
    .execute();
}

export async function setRunWorkspace(context: WriteContext, write: Write<'run_workspace'>): Promise<void> {
  await context.db
    .updateTable('runs')
    .set({ workspace_path: write.path })
    .where('tracker_id', '=', context.trackerId)
    .where('run_id', '=', write.runId)
    .execute();
}

export async function setRunProgress(context: WriteContext, write: Write<'run_progress'>): Promise<void> {
  await context.db
    .updateTable('runs')
    .set(usageColumns(write))
    .where('tracker_id', '=', context.trackerId)
    .where('run_id', '=', write.runId)
    .where('status', 'is', null)
    .execute();
}

export async function endRun(context: WriteContext, write: Write<'run_ended'>): Promise<void> {
  const secondsRunning = realOrNull(write.secondsRunning) ?? 0;
  const ended = await context.db
    .updateTable('runs')
    .set({
      status: write.status,
      error: outsideText(write.error, context.redact),
      evidence: outsideText(write.evidence, context.redact),
      completed_at_ms: integer(write.completedAtMs),
      seconds_running: secondsRunning,
      ...usageColumns(write),
    })
    .where('tracker_id', '=', context.trackerId)
    .where('run_id', '=', write.runId)
    .where('status', 'is', null)
    .returningAll()
    .executeTakeFirst();
  if (ended === undefined) return;
  await makeSearchable(context, ended, write.status);
  await context.db.deleteFrom('run_processes').where('run_id', '=', write.runId).execute();
  await addToTotals(context, write, secondsRunning);
}

async function makeSearchable({ db }: WriteContext, run: RunRow, status: RunStatus): Promise<void> {
  await db
    .insertInto('run_search')
    .values({
      tracker_id: run.tracker_id,
      started_at_ms: run.started_at_ms,
      run_id: run.run_id,
      status,
      agent_kind: run.agent_kind,
      state_key: foldedText(run.issue_state),
      identifier_key: foldedText(run.identifier),
      title_key: foldedText(run.title),
      error_key: foldedText(run.error),
    })
    .execute();
}

async function addToTotals(context: WriteContext, write: Write<'run_ended'>, seconds: number): Promise<void> {
  const { input_tokens, output_tokens, cache_read_tokens } = usageColumns(write);
  await context.db
    .insertInto('totals')
    .values({
      tracker_id: context.trackerId,
      input_tokens,
      output_tokens,
      cache_read_tokens,
      seconds_running: seconds,
    })
    .onConflict((conflict) =>
      conflict.column('tracker_id').doUpdateSet({
        input_tokens: capped('input_tokens'),
        output_tokens: capped('output_tokens'),
        cache_read_tokens: capped('cache_read_tokens'),
        seconds_running: sql`totals.seconds_running + excluded.seconds_running`,
      }),
    )
    .execute();
}

/** JavaScript reads no larger integer, and refuses the whole row. */
function capped(column: string) {
  const sum = sql`${sql.ref(`totals.${column}`)} + ${sql.ref(`excluded.${column}`)}`;
  return sql<number>`case when ${sum} > ${limit} then ${limit} else ${sum} end`;
}

const limit = sql.lit(Number.MAX_SAFE_INTEGER);

function usageColumns(write: Write<'run_progress' | 'run_ended'>) {
  return {
    turns: count(write.turns),
    input_tokens: count(write.tokens.inputTokens),
    output_tokens: count(write.tokens.outputTokens),
    cache_read_tokens: count(write.tokens.cacheReadTokens),
    cost_usd: costOrNull(write.costUsd),
    cost_estimated: write.costEstimated ? 1 : 0,
  };
}
