// The second schema: what issues, sessions and days have spent, runs without evidence, quotas of agents. Never
// edited once released. Rows from before begin at nothing spent: what it was is not known, and a guess could park.
import { sql, type Kysely, type Migration } from 'kysely';

const statements = [
  `alter table issues add column spent_input_tokens integer not null default 0`,
  `alter table issues add column spent_output_tokens integer not null default 0`,
  `alter table issues add column spent_cache_read_tokens integer not null default 0`,
  `alter table issues add column spent_cost_usd real not null default 0`,
  // Of the session: all of them null, or none.
  `alter table issues add column session_input_tokens integer`,
  `alter table issues add column session_output_tokens integer`,
  `alter table issues add column session_cache_read_tokens integer`,
  `alter table issues add column session_reported_cost_usd real`,
  `alter table issues add column session_pending_cost_usd real`,
  `alter table issues add column empty_runs integer not null default 0`,
  `alter table runs add column evidence text not null default ''`,
  // Of the limit that was crossed: all of them null, or none.
  `alter table parks add column crossed_limit text`,
  `alter table parks add column crossed_allowed real`,
  `alter table parks add column crossed_used real`,
  `create table days (
    tracker_id integer not null references trackers (id),
    day text not null,
    input_tokens integer not null,
    output_tokens integer not null,
    cache_read_tokens integer not null,
    cost_usd real not null,
    primary key (tracker_id, day)
  ) strict, without rowid`,
  `create table quotas (
    tracker_id integer not null references trackers (id),
    agent_kind text not null,
    until_ms integer not null,
    detail text not null,
    hits integer not null,
    primary key (tracker_id, agent_kind)
  ) strict, without rowid`,
];

export const migration0002: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
