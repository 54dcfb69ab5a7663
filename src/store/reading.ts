// What every read of the past needs. SQLite answers on the daemon's own thread, so a read over many rows is made of
// slices, each a turn of its own: writes come in between, and so does everything else that the process has to do.
import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

export interface Reading {
  readonly db: Kysely<Tables>;
  readonly trackerId: number;
  /** Not to be called from within a turn. */
  readonly inTurn: <T>(read: () => Promise<T>) => Promise<T>;
}

/** Between two slices: lets timers, sockets and other turns go first. */
export async function betweenSlices(): Promise<void> {
  await setImmediate();
}

/** A caller's mistake, so not a StoreError: what a person sent is checked before. */
export function assertLimit(what: string, limit: number, largest: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= largest) return;
  throw new RangeError(`${what}: limit must be an integer from 1 to ${largest}, not ${limit}`);
}
