// Transcripts share a disk with the database, which must never be the one that finds it full: they stop while little is
// left. Asked for at most every few seconds, however many runs write.

import { statfs } from 'node:fs/promises';

const LEAST_BYTES = 64 * 1024 * 1024;
const KNOWN_FOR_MS = 2_000;

/** Free bytes at a path; null where the system does not say. */
export type FreeBytes = (folder: string) => Promise<number | null>;

/** Rejects, with the figure, while too little is free. A disk that cannot be asked is not held against anybody. */
export type RoomCheck = () => Promise<void>;

export function createRoomCheck(folder: string, freeBytes: FreeBytes = askSystem): RoomCheck {
  let asked: Promise<number | null> | null = null;
  let askedMs = -Infinity;
  return async () => {
    if (asked === null || performance.now() - askedMs > KNOWN_FOR_MS) {
      askedMs = performance.now();
      asked = freeBytes(folder).catch(() => null);
    }
    const free = await asked;
    if (free === null || free >= LEAST_BYTES) return;
    throw new Error(
      `${Math.floor(free / 1e6)} MB are free at ${folder}; transcripts go on when there are 67`,
    );
  };
}

async function askSystem(folder: string): Promise<number | null> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
