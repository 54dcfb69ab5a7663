// Whether every write of the outbox has its entry in the log. Rows and their `write_recorded` entries are made together
// and in one order, so rows may lack theirs only before the first that was kept, when older ones were forgotten. Counts,
// a page of entries at a time, and holds on to none.
import type { AuditHead } from '../contract/audit.ts';
import type { Reading } from './reading.ts';

export class AuditedWrites {
  readonly #reading: Reading;
  /** null = not known yet: some were forgotten. */
  #from: number | null = null;
  /** What comes after is being written while we look. */
  #upTo = 0;
  #found = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Before the entries are read, each time. */
  async begin(start: AuditHead): Promise<void> {
    const { db, trackerId, inTurn } = this.#reading;
    const newest = await inTurn(() =>
      db
        .selectFrom('outbox')
        .select(({ fn }) => fn.max('seq').as('seq'))
        .where('tracker_id', '=', trackerId)
        .executeTakeFirst(),
    );
    this.#upTo = Number(newest?.seq ?? 0);
    this.#from = start.seq === 0 ? 0 : null;
    this.#found = 0;
  }

  /** The writes of some `write_recorded` entries, in order. */
  async take(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { db, trackerId, inTurn } = this.#reading;
    const row = await inTurn(() =>
      db
        .selectFrom('outbox')
        .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('seq').as('first')])
        .where('tracker_id', '=', trackerId)
        .where('id', 'in', ids)
        .where('seq', '<=', this.#upTo)
        .executeTakeFirst(),
    );
    const count = Number(row?.count ?? 0);
    if (count === 0) return;
    this.#from ??= Number(row?.first ?? 0);
    this.#found += count;
  }

  /** One line; null = none lacks its entry. */
  async problem(): Promise<string | null> {
    const from = this.#from;
    if (from === null) return null;
    const { db, trackerId, inTurn } = this.#reading;
    const row = await inTurn(() =>
      db
        .selectFrom('outbox')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('tracker_id', '=', trackerId)
        .where('seq', '>=', from)
        .where('seq', '<=', this.#upTo)
        .executeTakeFirst(),
    );
    const lacking = Number(row?.count ?? 0) - this.#found;
    if (lacking <= 0) return null;
    const what = lacking === 1 ? 'a write of the outbox has' : `${lacking} writes of the outbox have`;
    return `${what} no entry in the log, which has one of each`;
  }
}
