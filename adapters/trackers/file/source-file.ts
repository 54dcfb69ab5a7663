// Reads the file of issues as bytes, together with what the system says about it at that moment. Refuses what is
// not a regular file (a FIFO would block for ever) and what is absurdly large. It does not look at the content.
import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { FileProblem, readProblem } from './file-problem.ts';

export interface Snapshot {
  readonly bytes: Buffer;
  readonly stat: BigIntStats;
}

/** Far above any list that people edit by hand, and below the longest string that Node can hold. */
export const fileLimitBytes = 256 * 1024 * 1024;

/** Somebody writing while we read is met by reading again; after so many times what is there must do. */
const readAttempts = 5;

/** Without it, opening a FIFO waits for a writer. Windows has no such flag and no such files. */
const withoutBlocking = (constants.O_NONBLOCK as number | undefined) ?? 0;

/** Throws FileProblem, or the signal's reason. */
export async function readSnapshot(path: string, signal: AbortSignal): Promise<Snapshot> {
  signal.throwIfAborted();
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | withoutBlocking);
    let before = await handle.stat({ bigint: true });
    for (let attempt = 1; ; attempt += 1) {
      refuseUnreadable(before);
      const bytes = await readBytes(handle, Number(before.size), signal);
      const after = await handle.stat({ bigint: true });
      if (sameVersion(before, after) || attempt === readAttempts) return { bytes, stat: after };
      before = after;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof FileProblem ? error : readProblem(error);
  } finally {
    await handle?.close();
  }
}

/** Whether both describe the same content of the same file, as far as the system can tell. */
export function sameVersion(one: BigIntStats, other: BigIntStats): boolean {
  return (
    one.dev === other.dev &&
    one.ino === other.ino &&
    one.size === other.size &&
    one.mtimeNs === other.mtimeNs &&
    one.ctimeNs === other.ctimeNs
  );
}

function refuseUnreadable(stat: BigIntStats): void {
  if (stat.isDirectory()) {
    throw new FileProblem('tracker_payload_error', 'is a folder; file.path must name a JSON file');
  }
  if (!stat.isFile()) {
    throw new FileProblem('tracker_payload_error', 'is not a regular file; file.path must name a JSON file');
  }
  if (stat.size > BigInt(fileLimitBytes)) {
    const detail = `is larger than ${fileLimitBytes} bytes; move finished issues to another file`;
    throw new FileProblem('tracker_payload_error', detail);
  }
}

async function readBytes(handle: FileHandle, size: number, signal: AbortSignal): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
