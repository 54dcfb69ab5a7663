// Reads a file that an agent may have put there: a plain one, from its beginning, up to a limit. No link is
// followed, and neither a pipe nor a device can make us wait.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode } from './workspace-error.ts';

export interface PlainFile {
  readonly bytes: Buffer;
  /** There was more than the limit. */
  readonly isCut: boolean;
}

/** null when there is nothing at the path. Rejects when it is no plain file or cannot be read. */
export async function readPlainFile(path: string | Buffer, limitBytes: number): Promise<PlainFile | null> {
  let file;
  try {
    // O_NONBLOCK: opening a pipe without it waits for a writer, for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new Error('it is not a plain file');
    const buffer = Buffer.alloc(Math.min(limitBytes, Math.max(found.size, 1)));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { bytes: buffer.subarray(0, filled), isCut: found.size > limitBytes };
  } finally {
    await file.close();
  }
}
