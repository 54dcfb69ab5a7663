// Which run ids are of this database, whichever tracker they were for.
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** Asked about more ids than SQLite binds at once, the question is split. */
const idsPerQuestion = 500;

export async function readKnownRunIds(db: Kysely<Tables>, runIds: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let start = 0; start < runIds.length; start += idsPerQuestion) {
    const some = runIds.slice(start, start + idsPerQuestion);
    const rows = await db.selectFrom('runs').select('run_id').where('run_id', 'in', some).execute();
    for (const { run_id } of rows) known.add(run_id);
  }
  return known;
}
