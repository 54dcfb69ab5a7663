// Everything that recovery needs, read in one transaction so that it is of one moment. Issues of which
// nothing is remembered any more (no workspace, no session, nothing used or spent) are left out: there is one
// for each issue ever worked on.
import type { Kysely } from 'kysely';
import type { ProcessIdentity } from '../contract/agent.ts';
import type { StoredState } from '../contract/store.ts';
import type { Tables } from './schema.ts';
import {
  storedDay,
  storedDispatch,
  storedIssue,
  storedOpenRun,
  storedPark,
  storedQuota,
  storedRetry,
  tokensOf,
} from './stored-rows.ts';

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
        is('empty_runs', '>', 0),
        is('spent_input_tokens', '>', 0),
        is('spent_output_tokens', '>', 0),
        is('spent_cache_read_tokens', '>', 0),
        is('spent_cost_usd', '>', 0),
      ]),
    )
    .orderBy('issue_id')
    .execute();
  const totals = await db
    .selectFrom('totals')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .executeTakeFirst();
  const quotas = await db
    .selectFrom('quotas')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .orderBy('agent_kind')
    .execute();
  const day = await db
    .selectFrom('days')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst();
  const dispatch = await db
    .selectFrom('dispatch')
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
      ...tokensOf(totals ?? { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0 }),
      secondsRunning: totals?.seconds_running ?? 0,
    },
    quotas: quotas.map(storedQuota),
    day: day ? storedDay(day) : null,
    dispatch: dispatch ? storedDispatch(dispatch) : null,
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
