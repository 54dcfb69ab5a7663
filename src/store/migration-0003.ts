// The third schema: what operators said, what people are told and shown of the past. Never edited once released.
// Runs from before get no state, labels or address: they were never known. What history searches is made for them.
import { sql, type Kysely, type Migration } from 'kysely';
import { foldedText } from './storable.ts';

const statements = [
  `alter table runs add column issue_state text not null default ''`,
  `alter table runs add column issue_labels text not null default '[]'`,
  `alter table runs add column issue_url text not null default ''`,
  `alter table runs add column ordered integer not null default 0`,
  // Every figure of the statistics, so that a year of runs is read without touching their rows.
  `create index runs_by_end on runs (tracker_id, completed_at_ms, status, agent_kind, seconds_running,
    input_tokens, output_tokens, cache_read_tokens, cost_usd, cost_estimated, issue_labels)
    where status is not null`,
  // The ended runs once more, in the order of history and with nothing but what a filter looks at: SQLite folds
  // only ASCII by itself, and a walk through these few bytes takes a tenth of one through the runs.
  `create table run_search (
    tracker_id integer not null references trackers (id),
    started_at_ms integer not null,
    run_id text not null,
    status text not null,
    agent_kind text not null,
    state_key text not null,
    identifier_key text not null,
    title_key text not null,
    error_key text not null,
    primary key (tracker_id, started_at_ms, run_id)
  ) strict, without rowid`,
  `create table dispatch (
    tracker_id integer primary key references trackers (id),
    mode text not null,
    said_by text not null,
    reason text not null,
    since_ms integer not null
  ) strict`,
  `create table operator_actions (
    seq integer primary key,
    tracker_id integer not null references trackers (id),
    at_ms integer not null,
    control text not null,
    issue_id text,
    identifier text,
    said_by text not null,
    reason text not null
  ) strict`,
  `create index operator_actions_newest on operator_actions (tracker_id, seq)`,
  // A write whose answer was lost is sent again. SQLite takes two nulls for different.
  `create unique index operator_actions_once on operator_actions
    (tracker_id, at_ms, control, coalesce(issue_id, ''), said_by, reason)`,
  // due_at_ms null = delivered or given up, and then ended_at_ms says when: only the id is still needed.
  `create table notifications (
    seq integer primary key,
    tracker_id integer not null references trackers (id),
    id text not null,
    destination text not null,
    event text not null,
    at_ms integer not null,
    summary text not null,
    detail text not null,
    issue_id text,
    identifier text,
    title text,
    issue_url text not null,
    run_id text,
    code text not null,
    failures integer not null,
    due_at_ms integer,
    last_error text not null,
    ended_at_ms integer,
    unique (tracker_id, id)
  ) strict`,
  `create index notifications_due on notifications (tracker_id, due_at_ms) where due_at_ms is not null`,
  `create index notifications_ended on notifications (tracker_id, ended_at_ms) where ended_at_ms is not null`,
  `create table timeline (
    seq integer primary key,
    tracker_id integer not null references trackers (id),
    issue_id text not null,
    at_ms integer not null,
    identifier text not null,
    run_id text,
    attempt integer,
    kind text not null,
    name text not null,
    detail text not null,
    duration_ms integer,
    ok integer
  ) strict`,
  `create index timeline_by_issue on timeline (tracker_id, issue_id, seq)`,
  // Everything but the longest poll is a sum, gauges too (each minute adds its value), so rows merge by adding.
  `create table samples (
    tracker_id integer not null references trackers (id),
    span_ms integer not null,
    start_ms integer not null,
    minutes real not null,
    running real not null,
    retrying real not null,
    parked real not null,
    waiting real not null,
    tracker_requests real not null,
    tracker_errors real not null,
    polls real not null,
    poll_seconds real not null,
    poll_seconds_max real not null,
    primary key (tracker_id, span_ms, start_ms)
  ) strict, without rowid`,
];

/** Nine values each: far fewer than SQLite binds at once. */
const runsPerInsert = 500;

export const migration0003: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
    await fillSearch(db);
  },
};

interface EndedRun {
  place: number;
  tracker_id: number;
  started_at_ms: number;
  run_id: string;
  status: string;
  agent_kind: string;
  identifier_key: string;
  title: string;
  error: string;
}

async function fillSearch(db: Kysely<unknown>): Promise<void> {
  let after = -1;
  for (;;) {
    const { rows } = await sql<EndedRun>`
      select rowid as place, tracker_id, started_at_ms, run_id, status, agent_kind, identifier_key, title, error
      from runs where status is not null and rowid > ${after} order by rowid limit ${runsPerInsert}`.execute(
      db,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    const values = rows.map(
      (run) => sql`(${run.tracker_id}, ${run.started_at_ms}, ${run.run_id}, ${run.status}, ${run.agent_kind},
        '', ${foldedText(run.identifier_key)}, ${foldedText(run.title)}, ${foldedText(run.error)})`,
    );
    await sql`insert into run_search values ${sql.join(values)}`.execute(db);
    after = last.place;
  }
}
