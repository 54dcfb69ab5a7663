// The first schema; its picture is at the top of schema.ts. Never edited once released: a change is the
// next migration. STRICT, because a number stored as text would be found only at the next start.
import { sql, type Kysely, type Migration } from 'kysely';

const statements = [
  `create table trackers (
    id integer primary key,
    kind text not null,
    identity text not null,
    opened_at_ms integer not null,
    unique (kind, identity)
  ) strict`,
  `create table issues (
    tracker_id integer not null references trackers (id),
    issue_id text not null,
    identifier text not null,
    identifier_key text not null,
    workspace_path text,
    session_id text,
    session_agent_kind text,
    sessions_used integer not null default 0,
    updated_at_ms integer not null,
    primary key (tracker_id, issue_id)
  ) strict`,
  `create index issues_by_identifier on issues (tracker_id, identifier_key)`,
  `create table runs (
    run_id text primary key,
    tracker_id integer not null references trackers (id),
    issue_id text not null,
    identifier text not null,
    identifier_key text not null,
    title text not null,
    attempt integer not null,
    failures integer not null,
    status text,
    error text not null default '',
    agent_kind text not null,
    session_id text,
    workspace_path text,
    started_at_ms integer not null,
    completed_at_ms integer,
    seconds_running real not null default 0,
    turns integer not null default 0,
    input_tokens integer not null default 0,
    output_tokens integer not null default 0,
    cache_read_tokens integer not null default 0,
    cost_usd real,
    cost_estimated integer not null default 0
  ) strict`,
  // One index for each way to page through history, each ending in the page's order.
  `create index runs_by_start on runs (tracker_id, started_at_ms, run_id) where status is not null`,
  `create index runs_by_identifier on runs (tracker_id, identifier_key, started_at_ms, run_id)`,
  `create index runs_by_status on runs (tracker_id, status, started_at_ms, run_id)
    where status is not null`,
  `create index runs_open on runs (tracker_id, started_at_ms) where status is null`,
  `create table run_processes (
    seq integer primary key,
    run_id text not null references runs (run_id) on delete cascade,
    pid integer not null,
    process_group integer not null,
    start_time text not null,
    unique (run_id, pid, start_time)
  ) strict`,
  `create table retries (
    tracker_id integer not null references trackers (id),
    issue_id text not null,
    identifier text not null,
    title text not null,
    attempt integer not null,
    failures integer not null,
    due_at_ms integer not null,
    retry_trigger text not null,
    error text not null,
    step text not null,
    refusals integer not null,
    look_failures integer not null,
    baseline text,
    primary key (tracker_id, issue_id)
  ) strict`,
  `create table parks (
    tracker_id integer not null references trackers (id),
    issue_id text not null,
    identifier text not null,
    title text not null,
    reason text not null,
    detail text not null,
    parked_at_ms integer not null,
    until_ms integer,
    attempt integer not null,
    failures integer not null,
    baseline text,
    primary key (tracker_id, issue_id)
  ) strict`,
  `create table totals (
    tracker_id integer primary key references trackers (id),
    input_tokens integer not null,
    output_tokens integer not null,
    cache_read_tokens integer not null,
    seconds_running real not null
  ) strict`,
];

export const migration0001: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
