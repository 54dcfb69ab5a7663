// The fifth schema: writes are found by the run that asked for them, so that an issue's page lists what its runs wrote to
// other issues too. Never edited once released.
import { sql, type Kysely, type Migration } from 'kysely';

export const migration0005: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql
      .raw('create index outbox_by_run on outbox (tracker_id, run_id) where run_id is not null')
      .execute(db);
  },
};
