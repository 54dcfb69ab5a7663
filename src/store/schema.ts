// The tables as Kysely sees them. Everything hangs on a tracker's identity, so that a database shared by
// two projects in turn never mixes their issues. Times are integer milliseconds, booleans 0 or 1, and
// `identifier_key` is the identifier in lower case, because SQLite's own NOCASE knows only ASCII.
//
//   trackers 1───* issues                      what is remembered of an issue across its runs
//      │ ├────1 totals                         tokens and seconds of all ended runs
//      │ ├────* retries   (one an issue)       when again
//      │ ├────* parks     (one an issue)       set aside, and why
//      │ ├────* days                           spent on each day (UTC), all issues together
//      │ ├────* quotas    (one an agent kind)  not before then
//      │ ├────* runs 1───* run_processes       status null = open; processes only while it is open
//      │ │           └───1 run_search          what history's filters look at, of ended runs
//      │ ├────1 dispatch                       an operator's word: running, paused or draining
//      │ ├────* operator_actions               every word that was accepted
//      │ ├────* notifications                  due to somebody outside; ids outlive their delivery
//      │ ├────* timeline                       what happened to each issue
//      │ ├────* samples                        the load by the minute, older ones by the hour
//      │ ├────* approvals                      proposals of agents, pending and decided
//      │ ├────* outbox                         writes to the tracker, recorded before they are sent
//      │ └────* audit (chained), audit_start   what agents asked for and what became of it
//
// Issues are the tracker's, not ours: retries, parks and runs name them by id without a foreign key.
import type { Generated } from 'kysely';
import type { BudgetLimit } from '../contract/settings.ts';
import type { ParkReason, RetryStep, RetryTrigger, RunStatus } from '../contract/store.ts';
import type { PastTables } from './schema-past.ts';
import type { ToolTables } from './schema-tools.ts';

export interface Tables extends PastTables, ToolTables {
  trackers: TrackerRow;
  issues: IssueRow;
  runs: RunRow;
  run_processes: RunProcessRow;
  retries: RetryRow;
  parks: ParkRow;
  totals: TotalsRow;
  days: DayRow;
  quotas: QuotaRow;
}

interface TrackerRow {
  id: Generated<number>;
  kind: string;
  identity: string;
  opened_at_ms: number;
}

export interface IssueRow {
  tracker_id: number;
  issue_id: string;
  identifier: string;
  identifier_key: string;
  workspace_path: string | null;
  session_id: string | null;
  session_agent_kind: string | null;
  sessions_used: number;
  updated_at_ms: number;
  spent_input_tokens: number;
  spent_output_tokens: number;
  spent_cache_read_tokens: number;
  spent_cost_usd: number;
  /** These five are null together: nothing is known of a session. */
  session_input_tokens: number | null;
  session_output_tokens: number | null;
  session_cache_read_tokens: number | null;
  session_reported_cost_usd: number | null;
  session_pending_cost_usd: number | null;
  empty_runs: number;
}

export interface RunRow {
  run_id: string;
  tracker_id: number;
  issue_id: string;
  identifier: string;
  identifier_key: string;
  title: string;
  attempt: number;
  failures: number;
  status: RunStatus | null;
  error: string;
  evidence: string;
  agent_kind: string;
  session_id: string | null;
  workspace_path: string | null;
  started_at_ms: number;
  completed_at_ms: number | null;
  seconds_running: number;
  turns: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cost_usd: number | null;
  cost_estimated: number;
  /** As of the dispatch; labels are a JSON array of different texts. */
  issue_state: string;
  issue_labels: string;
  issue_url: string;
  ordered: number;
}

interface RunProcessRow {
  /** The order in which they were started. */
  seq: Generated<number>;
  run_id: string;
  pid: number;
  process_group: number;
  start_time: string;
}

export interface RetryRow {
  tracker_id: number;
  issue_id: string;
  identifier: string;
  title: string;
  attempt: number;
  failures: number;
  due_at_ms: number;
  retry_trigger: RetryTrigger;
  error: string;
  step: RetryStep;
  refusals: number;
  look_failures: number;
  baseline: string | null;
}

export interface ParkRow {
  tracker_id: number;
  issue_id: string;
  identifier: string;
  title: string;
  reason: ParkReason;
  detail: string;
  parked_at_ms: number;
  until_ms: number | null;
  attempt: number;
  failures: number;
  baseline: string | null;
  /** These three are null together. */
  crossed_limit: BudgetLimit | null;
  crossed_allowed: number | null;
  crossed_used: number | null;
}

interface TotalsRow {
  tracker_id: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  seconds_running: number;
}

export interface DayRow {
  tracker_id: number;
  day: string;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cost_usd: number;
}

export interface QuotaRow {
  tracker_id: number;
  agent_kind: string;
  until_ms: number;
  detail: string;
  hits: number;
}
