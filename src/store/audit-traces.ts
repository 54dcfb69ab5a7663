// What a database shows of its audit log without the entries: that there was one, and that its tables and the triggers
// which guard them are as the schema made them. Who takes entries out must take those triggers out first.
import { sql } from 'kysely';
import type { AuditTraces } from '../contract/audit.ts';
import { auditGuards } from './migration-0004.ts';
import type { Reading } from './reading.ts';

const tables = ['audit', 'audit_start', 'outbox', 'approvals'];
const guarded = ['audit', 'audit_start'];
const guards = new Map(auditGuards.map((text) => [nameOf(text), plain(text)]));

interface Made {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}

export async function readAuditTraces({ db, trackerId, inTurn }: Reading): Promise<AuditTraces> {
  const { rows: made } = await inTurn(() =>
    sql<Made>`select type, name, tbl_name, sql from sqlite_master`.execute(db),
  );
  const there = new Set(made.filter(({ type }) => type === 'table').map(({ name }) => name));
  const lacking = tables.filter((name) => !there.has(name));
  if (lacking.length > 0) {
    const gone = `the database has no table ${lacking.join(', ')} any more`;
    return { isBegun: true, gone, unguarded: null };
  }
  const { rows } = await inTurn(() =>
    sql<{ found: number }>`
      select exists (select 1 from audit_start where tracker_id = ${trackerId})
        or exists (select 1 from audit where tracker_id = ${trackerId})
        or exists (select 1 from outbox where tracker_id = ${trackerId})
        or exists (select 1 from approvals where tracker_id = ${trackerId}) as found`.execute(db),
  );
  return { isBegun: rows[0]?.found === 1, gone: null, unguarded: unguarded(made) };
}

function unguarded(made: readonly Made[]): string | null {
  const triggers = new Map(
    made
      .filter(({ type, tbl_name: table }) => type === 'trigger' && guarded.includes(table))
      .map((one) => [one.name, one]),
  );
  const said = [
    ...[...guards].flatMap(([name, text]) => {
      const found = triggers.get(name);
      if (found === undefined) return [`${name} is gone`];
      return plain(found.sql ?? '') === text ? [] : [`${name} was changed`];
    }),
    ...[...triggers.keys()].filter((name) => !guards.has(name)).map((name) => `${name} is not ours`),
  ];
  return said.length === 0
    ? null
    : `the triggers that guard the log are not as they were made: ${said.join(', ')}`;
}

function nameOf(text: string): string {
  return text.split(/\s+/u)[2] ?? '';
}

function plain(text: string): string {
  return text.replace(/\s+/gu, ' ').trim().toLowerCase();
}
