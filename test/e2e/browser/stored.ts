// What the database holds, read past all of our own code but the driver: what the page shows is compared with this.

import { loadSqlite } from '../../../src/store/sqlite-module.ts';
import type { Folder } from '../program.ts';

export interface StoredRun {
  readonly run_id: string;
  readonly identifier: string;
  readonly attempt: number;
  readonly status: string;
  readonly agent_kind: string;
  readonly turns: number;
  readonly started_at_ms: number;
  readonly completed_at_ms: number;
  readonly seconds_running: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number | null;
  readonly cost_estimated: number;
}

export interface StoredDay {
  readonly day: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number;
}

export interface StoredSample {
  readonly start_ms: number;
  readonly minutes: number;
  readonly running: number;
  readonly retrying: number;
  readonly parked: number;
  readonly waiting: number;
  readonly tracker_requests: number;
  readonly tracker_errors: number;
  readonly polls: number;
  readonly poll_seconds: number;
  readonly poll_seconds_max: number;
}

export interface Stored {
  /** Ended, newest first by start. */
  readonly runs: readonly StoredRun[];
  readonly openRuns: number;
  readonly retries: number;
  readonly parks: number;
  readonly days: readonly StoredDay[];
  /** Oldest first. */
  readonly samples: readonly StoredSample[];
}

/** A daemon may own the database meanwhile. */
export async function readStored(folder: Folder): Promise<Stored> {
  const database = (await loadSqlite())(folder.file('.sortie.db'), { readOnly: true });
  const all = (sql: string): unknown[] => database.prepare(sql).all();
  const count = (from: string): number => (all(`select count(*) as n from ${from}`)[0] as { n: number }).n;
  try {
    return {
      runs: all(
        'select * from runs where status is not null order by started_at_ms desc, run_id desc',
      ) as StoredRun[],
      openRuns: count('runs where status is null'),
      retries: count('retries'),
      parks: count('parks'),
      days: all('select * from days order by day') as StoredDay[],
      samples: all('select * from samples order by start_ms') as StoredSample[],
    };
  } finally {
    database.close();
  }
}
