// The fourth schema: what agents' tools keep: proposals, the outbox, the audit. Never edited once released. An audit row
// has nothing but its place, its line and its hash, so that there is nothing in it that the chain does not hold.
import { sql, type Kysely, type Migration } from 'kysely';

const statements = [
  // place_ms orders a list: requested at while pending, decided at from then on.
  `create table approvals (
    tracker_id integer not null references trackers (id),
    id text not null,
    action text not null,
    summary text not null,
    details text not null,
    before text,
    status text not null,
    decider_group text not null,
    rule text not null,
    run_id text not null,
    issue_id text not null,
    identifier text not null,
    identifier_key text not null,
    target_identifier text not null,
    requested_at_ms integer not null,
    expires_at_ms integer not null,
    decided_by text not null,
    decided_at_ms integer,
    modified_details text,
    decision_note text not null,
    result text,
    told_run_id text,
    resolved text,
    place_ms integer not null,
    primary key (tracker_id, id)
  ) strict`,
  `create index approvals_by_status on approvals (tracker_id, status, place_ms, id)`,
  `create index approvals_by_place on approvals (tracker_id, place_ms, id)`,
  `create index approvals_by_identifier on approvals (tracker_id, identifier_key, place_ms, id)`,
  `create index approvals_by_run on approvals (tracker_id, run_id, place_ms, id)`,
  `create index approvals_untold on approvals (tracker_id, issue_id, place_ms, id) where told_run_id is null`,
  // Each index ends in seq by itself: it is the rowid.
  `create table outbox (
    seq integer primary key,
    tracker_id integer not null references trackers (id),
    id text not null,
    lane text not null,
    origin text not null,
    run_id text,
    issue_id text not null,
    identifier text not null,
    identifier_key text not null,
    approval_id text,
    write text not null,
    before text,
    status text not null,
    tries integer not null,
    requested_at_ms integer not null,
    sent_at_ms integer,
    due_at_ms integer,
    ended_at_ms integer,
    detail text not null,
    result text,
    unique (tracker_id, id)
  ) strict`,
  `create index outbox_by_status on outbox (tracker_id, status)`,
  `create index outbox_in_order on outbox (tracker_id)`,
  `create index outbox_by_identifier on outbox (tracker_id, identifier_key)`,
  `create index outbox_by_end on outbox (tracker_id, ended_at_ms) where ended_at_ms is not null`,
  `create index outbox_by_approval on outbox (tracker_id, approval_id) where approval_id is not null`,
  `create table audit (
    tracker_id integer not null references trackers (id),
    seq integer not null,
    line text not null,
    hash text not null,
    primary key (tracker_id, seq)
  ) strict`,
  // The last entry that was forgotten; no row = none was.
  `create table audit_start (
    tracker_id integer primary key references trackers (id),
    seq integer not null,
    hash text not null
  ) strict`,
];

// These stop accidents. Who may write the file may drop them, and is found out by the chain and its head.
export const auditGuards: readonly string[] = [
  `create trigger audit_only_grows before insert on audit
    when new.seq <> 1 + coalesce(
      (select max(seq) from audit where tracker_id = new.tracker_id),
      (select seq from audit_start where tracker_id = new.tracker_id), 0)
    begin select raise(abort, 'audit entries are only ever added at the end'); end`,
  `create trigger audit_never_changes before update on audit
    begin select raise(abort, 'audit entries are never changed'); end`,
  `create trigger audit_keeps before delete on audit
    when old.seq > coalesce((select seq from audit_start where tracker_id = old.tracker_id), 0)
    begin select raise(abort, 'audit entries are removed only behind a checkpoint'); end`,
  `create trigger audit_start_only_rises before update on audit_start
    when new.tracker_id <> old.tracker_id or new.seq <= old.seq
    begin select raise(abort, 'the start of the audit only ever rises'); end`,
  `create trigger audit_start_keeps before delete on audit_start
    begin select raise(abort, 'the start of the audit is never removed'); end`,
];

export const migration0004: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...statements, ...auditGuards]) await sql.raw(statement).execute(db);
  },
};
