// Reads a small file that lies where an agent, or a careless person, may have put anything: a pipe, a device, a
// folder, a file without end. Opening never waits and nothing beyond the limit is held: four reads that wait for
// ever would be the end of every other one in the daemon.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** As UTF-8. Rejects with what is wrong, in words for people, or with the file system's error (`ENOENT`). */
export async function readPlainText(path: string, limitBytes: number): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new Error('it is not a plain file');
    // One byte more than is allowed: the size that a file names need not be its own.
    const bytes = Buffer.alloc(limitBytes + 1);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    if (filled > limitBytes) throw new Error(`it is larger than ${limitBytes} bytes`);
    return bytes.toString('utf8', 0, filled);
  } finally {
    await file.close();
  }
}
