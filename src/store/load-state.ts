// Everything that recovery needs, read in one transaction so that it is of one moment. Issues of which
// nothing is remembered any more (no workspace, no session, no sessions used) are left out: there is one
// for each issue ever worked on.
import type { Kysely } from 'kysely';
import type { ProcessIdentity } from '../contract/agent.ts';
import type { StoredIssue, StoredState } from '../contract/store.ts';
import type { IssueRow, ParkRow, RetryRow, RunRow, Tables } from './schema.ts';

export async function loadState(db: Kysely<Tables>, trackerId: number): Promise<StoredState> {
  const retries = await db
    .selectFrom('retries')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .orderBy('due_at_ms')
    .orderBy('issue_id')
    .execute();
  const parks = await db
    .selectFrom('parks')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .orderBy('parked_at_ms')
    .orderBy('issue_id')
    .execute();
  const runs = await db
    .selectFrom('runs')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .where('status', 'is', null)
    .orderBy('started_at_ms')
    .orderBy('run_id')
    .execute();
  const issues = await db
    .selectFrom('issues')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .where((is) =>
      is.or([
        is('workspace_path', 'is not', null),
        is('session_id', 'is not', null),
        is('sessions_used', '>', 0),
      ]),
    )
    .orderBy('issue_id')
    .execute();
  const totals = await db
    .selectFrom('totals')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .executeTakeFirst();
  const processes = await loadProcesses(db, trackerId);
  return {
    retries: retries.map(storedRetry),
    parks: parks.map(storedPark),
    openRuns: runs.map((run) => storedOpenRun(run, processes.get(run.run_id) ?? [])),
    issues: issues.map(storedIssue),
    totals: {
      inputTokens: totals?.input_tokens ?? 0,
      outputTokens: totals?.output_tokens ?? 0,
      cacheReadTokens: totals?.cache_read_tokens ?? 0,
      secondsRunning: totals?.seconds_running ?? 0,
    },
  };
}

async function loadProcesses(db: Kysely<Tables>, trackerId: number): Promise<Map<string, ProcessIdentity[]>> {
  const rows = await db
    .selectFrom('run_processes')
    .innerJoin('runs', 'runs.run_id', 'run_processes.run_id')
    .select(['run_processes.run_id', 'pid', 'process_group', 'start_time'])
    .where('runs.tracker_id', '=', trackerId)
    .where('runs.status', 'is', null)
    .orderBy('seq')
    .execute();
  const byRun = new Map<string, ProcessIdentity[]>();
  for (const row of rows) {
    const known = byRun.get(row.run_id) ?? [];
    known.push({ pid: row.pid, processGroup: row.process_group, startTime: row.start_time });
    byRun.set(row.run_id, known);
  }
  return byRun;
}

export function storedIssue(row: IssueRow): StoredIssue {
  return {
    issueId: row.issue_id,
    identifier: row.identifier,
    workspacePath: row.workspace_path,
    sessionId: row.session_id,
    sessionAgentKind: row.session_agent_kind,
    sessionsUsed: row.sessions_used,
  };
}

function storedRetry(row: RetryRow): StoredState['retries'][number] {
  return {
    issueId: row.issue_id,
    identifier: row.identifier,
    title: row.title,
    attempt: row.attempt,
    failures: row.failures,
    dueAtMs: row.due_at_ms,
    trigger: row.retry_trigger,
    error: row.error,
    step: row.step,
    refusals: row.refusals,
    lookFailures: row.look_failures,
    baseline: row.baseline,
  };
}

function storedPark(row: ParkRow): StoredState['parks'][number] {
  return {
    issueId: row.issue_id,
    identifier: row.identifier,
    title: row.title,
    reason: row.reason,
    detail: row.detail,
    parkedAtMs: row.parked_at_ms,
    untilMs: row.until_ms,
    attempt: row.attempt,
    failures: row.failures,
    baseline: row.baseline,
  };
}

function storedOpenRun(row: RunRow, processes: ProcessIdentity[]): StoredState['openRuns'][number] {
  return {
    runId: row.run_id,
    issueId: row.issue_id,
    identifier: row.identifier,
    title: row.title,
    attempt: row.attempt,
    failures: row.failures,
    processes,
    startedAtMs: row.started_at_ms,
    turns: row.turns,
    tokens: {
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      cacheReadTokens: row.cache_read_tokens,
    },
    costUsd: row.cost_usd,
    costEstimated: row.cost_estimated !== 0,
  };
}
